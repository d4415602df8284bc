"""One change at the desk on record: its journal entry, and the number that tells readers something changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Model

from lantian.site.journal.services import write
from lantian.site.people.models import User
from lantian.site.year import revision

ROOM = "desk"


def record(
    action: str,
    subject: Model,
    *,
    by: User,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    note: str = "",
) -> None:
    """Writes the journal entry of a change and counts it; called inside the change's transaction."""
    write(action, subject, by=by, now=now, before=before, after=after, note=note)
    revision.raise_number(ROOM)
