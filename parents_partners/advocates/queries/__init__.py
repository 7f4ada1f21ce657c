"""Every SELECT of the pages about routing and supporting, scoped by viewer."""
