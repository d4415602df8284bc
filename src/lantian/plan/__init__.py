"""The plan: documents read into the four kinds (read), facts turned into states (state)."""
