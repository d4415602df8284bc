"""Where imported city days and those computed here print differently."""

from __future__ import annotations

import sqlite3
from datetime import date

from lantian.air.item import ITEMS
from lantian.basis.finding import Finding, Place, Severity, Text

_NAMED = 5

_DIFFERENT = " OR ".join(f"t.{item}_printed IS NOT c.{item}_printed" for item in ITEMS)


def differing(
    database: sqlite3.Connection, values: str, *, batch: int | None = None, city: str | None = None
) -> list[tuple[str, date]]:
    """City and day of each such day, of those a batch wrote or of one city where named."""
    query = (
        "SELECT t.city, t.date FROM derived_day t JOIN derived_day c ON c.city = t.city AND c.date = t.date "  # noqa: S608 - built from constants
        "AND c.kind = t.kind AND c.source = 'hours' WHERE t.source = 'table' AND t.kind = ?1 "
        "AND (?2 IS NULL OR t.city = ?2) AND (?3 IS NULL OR EXISTS (SELECT 1 FROM raw_day r WHERE r.city = t.city "
        "AND r.date = t.date AND r.kind = t.kind AND r.source IN ('table', 'hours') AND r.batch = ?3)) "
        f"AND ({_DIFFERENT}) ORDER BY t.city, t.date"
    )
    return [(name, date.fromisoformat(day)) for name, day in database.execute(query, (values, city, batch))]


def difference_notes(database: sqlite3.Connection, values: str, batch: int) -> list[Finding]:
    """A note where a batch made imported city days and those computed here print differently."""
    found = differing(database, values, batch=batch)
    if not found:
        return []
    shown = "、".join(f"{city} {day}" for city, day in found[:_NAMED]) + ("等" if found[_NAMED:] else "")
    text = Text(
        f"{len(found)} 天导入的城市日值与由站点数据算出的不同（{shown}）。页面采用导入的日值，两者并列可查",
        f"{len(found)} imported city days differ from those computed of stations ({shown}); the imported ones are shown",
    )
    return [Finding("AIR-DAY-DIFFERS", Severity.WARNING, text, Place())]
