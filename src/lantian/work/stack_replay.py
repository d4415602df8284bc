"""Records made anew from the raw frames and held against those that stand: the same, letter by letter, or told.

What is made anew goes to files by month first, then month and devices are compared piece by piece: a year needs no more
memory than a day.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import polars as pl

from lantian.stack.hj212 import Device
from lantian.store.stack import lake, stack_file
from lantian.store.stack.device_settings import device_settings
from lantian.store.stack.frames import by_arrival, of_file, repeated
from lantian.store.stack.outlets import outlets
from lantian.store.stack.record_order import newest
from lantian.store.stack.record_rows import GATEWAY, KEY, RECORDS, StoredFrame, instant, rows_of
from lantian.store.stack.records import records

Progress = Callable[[int, int, str], None]
_SHOWN: Final = 10
_STEP: Final = 20_000  # frames at a time
_ROWS: Final = 1_000_000  # records at a time, made anew and standing, or one device's month
_CONTENT: Final = [name for name in RECORDS if name not in ("qn", "received_at", "seq", "source")]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay found: frames read, records made, rows that differ from those that stand, and the first of them."""

    frames: int
    records: int
    differing: int
    examples: tuple[str, ...]


def replay(data: Path, out: Path | None, *, progress: Progress) -> Replayed:
    """All records of frames made anew, compared with the store piece by piece; written to ``out`` where it is given.

    Rule    what arrives meanwhile is left out on both sides; records of imported tables have no frames and are left alone
    """
    devices = device_settings(outlets(data))
    with tempfile.TemporaryDirectory(prefix="lantian-replay-", dir=out and _made(out)) as folder:
        spilled = Path(folder)
        frames, until = _spill(data, spilled, devices, progress)
        rows = differing = 0
        examples: list[str] = []
        counts = _counts(data, spilled)
        for done, (month, devices_of) in enumerate(sorted(counts.items())):
            progress(done, len(counts), f"比较 {month}")
            for part, mns in enumerate(_groups(devices_of)):
                anew = _anew(spilled / month, mns)
                odd = _difference(anew, _standing(data, month, mns, until, devices))
                rows, differing = rows + anew.height, differing + odd.height
                examples += [
                    f"{mn} {cn} {start:%Y-%m-%d %H:%M:%S} {code}" for mn, cn, start, code in odd.head(_SHOWN).rows()
                ]
                if out is not None:
                    anew.write_parquet(out / f"records-{month}-{part:03d}.parquet")
    return Replayed(frames, rows, differing, tuple(examples[:_SHOWN]))


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _spill(data: Path, spilled: Path, devices: Mapping[str, Device], progress: Progress) -> tuple[int, int]:
    """Writes the records of all frames to files by month; number of frames, and the instant of the last (µs)."""
    frames = last = 0
    for number, found in enumerate(_frames(data, progress)):
        frames += len(found)
        last = max([last, *(one.received_at for one in found)])
        rows = rows_of(found, devices).with_columns(pl.col("start").dt.strftime("%Y-%m").alias("month"))
        for (month,), part in rows.partition_by("month", as_dict=True).items():
            part.drop("month").write_parquet(_made(spilled / str(month)) / f"{number:06d}.parquet")
    return frames, last


def _frames(data: Path, progress: Progress) -> Iterator[list[StoredFrame]]:
    """Frames of lake and inbox in one state of both, some at a time."""
    with stack_file.reading(data) as database:
        if database is None:
            return
        files = lake.listed(database, lake.FRAMES)
        for done, file in enumerate(files):
            progress(done, len(files) + 1, file.path)
            yield list(of_file(data / file.path))
        for found in by_arrival(database, _STEP):
            again = repeated(data, database, found)
            yield [one for one in found if one.seq not in again]


def _counts(data: Path, spilled: Path) -> dict[str, dict[str, int]]:
    """Rows of each month and device, made anew or standing in the lake."""
    files = [(file.parent.name, file) for file in spilled.glob("*/*.parquet")]
    with stack_file.reading(data) as database:
        files += [(one.month, data / one.path) for one in lake.listed(database)] if database is not None else []
    counts: dict[str, dict[str, int]] = {}
    for month, file in files:
        of_month = counts.setdefault(month, {})
        for mn, count in pl.scan_parquet(file).group_by("mn").len().collect().iter_rows():
            of_month[mn] = of_month.get(mn, 0) + count
    return counts


def _groups(counts: Mapping[str, int]) -> Iterator[list[str]]:
    """The devices, so many together as fit into memory."""
    group: list[str] = []
    size = 0
    for mn, count in sorted(counts.items()):
        if group and size + count > _ROWS:
            yield group
            group, size = [], 0
        group.append(mn)
        size += count
    yield group


def _anew(month: Path, mns: Sequence[str]) -> pl.DataFrame:
    files = sorted(month.glob("*.parquet"))
    rows = (
        pl.scan_parquet(files).filter(pl.col("mn").is_in(list(mns))).collect()
        if files
        else pl.DataFrame(schema=RECORDS)
    )
    return newest(rows)


def _standing(data: Path, month: str, mns: Sequence[str], until: int, devices: Mapping[str, Device]) -> pl.DataFrame:
    first = datetime.strptime(month, "%Y-%m")  # noqa: DTZ007  Beijing civil time
    end = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    every = records(data, first, end, mns=mns, devices=devices, as_known_at=instant(until), every_revision=True)
    return newest(every.filter(pl.col("source") == GATEWAY))


def _difference(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """Keys of rows that only one side has, or that differ in any value."""
    left, right = one.select(_CONTENT), other.select(_CONTENT)
    odd = pl.concat(
        [
            left.join(right, on=_CONTENT, how="anti", nulls_equal=True),
            right.join(left, on=_CONTENT, how="anti", nulls_equal=True),
        ]
    )
    return odd.select(*KEY).unique().sort(*KEY)
