"""Raw frames → rows of records: one for each factor of a frame, values as the decimal text of the wire."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import polars as pl

from lantian.stack.hj212 import Device, Frame, decoded
from lantian.stack.hj212.segment import strict
from lantian.stack.hj212.values import moment

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
_PLACE = {column: at for at, column in enumerate(VALUES)}
_BARE: list[str | None] = [None] * len(VALUES)
_Factor = tuple[list[str | None], str | None, dict[str, str]]


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
    columns: dict[str, list[Any]] = {name: [] for name in RECORDS}
    numbers = [columns[name] for name in VALUES]
    times: dict[str, datetime | None] = {}
    for frame in frames:
        start = times.get(frame.data_time) or times.setdefault(frame.data_time, start_of(frame.data_time))
        if start is None:
            continue
        for code, (values, flag, more) in _factors(_fields(frame, devices)).items():
            columns["mn"].append(frame.mn)
            columns["cn"].append(frame.cn)
            columns["start"].append(start)
            columns["code"].append(code)
            for column, value in zip(numbers, values, strict=True):
                column.append(value)
            columns["flag"].append(flag)
            columns["more"].append(json.dumps(more, ensure_ascii=False) if more else None)
            columns["qn"].append(frame.qn)
            columns["received_at"].append(frame.received_at)
            columns["seq"].append(frame.seq)
    columns["source"] = [GATEWAY] * len(columns["mn"])
    columns["received_at"] = pl.Series(columns["received_at"], dtype=pl.Int64).cast(RECORDS["received_at"])  # type: ignore[assignment]
    return pl.DataFrame(columns, schema=RECORDS)


def instant(microseconds: int) -> datetime:
    """The instant of a count of microseconds since 1970."""
    return datetime.fromtimestamp(microseconds / 1_000_000, UTC)


def _fields(frame: StoredFrame, devices: Mapping[str, Device]) -> dict[str, str]:
    """The data area of a frame that was good when it came; deciphered with the device's key where it is sealed."""
    raw = frame.raw
    try:
        parts = strict(raw[6:-4].decode())
    except UnicodeDecodeError:
        parts = None
    if parts is not None:
        return parts[1]
    good = [event for event in decoded(raw + b"\r\n", devices) if isinstance(event, Frame)]
    return good[0].fields if good else {}


def _factors(fields: Mapping[str, str]) -> dict[str, _Factor]:
    """Factor → its values in the order of ``VALUES``, its flag, every other field; scalars belong to no factor."""
    found: dict[str, _Factor] = {}
    for key, value in fields.items():
        code, dash, name = key.partition("-")
        if not dash:
            continue
        one = found.get(code) or found.setdefault(code, (_BARE.copy(), None, {}))
        place = WIRE.get(name)
        if place is not None:
            one[0][_PLACE[place]] = value
        elif name == "Flag":
            found[code] = (one[0], value, one[2])
        else:
            one[2][name] = value
    return found
