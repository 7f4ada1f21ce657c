"""The referral: what somebody said on a day, and what was decided about it."""
