"""Raw frames → rows of records: one for each factor of a frame, values as the decimal text of the wire."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

import polars as pl

from lantian.stack.hj212 import Device, Frame, decoded
from lantian.stack.hj212.values import moment
from lantian.store.stack.record_areas import factors

WIRE: Final = {  # field of the wire → column
    "Rtd": "rtd", "Min": "min", "Avg": "avg", "Max": "max",
    "ZsRtd": "zs_rtd", "ZsMin": "zs_min", "ZsAvg": "zs_avg", "ZsMax": "zs_max", "Cou": "cou",
}  # fmt: skip
VALUES: Final = tuple(WIRE.values())
KEY: Final = ("mn", "cn", "start", "code")
GATEWAY: Final = "gateway"
RECORDS: Final = pl.Schema(
    {
        "mn": pl.String(),
        "cn": pl.String(),
        "start": pl.Datetime("us"),
        "code": pl.String(),
        **dict.fromkeys(VALUES, pl.String()),
        "flag": pl.String(),
        "more": pl.String(),
        "qn": pl.String(),
        "received_at": pl.Datetime("us", "UTC"),
        "source": pl.String(),
        "seq": pl.Int64(),
    }
)
_TIME_DIGITS = 14


class StoredFrame(NamedTuple):
    """A frame as the inbox and the lake hold it; ``received_at`` in µs since 1970 (UTC)."""

    seq: int
    mn: str
    cn: str
    data_time: str
    part: int
    qn: str
    received_at: int
    digest: bytes
    raw: bytes


def start_of(data_time: str) -> datetime | None:
    """The start of the period a frame is about (Beijing, naive); None where it is no time, and the frame no record.

    Rule    HJ 212-2017 table 4; some devices add milliseconds, which are left out
    """
    return moment(data_time[:_TIME_DIGITS])


def rows_of(frames: Iterable[StoredFrame], devices: Mapping[str, Device]) -> pl.DataFrame:
    """The records of frames, in their order.

    Shape   ``RECORDS``: a row for each factor (or piece of equipment) of each frame with a time
    """
    starts: dict[str, datetime | None] = {}
    timed = [one for one in frames if _start(one.data_time, starts) is not None]
    usual, others = factors([one.raw for one in timed], WIRE)
    found = usual
    if others.len():
        rest = [(at, *one) for at in others for one in _factors(_fields(timed[at], devices))]
        found = pl.concat([usual, pl.DataFrame(rest, schema=usual.schema, orient="row")]).sort(
            "at", maintain_order=True
        )
    about = pl.DataFrame(
        {
            "mn": pl.Series([one.mn for one in timed], dtype=pl.String),
            "cn": pl.Series([one.cn for one in timed], dtype=pl.String),
            "start": pl.Series([starts[one.data_time] for one in timed], dtype=RECORDS["start"]),
            "qn": pl.Series([one.qn for one in timed], dtype=pl.String),
            "received_at": pl.Series([one.received_at for one in timed], dtype=pl.Int64).cast(RECORDS["received_at"]),
            "seq": pl.Series([one.seq for one in timed], dtype=pl.Int64),
        }
    )
    whole = pl.concat([found, about[found["at"]]], how="horizontal")
    return whole.with_columns(pl.lit(GATEWAY).alias("source")).select(list(RECORDS))


def _start(data_time: str, starts: dict[str, datetime | None]) -> datetime | None:
    if data_time not in starts:
        starts[data_time] = start_of(data_time)
    return starts[data_time]


def instant(microseconds: int) -> datetime:
    """The instant of a count of microseconds since 1970."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)


def _fields(frame: StoredFrame, devices: Mapping[str, Device]) -> Mapping[str, str]:
    """The data area of a frame that was good when it came; deciphered with the device's key where it is sealed."""
    good = [event for event in decoded(frame.raw + b"\r\n", devices) if isinstance(event, Frame)]
    return good[0].fields if good else {}


def _factors(fields: Mapping[str, str]) -> list[tuple[str | None, ...]]:
    """Each factor with its values in the order of ``VALUES``, its flag and every other field; scalars belong to no factor."""
    found: dict[str, dict[str, str]] = {}
    for key, value in fields.items():
        code, dash, name = key.partition("-")
        if dash:
            found.setdefault(code, {})[name] = value
    return [
        (
            code,
            *(one.pop(name, None) for name in WIRE),
            one.pop("Flag", None),
            json.dumps(one, ensure_ascii=False) if one else None,
        )
        for code, one in found.items()
    ]
