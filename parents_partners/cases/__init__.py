"""The family's case: what the programme knows, as against what a referral says."""
