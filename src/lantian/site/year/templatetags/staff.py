"""Filters of the staff pages: names by id, numbers and units as they are printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import template

from lantian.site.journal.services import ACTIONS
from lantian.site.year import overview
from lantian.site.year.selectors import plain
from lantian.work.air_now import hour_words

register = template.Library()


@register.filter
def named(key: Any, names: Mapping[Any, str]) -> str:
    """The name of an id; an unknown id is shown as it is."""
    return names.get(key, str(key))


@register.filter
def all_named(keys: Iterable[Any], names: Mapping[Any, str]) -> str:
    """Names of several ids, joined."""
    return "、".join(names.get(key, str(key)) for key in keys)


@register.filter
def number(value: Decimal | None) -> str:
    """A number without trailing zeros, − for negative ones; nothing for None."""
    return "" if value is None else format(plain(value), "f").replace("-", "−")


@register.filter
def unit(value: str | None) -> str:
    """A unit as it is printed."""
    return overview.unit_words(value)


@register.filter
def limit(row: Any) -> str:
    """Comparator, value and unit of a row in one piece."""
    return overview.limit_words(row.comparator, row.value, row.unit)


@register.filter
def stamp(text: str | None) -> str:
    """A kept instant (2025-10-16T08:00:00+08:00) to the minute, as people write it."""
    return (text or "")[:16].replace("T", " ")


@register.filter
def hour_end(time: datetime | None) -> str:
    """An hour by its end; the last of a day is its 24:00."""
    return hour_words(time) if time else ""


@register.filter
def acted(action: str) -> str:
    """Chinese words of a journal action."""
    return ACTIONS.get(action, action)
