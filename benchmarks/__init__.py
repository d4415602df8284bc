"""Speed figures behind ``make bench``: each against a limit or a peer measured in the same run."""
