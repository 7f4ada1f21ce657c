"""The verbs of routing and supporting, one room a family of verbs."""
