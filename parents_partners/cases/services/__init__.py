"""The verbs of a family's case, one room a family of verbs."""
