"""Nightly upkeep of the lake of station hours: late files of a month merged into one, what was replaced removed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from lantian.store import lake
from lantian.store.air_file import AIR_FILE, reading, writing
from lantian.store.hours import merge_month
from lantian.work.air_import import Progress, silent

_WAIT = 60  # seconds an import in progress is waited for


class Upkeep(NamedTuple):
    """Months merged and files removed."""

    merged: int
    removed: int


def tidy_lake(data: Path, *, now: datetime, progress: Progress = silent) -> Upkeep:
    """Merges every month that has late files, each in its own transaction, then removes what nobody reads any more.

    Errors  Refusal (busy) where an import goes on for longer than a minute
    """
    if not (data / AIR_FILE).is_file():
        return Upkeep(0, 0)
    with reading(data) as database:
        months = lake.written_months(database) if database is not None else []
    merged = 0
    for done, (values, month) in enumerate(months):
        progress(done, len(months), f"合并 {month}")
        with writing(data, job="lake upkeep", now=now, wait_seconds=_WAIT) as database:
            merged += merge_month(database, data, values, month, now=now)
    with writing(data, job="lake upkeep", now=now, wait_seconds=_WAIT) as database:
        removed = lake.clean(database, data, now=now)
    progress(len(months), len(months), "完成")
    return Upkeep(merged, removed)
