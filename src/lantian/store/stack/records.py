"""Records of the stacks, whatever way they came: frames of the inbox and files of the lake, the latest content of each."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import polars as pl

from lantian.stack.hj212 import Device
from lantian.store.stack import lake, stack_file
from lantian.store.stack.frames import of_inbox, repeated
from lantian.store.stack.outlets import outlets
from lantian.store.stack.record_order import in_order, newest
from lantian.store.stack.record_rows import KEY, RECORDS, WIRE, rows_of

OUTLET_PREFIX: Final = "outlet:"  # stands for the MN of an outlet that has none: its data come as tables only
_NONE: Mapping[str, Device] = {}


def records(
    data: Path,
    first: datetime,
    until: datetime,
    *,
    mns: Sequence[str] | None = None,
    cns: Sequence[str] | None = None,
    codes: Sequence[str] | None = None,
    known: Collection[str] | None = None,
    as_known_at: datetime | None = None,
    devices: Mapping[str, Device] = _NONE,
    every_revision: bool = False,
) -> pl.DataFrame:
    """Records with ``first`` ≤ start < ``until`` (Beijing, naive): the newest content of each MN, command, start and factor.

    Shape   ``RECORDS`` sorted by mn, cn, start, code; with ``every_revision`` all contents in the order of their arrival
    Rule    a later frame or table replaces the whole row of a factor. ``known`` keeps other devices out (None: nobody)
    """
    with stack_file.reading(data) as database:
        if database is None:
            return pl.DataFrame(schema=RECORDS)
        files = [
            one for one in lake.listed(database, first=first, until=until, mns=mns) if cns is None or one.kind in cns
        ]
        moved = pl.concat(
            [pl.DataFrame(schema=RECORDS), *(_of_file(data / one.path, first, until, mns, codes) for one in files)]
        )
        frames = of_inbox(database, first, until, mns, cns)
        waiting = rows_of(frames, devices)
        if codes is not None:
            waiting = waiting.filter(pl.col("code").is_in(list(codes)))
        both = set(waiting.join(moved, on=list(KEY), how="semi")["seq"]) if moved.height and waiting.height else set()
        again = repeated(data, database, [one for one in frames if one.seq in both])
    found = pl.concat([moved, waiting.filter(~pl.col("seq").is_in(list(again)))])
    if known is not None:
        found = found.filter(pl.col("mn").is_in(list(known)))
    if as_known_at is not None:
        found = found.filter(pl.col("received_at") <= as_known_at)
    return in_order(found) if every_revision else newest(found)


def _of_file(
    file: Path, first: datetime, until: datetime, mns: Sequence[str] | None, codes: Sequence[str] | None
) -> pl.DataFrame:
    wanted = pl.col("start").is_between(first, until, closed="left")
    if mns is not None:
        wanted &= pl.col("mn") == mns[0] if len(mns) == 1 else pl.col("mn").is_in(list(mns))
    if codes is not None:
        wanted &= pl.col("code") == codes[0] if len(codes) == 1 else pl.col("code").is_in(list(codes))
    return pl.scan_parquet(file).filter(wanted).select(list(RECORDS)).collect()


def known_mns(data: Path) -> frozenset[str]:
    """Devices whose frames are records: those of registered outlets, and those the gateway was told to accept."""
    registered = {one.mn or f"{OUTLET_PREFIX}{one.code}" for one in outlets(data)}
    with stack_file.reading(data) as database:
        if database is None:
            return frozenset(registered)
        accepted = {mn for (mn,) in database.execute("SELECT mn FROM device WHERE accepted")}
    return frozenset(registered | accepted)


def scaled(column: str, scale: int = 6) -> pl.Expr:
    """Whole numbers ``value × 10^scale`` of a column of decimal text; null where it is no number with at most so many places.

    Rule    exact for magnitudes below 2^53 / 10^scale: the text goes through the nearest float only to be multiplied and
            rounded back to the integer it stands for
    """
    text = pl.col(column)
    plain = text.str.contains(rf"^[+-]?\d{{1,9}}(\.\d{{0,{scale}}}0*)?$")
    return pl.when(plain).then((text.cast(pl.Float64, strict=False) * 10**scale).round().cast(pl.Int64))


def by_field(found: pl.DataFrame) -> pl.DataFrame:
    """Records with a row for each field of the wire, as ``lantian stack records`` prints them.

    Shape   mn, cn, data_time (14 digits), code, field, value (as sent), flag, qn, received_at (ISO, UTC)
    """
    rows = found.with_columns(
        _written(found["start"], "%Y%m%d%H%M%S").alias("data_time"),
        _written(found["received_at"], "%Y-%m-%dT%H:%M:%S%.6fZ"),
        pl.col("flag").fill_null(""),
    ).with_row_index("row")
    parts = [
        rows.filter(pl.col(column).is_not_null()).with_columns(
            pl.lit(name).alias("field"), pl.col(column).alias("value")
        )
        for name, column in WIRE.items()
        if found[column].null_count() < found.height
    ]
    parts.append(_others(rows.filter(pl.col("more").is_not_null())))
    shape = ("row", "mn", "cn", "data_time", "code", "field", "value", "flag", "qn", "received_at")
    return pl.concat([part.select(shape) for part in parts]).sort("row", maintain_order=True).drop("row")


def _others(odd: pl.DataFrame) -> pl.DataFrame:
    """A row for each field that has no column."""
    told = [json.loads(text) for text in odd["more"]]
    texts = pl.List(pl.String)
    names, values = (
        pl.Series("field", map(list, told), texts),
        pl.Series("value", [list(one.values()) for one in told], texts),
    )
    return odd.with_columns(names, values).explode("field", "value")


def _written(times: pl.Series, form: str) -> pl.Series:
    """Times as text; the same time stands in many rows and is written once."""
    texts = times.unique().to_frame("time").with_columns(pl.col("time").dt.strftime(form).alias("text"))
    return times.to_frame("time").join(texts, on="time", how="left", maintain_order="left")["text"].alias(times.name)
