"""States of a plan's items: pure functions of (facts, as_of). ``as_of`` counts through the end of that Beijing date."""
