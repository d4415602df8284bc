"""Records of minutes and hours as the store hands them out, made by hand for the referee's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import polars as pl

from lantian.store.stack.outlets import Outlet
from lantian.store.stack.record_rows import RECORDS

PM, SO2, NOX, O2, FLOW = "a34013", "a21026", "a21002", "a19001", "a00000"
MN = "SIM000000000000000000001"
Values = Mapping[str, str | int | Decimal]


def outlet(**more: object) -> Outlet:
    """An invented outlet under the special limits for coal boilers: SO2 200, reference oxygen 9 %."""
    given = {"mn": MN, "limit_set": "gb13271_2014_t3_coal", "factors": (SO2,), "simulated": True} | more
    return Outlet("DA001", "排放口", "模拟企业", "230300", **given)  # type: ignore[arg-type]


def minutes(
    start: datetime, count: int, values: Values, *, flags: Mapping[str, str] | None = None
) -> list[dict[str, object]]:
    """Rows of so many minutes with the same values by factor."""
    flags = flags or {}
    return [
        _row("2051", start + timedelta(minutes=n), code, value, flags.get(code, "N"))
        for n in range(count)
        for code, value in values.items()
    ]


def hour(start: datetime, values: Values, *, converted: Values | None = None, flag: str = "N", source: str = "gateway",
         mn: str = MN) -> list[dict[str, object]]:  # fmt: skip
    """Rows of one hour record."""
    zs = converted or {}
    return [
        _row("2061", start, code, value, flag) | {"source": source, "mn": mn}
        | ({"zs_avg": str(zs[code])} if code in zs else {})
        for code, value in values.items()
    ]  # fmt: skip


def table(*rows: Iterable[dict[str, object]]) -> pl.DataFrame:
    """Rows as the store hands them out."""
    return pl.DataFrame([one for some in rows for one in some], schema=RECORDS)


def reading(found: pl.DataFrame) -> Callable[[Sequence[Outlet], datetime, datetime], pl.DataFrame]:
    """A reader over a table."""
    return lambda _some, first, until: found.filter(pl.col("start").is_between(first, until, closed="left"))


def _row(cn: str, start: datetime, code: str, value: str | int | Decimal, flag: str) -> dict[str, object]:
    return dict.fromkeys(RECORDS) | {
        "mn": MN, "cn": cn, "start": start, "code": code, "avg": str(value), "flag": flag, "source": "gateway",
    }  # fmt: skip
