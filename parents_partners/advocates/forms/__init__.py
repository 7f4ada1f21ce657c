"""Fields and wording of the pages about routing and supporting."""
