"""What a check looks at: one outlet's records of a span, its settings, marks and the findings of its frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import polars as pl

from lantian.stack.marks import Mark
from lantian.stack.mass import in_mg, in_pa, per_hour

MOMENT: Final = "2011"
MINUTE: Final = "2051"
HOUR: Final = "2061"
DAY: Final = "2031"
STATE: Final = "2021"  # treatment equipment, its state
RUN_DAY: Final = "2041"  # treatment equipment, running hours of the day
PM, SO2, NOX, NO, NO2 = "a34013", "a21026", "a21002", "a21003", "a21004"
O2, VELOCITY, TEMPERATURE, PRESSURE, MOISTURE, FLOW = "a19001", "a01011", "a01012", "a01013", "a01014", "a00000"
POLLUTANTS: Final = (PM, SO2, NOX)
AUXILIARY: Final = (O2, VELOCITY, TEMPERATURE, PRESSURE, MOISTURE)
PARAMETERS: Final = (*AUXILIARY, FLOW)
ROWS: Final = pl.Schema(
    {
        "cn": pl.String(),
        "start": pl.Datetime("us"),
        "end": pl.Datetime("us"),
        "code": pl.String(),
        **dict.fromkeys(("min", "avg", "max", "zs_min", "zs", "zs_max", "cou"), pl.Float64()),
        "flag": pl.String(),
        "eflag": pl.String(),
        "rs": pl.String(),
        "rt": pl.Float64(),
        "unread": pl.String(),
        "places": pl.Int64(),
        "qn_at": pl.Datetime("us"),
        "arrived": pl.Datetime("us"),
    }
)
REVISIONS: Final = pl.Schema(
    {
        "cn": pl.String(),
        "start": pl.Datetime("us"),
        "end": pl.Datetime("us"),
        "code": pl.String(),
        **dict.fromkeys(("avg_before", "avg", "zs_before", "zs"), pl.Float64()),
        "flag_before": pl.String(),
        "flag": pl.String(),
        "arrived": pl.Datetime("us"),
    }
)
_TEXTS: Final = ("rtd", "min", "avg", "max", "zs_rtd", "zs_min", "zs_avg", "zs_max", "cou")
_IMPORT: Final = "import:"  # tables of platforms: when they came says nothing of the device
_FACTOR: Final = r"^a\d{5}$"
_BEIJING: Final = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class OutletSettings:
    """What is registered about an outlet, as far as checks need it; units as in HJ 212-2017 appendix B, mg/m³, %, m².

    ``due_from`` is when its device was first heard of: nothing is missed before.
    """

    code: str
    mn: str | None = None
    ranges: Mapping[str, float] = field(default_factory=dict)
    limits: Mapping[str, float] = field(default_factory=dict)  # hour limits of converted concentrations
    reference_o2: float | None = None
    duct_area: float | None = None
    factors: tuple[str, ...] = ()
    units: Mapping[str, str] = field(default_factory=dict)
    interval_minutes: int = 1
    bypass_of: str | None = None
    running_from: datetime | None = None
    closed_on: datetime | None = None
    system: str = "31"
    due_from: datetime | None = None


@dataclass(frozen=True)
class Evidence:
    """One outlet and a span [first, until); ``rows`` in the shape ``ROWS``, ``main`` the rows of the outlet it bypasses.

    ``refused`` counts findings of frames kept aside by code; ``now`` is Beijing time, naive.
    """

    outlet: OutletSettings
    first: datetime
    until: datetime
    now: datetime
    rows: pl.DataFrame
    revisions: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=REVISIONS))
    marks: tuple[Mark, ...] = ()
    refused: Mapping[str, int] = field(default_factory=dict)
    main: pl.DataFrame | None = None
    _kept: dict[tuple[str, ...], pl.DataFrame] = field(default_factory=dict, compare=False, repr=False)

    def of(self, *cns: str) -> pl.DataFrame:
        """Rows of some commands."""
        key = ("of", *cns)
        if key not in self._kept:
            self._kept[key] = self.rows.filter(pl.col("cn").is_in(cns))
        return self._kept[key]

    def normal(self, *cns: str) -> pl.DataFrame:
        """Rows of some commands with a mean, flagged normal or not at all."""
        key = ("normal", *cns)
        if key not in self._kept:
            normal = pl.col("flag").fill_null("N") == "N"
            self._kept[key] = self.of(*cns).filter(normal & pl.col("avg").is_not_null())
        return self._kept[key]

    def wide(self, cn: str, column: str = "avg", *, every: bool = False) -> pl.DataFrame:
        """A row for each period: start, end and a column for each factor, null where it was not sent.

        Rule    normal rows only; ``every`` takes all flags
        """
        key = ("wide", cn, column, str(every))
        if key not in self._kept:
            self._kept[key] = widened(self.of(cn) if every else self.normal(cn), column)
        return self._kept[key]


def widened(rows: pl.DataFrame, column: str = "avg") -> pl.DataFrame:
    """Rows of one command with a column for each factor; the usual factors always have one."""
    rows = rows.filter(pl.col("code").str.contains(_FACTOR))  # a device may call a factor anything, "start" too
    found = rows.pivot(on="code", index=["start", "end"], values=column, aggregate_function="last").sort("start")
    usual = (*POLLUTANTS, *PARAMETERS, NO, NO2)
    return found.with_columns(pl.lit(None, pl.Float64).alias(code) for code in usual if code not in found.columns)


def rows_of(records: pl.DataFrame, units: Mapping[str, str], interval_minutes: int) -> pl.DataFrame:
    """Records as the store gives them (texts of the wire) as rows for checks.

    Shape   ``ROWS``, sorted by cn, start, code; ``arrived`` and ``qn_at`` are null where a platform's table brought it
    Rule    numbers are the floats nearest to the texts: order is kept, equality of texts too; sums and means are compared
            with a tolerance, determinations are the referee's. Other units become those of the standard
    """
    scale = pl.col("code").replace_strict(
        {code: _scale(code, unit) for code, unit in units.items()}, default=1.0, return_dtype=pl.Float64
    )
    number = {name: _number(name) for name in _TEXTS}
    unread = [pl.when(pl.col(name).is_not_null() & number[name].is_null()).then(pl.col(name)) for name in _TEXTS]
    mean = pl.coalesce("avg", "rtd")
    return (
        records.with_columns(_end(interval_minutes))
        .select(
            "cn", "start", "end", "code",
            *(number[name] * scale for name in ("min",)),
            (pl.coalesce(number["avg"], number["rtd"]) * scale).alias("avg"),
            number["max"] * scale,
            number["zs_min"],
            pl.coalesce(number["zs_avg"], number["zs_rtd"]).alias("zs"),
            number["zs_max"],
            number["cou"],
            pl.col("flag").replace("", None),
            _more("EFlag").alias("eflag"),
            _more("RS").alias("rs"),
            _more("RT").cast(pl.Float64, strict=False).alias("rt"),
            pl.coalesce(unread).alias("unread"),
            mean.str.extract(r"\.(\d*)$").str.len_chars().fill_null(0).cast(pl.Int64).alias("places"),
            pl.col("qn").str.head(14).str.to_datetime("%Y%m%d%H%M%S", time_unit="us", strict=False).alias("qn_at"),
            pl.when(~pl.col("source").str.starts_with(_IMPORT))
            .then(pl.col("received_at").dt.replace_time_zone(None) + _BEIJING)
            .alias("arrived"),
        )
        .cast(ROWS)
        .sort("cn", "start", "code")
    )  # fmt: skip


def revisions_of(records: pl.DataFrame, units: Mapping[str, str], interval_minutes: int) -> pl.DataFrame:
    """Contents that replaced another one of the same period, from records with every revision in the order of arrival.

    Shape   ``REVISIONS``
    """
    if records.is_empty():
        return pl.DataFrame(schema=REVISIONS)
    rows = rows_of(records, units, interval_minutes).sort("arrived", maintain_order=True)
    key = ["cn", "start", "code"]
    before = [pl.col(name).shift(1).over(key).alias(f"{name}_before") for name in ("avg", "zs", "flag")]
    again = (pl.int_range(pl.len()).over(key) > 0).alias("again")
    found = rows.with_columns(*before, again).filter("again")
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"{name}_before")) for name in ("avg", "zs", "flag"))
    return found.filter(~same).select(list(REVISIONS)).sort("cn", "start", "code", "arrived")


def _number(name: str) -> pl.Expr:
    """A column of text as numbers; null where it is none, or not a finite one."""
    found = pl.col(name).cast(pl.Float64, strict=False)
    return pl.when(found.is_finite()).then(found)


def _scale(code: str, unit: str) -> float:
    """What a device's unit is multiplied by; 1 where it does not turn into the standard's."""
    if code == FLOW:
        found = per_hour(1, unit)
        return 1.0 if found is None else float(found / per_hour(1, None))  # type: ignore[operator]
    found = in_pa(1, unit) if code == PRESSURE else in_mg(1, unit, code)
    return 1.0 if found is None else float(found / 1000 if code == PRESSURE else found)


def _end(interval_minutes: int) -> pl.Expr:
    start = pl.col("start")
    return (
        pl.when(pl.col("cn") == MINUTE).then(start + timedelta(minutes=interval_minutes))
        .when(pl.col("cn") == HOUR).then(start + timedelta(hours=1))
        .when(pl.col("cn").is_in((DAY, RUN_DAY))).then(start + timedelta(days=1))
        .otherwise(start)
        .alias("end")
    )  # fmt: skip


def _more(name: str) -> pl.Expr:
    return pl.col("more").str.json_path_match(f"$.{name}")


def spread(codes: Sequence[str]) -> pl.Expr:
    """Whether a row is about one of some factors."""
    return pl.col("code").is_in(list(codes))
