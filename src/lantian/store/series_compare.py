"""Where imported city days and those computed here print differently."""

from __future__ import annotations

import sqlite3
from datetime import date

from lantian.air.item import ITEMS

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
