"""Records made anew from the raw frames and held against those that stand: the same, letter by letter, or told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from lantian.store.stack import lake, stack_file
from lantian.store.stack.device_settings import device_settings
from lantian.store.stack.frames import of_file, of_inbox, repeated
from lantian.store.stack.outlets import outlets
from lantian.store.stack.record_order import newest
from lantian.store.stack.record_rows import GATEWAY, KEY, RECORDS, rows_of
from lantian.store.stack.records import records

Progress = Callable[[int, int, str], None]
_SHOWN = 10
_EVER = (datetime(1900, 1, 1), datetime(9999, 12, 31))  # noqa: DTZ001


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay found: frames read, records made, rows that differ from those that stand, and the first of them."""

    frames: int
    records: int
    differing: int
    examples: tuple[str, ...]


def replay(data: Path, out: Path | None, *, progress: Progress) -> Replayed:
    """All records of frames made anew, compared with the store month by month; written to ``out`` where it is given."""
    devices = device_settings(outlets(data))
    made: dict[str, list[pl.DataFrame]] = {}
    count = 0
    with stack_file.reading(data) as database:
        if database is None:
            return Replayed(0, 0, 0, ())
        files = lake.listed(database, lake.FRAMES)
        waiting = of_inbox(database, *_EVER, None, None)
        again = repeated(data, database, waiting)
    waiting = [one for one in waiting if one.seq not in again]
    for done, file in enumerate(files):
        progress(done, len(files) + 1, file.path)
        frames = list(of_file(data / file.path))
        count += len(frames)
        _add(made, rows_of(frames, devices))
    count += len(waiting)
    _add(made, rows_of(waiting, devices))
    return _compared(data, made, count, out, devices)


def _add(made: dict[str, list[pl.DataFrame]], rows: pl.DataFrame) -> None:
    months = rows.with_columns(pl.col("start").dt.strftime("%Y-%m").alias("month"))
    for (month,), part in months.partition_by("month", as_dict=True).items():
        made.setdefault(str(month), []).append(part.drop("month"))


def _compared(data: Path, made: dict[str, list[pl.DataFrame]], count: int, out: Path | None, devices) -> Replayed:  # type: ignore[no-untyped-def]
    rows = differing = 0
    examples: list[str] = []
    for month, parts in sorted(made.items()):
        first = datetime.strptime(month, "%Y-%m")  # noqa: DTZ007
        until = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
        anew = newest(pl.concat(parts))
        stands = records(data, first, until, devices=devices, every_revision=True).filter(pl.col("source") == GATEWAY)
        odd = _difference(anew, newest(stands))
        rows += anew.height
        differing += odd.height
        examples += [f"{one[0]} {one[1]} {one[2]:%Y-%m-%d %H:%M:%S} {one[3]}" for one in odd.head(_SHOWN).iter_rows()]
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            anew.write_parquet(out / f"records-{month}.parquet")
    return Replayed(count, rows, differing, tuple(examples[:_SHOWN]))


def _difference(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """Keys of rows that only one side has, or that differ in any value."""
    names = [name for name in RECORDS if name not in ("qn", "received_at", "seq", "source")]
    left, right = one.select(names), other.select(names)
    odd = pl.concat(
        [
            left.join(right, on=names, how="anti", nulls_equal=True),
            right.join(left, on=names, how="anti", nulls_equal=True),
        ]
    )
    return odd.select(*KEY).unique().sort(*KEY)
