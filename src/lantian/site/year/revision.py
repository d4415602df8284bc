"""Numbers that change with each write to a room of people's data, so that what was computed from it can be kept."""

from __future__ import annotations

from django.db.models import F

from lantian.site.year.models import Revision


def current(room: str) -> int:
    """Number of the last write to a room; 0 before the first."""
    return Revision.objects.filter(room=room).values_list("number", flat=True).first() or 0


def raise_number(room: str) -> None:
    """Counts one write; called inside its transaction."""
    if not Revision.objects.filter(room=room).update(number=F("number") + 1):
        Revision.objects.create(room=room, number=1)
