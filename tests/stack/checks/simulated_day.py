"""A day of a simulated stack as records: minutes of the simulator, hours and the day computed as the standard says."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from lantian.stack.checks.evidence import OutletSettings
from lantian.store.stack.record_rows import RECORDS
from lantian.work.simulated_stack import SCALE, Stack
from lantian.work.simulated_stack_kinds import FACTORS, FLOW, O2, POLLUTANTS, StackKind

FAR = 10**SCALE
LENGTH = {"2051": timedelta(minutes=1), "2061": timedelta(hours=1), "2031": timedelta(days=1)}


def settings_of_kind(kind: StackKind) -> OutletSettings:
    """The register's view of a simulated stack."""
    return OutletSettings(
        "SIM-001",
        mn="8888888888888880000000A1",
        ranges={code: one.full for code, one in kind.pollutants.items()},
        limits={code: one.limit for code, one in kind.pollutants.items()},
        reference_o2=kind.reference_o2,
        duct_area=kind.area,
        factors=FACTORS,
    )


def records_of_day(stack: Stack, day: date) -> pl.DataFrame:
    """Records of minutes, hours and the day in the shape of the store."""
    start = datetime.combine(day, datetime.min.time())
    minutes = _minutes(stack.minutes(start, 1440))
    hours = _summed(minutes, "1h", "2061", 3600, stack.kind)
    days = _summed(hours, "1d", "2031", None, stack.kind)
    rows = pl.concat([minutes.with_columns(cn=pl.lit("2051")), hours, days], how="diagonal")
    return _as_records(rows)


def _minutes(wide: pl.DataFrame) -> pl.DataFrame:
    none = pl.lit(None, pl.Int64)
    parts = []
    for code in FACTORS:
        zs = pl.col(f"{code}_zs") if code in POLLUTANTS else none
        parts.append(
            wide.select(
                "start", pl.lit(code).alias("code"), pl.col(code).alias("avg"), pl.col(f"{code}_min").alias("min"),
                pl.col(f"{code}_max").alias("max"), zs.alias("zs"), pl.col(f"{code}_flag").alias("flag"),
            ).with_columns(pl.col("avg", "min", "max", "zs") / FAR)
        )  # fmt: skip
    return pl.concat(parts)


def _summed(rows: pl.DataFrame, every: str, cn: str, seconds: int | None, kind: StackKind) -> pl.DataFrame:
    """Means of the normal parts; amounts of hours from concentration and flow, of days as sums."""
    normal = rows.filter(pl.col("flag") == "N")
    amount = pl.col("cou").sum() if "cou" in rows.columns else pl.lit(None, pl.Float64)
    made = normal.group_by("code", pl.col("start").dt.truncate(every)).agg(
        pl.col("avg").mean().round(4), pl.col("min").min(), pl.col("max").max(), amount.alias("cou")
    )
    o2 = made.filter(pl.col("code") == O2).select("start", pl.col("avg").alias("o2"))
    flow = made.filter(pl.col("code") == FLOW).select("start", pl.col("avg").alias("flow"))
    made = made.join(o2, on="start", how="left").join(flow, on="start", how="left")
    is_pollutant = pl.col("code").is_in(POLLUTANTS)
    zs = pl.when(is_pollutant).then(pl.col("avg") * (21 - kind.reference_o2) / (21 - pl.col("o2"))).round(4)
    if seconds is not None:
        mass = pl.col("avg") * pl.col("flow") * seconds / 1_000_000
        volume = pl.col("avg") * seconds
        made = made.with_columns(
            pl.when(is_pollutant).then(mass).when(pl.col("code") == FLOW).then(volume).round(6).alias("cou")
        )
    else:
        made = made.with_columns(
            pl.when(is_pollutant | (pl.col("code") == FLOW)).then(pl.col("cou").round(6)).alias("cou")
        )
    return made.with_columns(zs.alias("zs"), pl.lit("N").alias("flag"), pl.lit(cn).alias("cn")).drop("o2", "flow")


def _as_records(rows: pl.DataFrame) -> pl.DataFrame:
    text: dict[str, Any] = {
        name: pl.col(source).round(6).cast(pl.String)
        for name, source in (("min", "min"), ("avg", "avg"), ("max", "max"), ("zs_avg", "zs"), ("cou", "cou"))
    }
    length = pl.col("cn").replace_strict(LENGTH, return_dtype=pl.Duration("us"))
    came = pl.col("start") + length + timedelta(seconds=9)
    made = rows.select("cn", "start", "code", "flag", **text).with_columns(
        mn=pl.lit("8888888888888880000000A1"),
        qn=came.dt.strftime("%Y%m%d%H%M%S") + "000",
        received_at=(came - timedelta(hours=8) + timedelta(seconds=1)).dt.replace_time_zone("UTC"),
        source=pl.lit("gateway"),
        seq=pl.lit(0, pl.Int64),
    )
    empty = [pl.lit(None, dtype).alias(name) for name, dtype in RECORDS.items() if name not in made.columns]
    return made.with_columns(empty).select(list(RECORDS)).sort("mn", "cn", "start", "code")
