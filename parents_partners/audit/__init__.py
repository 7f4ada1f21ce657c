"""Who did what, and who read what: rows that are only ever added."""
