"""Journal: what a person changed; entries are written once and never edited."""
