"""The plan this installation runs: the one shown at ``/``."""

from __future__ import annotations

from django.conf import settings

from lantian import rulebook
from lantian.rulebook import Plan


def plan() -> Plan:
    """The configured plan (``LANTIAN_PLAN``)."""
    return rulebook.plan(settings.PLAN, settings.DATA)
