"""The referee's daily run of a city: 300 outlets with minute data (模拟数据), beside one plain pass over the same minutes."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl

from benchmarks.figure import Figure
from lantian.store.stack.outlets import Outlet
from lantian.store.stack.record_rows import RECORDS
from lantian.work.simulated_stack import SCALE, Stack
from lantian.work.simulated_stack_kinds import FACTORS, KINDS, POLLUTANTS
from lantian.work.stack_referee import judge

OUTLETS = 300
DAY = date(2026, 11, 26)
_MADE = 20  # stacks that are really simulated; the others repeat them under other numbers
_SETS = {
    "coal_boiler": "gb13271_2014_t3_coal",
    "biomass_boiler": "gb13271_2014_t3_coal",
    "cement_kiln": "gb4915_2013_kiln_special",
    "gas_boiler": "gb13271_2014_t3_gas",
    "power_unit": "gb13223_2011_coal_special",
}


def outlets(count: int) -> list[Outlet]:
    """Invented outlets with their limit sets."""
    kinds = list(KINDS)
    return [
        Outlet(
            f"SIM{number:04d}", "排放口", f"模拟企业{number:04d}", "230300", mn=f"SIM{number:021d}", simulated=True,
            limit_set=_SETS[kinds[number % len(kinds)]], duct_area=Decimal(4),
        )
        for number in range(count)
    ]  # fmt: skip


def minutes(count: int, day: date) -> pl.DataFrame:
    """Records of a day's minutes of so many outlets, as the store would hand them out."""
    start = datetime.combine(day, datetime.min.time())
    kinds = list(KINDS.values())
    made = [_records(Stack(kinds[number % len(kinds)], number), start) for number in range(min(count, _MADE))]
    parts = [made[number % len(made)].with_columns(pl.lit(f"SIM{number:021d}").alias("mn")) for number in range(count)]
    return pl.concat(parts)


def _records(stack: Stack, start: datetime) -> pl.DataFrame:
    whole = stack.minutes(start, 1440)

    def text(name: str) -> pl.Expr:
        return pl.col(name).map_elements(lambda value: f"{Decimal(value).scaleb(-SCALE)}", return_dtype=pl.String)

    parts = [
        whole.select(
            pl.col("start"),
            pl.lit("2051").alias("cn"),
            pl.lit(code).alias("code"),
            text(code).alias("avg"),
            text(f"{code}_zs" if code in POLLUTANTS else code).alias("zs_avg"),
            pl.col(f"{code}_flag").alias("flag"),
        )
        for code in FACTORS
    ]
    rows = pl.concat(parts)
    absent = [
        pl.lit(None, kind).alias(name) for name, kind in RECORDS.items() if name not in rows.columns and name != "mn"
    ]
    return (
        rows.with_columns(*absent, pl.lit("").alias("mn"))
        .with_columns(pl.lit("gateway").alias("source"))
        .select(list(RECORDS))
    )


def figures() -> list[Figure]:
    city = outlets(OUTLETS)
    table = minutes(OUTLETS, DAY)
    now = datetime.combine(DAY + timedelta(days=2), datetime.min.time(), UTC)

    def read(some: Sequence[Outlet], _first: datetime, _until: datetime) -> pl.DataFrame:
        return table.filter(pl.col("mn").is_in([one.mn for one in some]))

    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        result = judge(Path(folder), city, (), DAY, DAY, now=now, read=read)
        took = time.perf_counter() - begun
    assert result.hours == OUTLETS * 24 * len(POLLUTANTS)
    begun = time.perf_counter()
    table.group_by("mn", "code", pl.col("start").dt.truncate("1h")).agg(pl.col("avg").cast(pl.Float64).mean())
    peer = time.perf_counter() - begun
    return [
        Figure(
            f"referee, a day of {OUTLETS} outlets", took * 1000, 60_000, f"means of {table.height} minutes", peer * 1000
        )
    ]
