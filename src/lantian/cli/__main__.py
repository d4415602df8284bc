"""``python -m lantian.cli``."""

from lantian.cli import main

main()
