"""What stacks sent, judged and kept: ``stack.sqlite`` (inbox, manifest), ``lake/stack/``, ``referee.sqlite``, the register as published."""
