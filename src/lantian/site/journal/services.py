"""Writing the journal; called inside the transaction of the change it tells of."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from lantian.site import configured
from lantian.site.journal.models import Entry

if TYPE_CHECKING:
    from lantian.site.people.models import User

ACTIONS = {
    "people.invited": "生成一次性链接",
    "people.link_used": "使用一次性链接",
    "people.link_voided": "作废一次性链接",
    "people.created": "建立用户",
    "people.changed": "更改用户",
    "people.password_changed": "更改密码",
}


def register(actions: dict[str, str]) -> None:
    """Adds a desk's dotted action names with their Chinese words; called once, beside the desk's services."""
    ACTIONS.update(actions)


def write(
    action: str,
    subject: Model | str,
    *,
    by: User | None,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    note: str = "",
) -> Entry:
    """The entry written.

    Errors  KeyError where the action has no Chinese words
    """
    if action not in ACTIONS:
        raise KeyError(f"unknown journal action {action!r}")
    entry = Entry(
        at=now,
        by=by,
        action=action,
        subject=_subject(subject),
        region=configured.plan().region,
        before=_plain(before or {}),
        after=_plain(after or {}),
        note=note,
    )
    entry.save()
    return entry


def _subject(subject: Model | str) -> str:
    if isinstance(subject, str):
        return subject
    return f"{subject._meta.label_lower}:{subject.pk} {subject}"[:200]


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Values as JSON can hold them; decimals and dates by their text."""
    return {key: str(value) if isinstance(value, Decimal | date | datetime) else value for key, value in values.items()}
