"""The items of a city day as a page shows them: as they came, as printed, their sub-indices."""

from __future__ import annotations

from dataclasses import dataclass

from lantian.air.item import ITEMS, PRINTED, SCALE
from lantian.basis.exact import plain_text
from lantian.store.air import CityDay
from lantian.work.duty import symbol


@dataclass(frozen=True, slots=True)
class DayItem:
    """One item of a day: as it came, as printed, its sub-index."""

    name: str
    unit: str
    raw: str | None
    printed: str | None
    iaqi: int | None


def day_items(row: CityDay) -> list[DayItem]:
    """The items of a day in the order of the standard."""
    return [
        DayItem(
            PRINTED[item], symbol(item), given_text(row.values.get(item)), row.printed.get(item), row.iaqi.get(item)
        )
        for item in ITEMS
    ]


def given_text(value: int | None) -> str | None:
    """A value as it came, without the zeros its scale adds; None where it is missing."""
    return None if value is None else plain_text(value, SCALE)
