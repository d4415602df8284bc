"""Days in addresses of the desk."""

from __future__ import annotations

from datetime import date

from django.http import Http404

FIRST_YEAR, LAST_YEAR = 1990, 2100  # far enough that a week or a year beside a day is a date too


def day_or_404(text: str) -> date:
    """The day of an address (2025-10-15).

    Errors  Http404 for what is no day, or none the desk could ever know
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Http404(f"not a date: {text}") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Http404(f"not a day of the desk: {day}")
    return day
