"""People who sign in, their organisation, their unit and their role."""
