"""Intake: files and pasted tables on their way in, plans on their way to being finished."""
