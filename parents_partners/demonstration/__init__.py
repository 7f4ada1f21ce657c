"""Invented people and families, loaded through the same services as real work."""
