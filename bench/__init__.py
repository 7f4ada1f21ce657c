"""How fast the busy pages are, beside a floor that does nothing but show the same: README.md."""
