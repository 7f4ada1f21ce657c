"""What comes in: the online form of a referral, kept as a draft until it is submitted, and the
calls to the helpline."""
