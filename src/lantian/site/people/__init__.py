"""People: who works here, in which role, for which body or county."""
