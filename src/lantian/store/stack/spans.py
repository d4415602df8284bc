"""When there are data of the stacks: hours and bounds, told by the index and the manifest without opening any data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from lantian.store.stack import lake, stack_file
from lantian.store.stack.record_rows import start_of

_HOUR = timedelta(hours=1)


def hours_with_data(data: Path, first: datetime, until: datetime) -> Iterator[datetime]:
    """Starts of the hours (Beijing) of [first, until) that may hold records, in order."""
    with stack_file.reading(data) as database:
        if database is None:
            return
        files = lake.listed(database, first=first, until=until)
        spans = [(_parsed(one.first_start), _parsed(one.last_start)) for one in files]
        inbox = database.execute(
            "SELECT min(data_time), max(data_time) FROM frame WHERE data_time >= ? AND data_time < ?",
            (f"{first:%Y%m%d%H%M%S}", f"{until:%Y%m%d%H%M%S}"),
        ).fetchone()
        hour = first.replace(minute=0, second=0, microsecond=0)
        if inbox[0]:
            least, most = start_of(inbox[0]), start_of(inbox[1])
            spans.append((least or first, most or until))
        while hour < until:
            if any(low < hour + _HOUR and high >= hour for low, high in spans):
                yield hour
                hour += _HOUR
            else:
                later = [low for low, _ in spans if low >= hour + _HOUR]
                if not later:
                    return
                hour = min(later).replace(minute=0, second=0, microsecond=0)


def _parsed(text: str) -> datetime:
    return datetime.fromisoformat(text)
