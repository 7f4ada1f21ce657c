"""Family Specialists: who they are, which families they carry, and what they do with them."""
