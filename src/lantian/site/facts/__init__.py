"""Facts: what a person enters about an item of the plan, with evidence."""
