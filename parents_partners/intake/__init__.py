"""How a referral comes in: the online form, kept as a draft until it is submitted."""
