"""What a check of the catalogue is, and the hits it gives: runs of periods told once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import polars as pl

from lantian.basis.finding import Text
from lantian.rulebook.dated import Confidence
from lantian.stack.checks.evidence import Evidence
from lantian.stack.checks.parameters import Parameters

WHOLE: Final = ""  # stands for the factor where a hit is about the whole outlet
EVERY: Final[tuple[str, ...]] = ()
NOTHING: Final = pl.DataFrame(
    schema={name: pl.Datetime("us") for name in ("start", "end")}
    | dict.fromkeys(("code", "met", "wanted"), pl.String())
)
Found = Callable[[Evidence, Parameters], pl.DataFrame]


class Family(StrEnum):
    """What a check is about."""

    STRUCTURE = "structure"
    PLAUSIBILITY = "plausibility"
    TIMING = "timing"
    CONTINUITY = "continuity"
    CROSS = "cross"
    CALIBRATION = "calibration"
    COMPLETENESS = "completeness"
    OPERATION = "operation"
    BYPASS = "bypass"


class Level(StrEnum):
    """How much a hit matters: serious enough for a person today, ordinary, or a hint to look at."""

    SERIOUS = "serious"
    ORDINARY = "ordinary"
    HINT = "hint"


FAMILIES: Final[Mapping[Family, Text]] = {
    Family.STRUCTURE: Text("结构", "structure"),
    Family.PLAUSIBILITY: Text("合理性", "plausibility"),
    Family.TIMING: Text("时间", "timing"),
    Family.CONTINUITY: Text("连续性", "continuity"),
    Family.CROSS: Text("参数关系", "cross-parameter"),
    Family.CALIBRATION: Text("校准与维护", "calibration and maintenance"),
    Family.COMPLETENESS: Text("完整性", "completeness"),
    Family.OPERATION: Text("工况一致性", "agreement with operation"),
    Family.BYPASS: Text("旁路", "bypass"),
}
LEVELS: Final[Mapping[Level, Text]] = {
    Level.SERIOUS: Text("严重", "serious"),
    Level.ORDINARY: Text("一般", "ordinary"),
    Level.HINT: Text("提示", "hint"),
}


@dataclass(frozen=True, slots=True)
class Clause:
    """Where the rule stands, and how sure that is; what no standard says is own practice, told so."""

    text: Text
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Expected:
    """The one hit of a failing case: factor, first and last period as in the case's own times."""

    factor: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the catalogue.

    ``cns`` are the commands it reads, ``factors`` those it is about (``EVERY``: all), ``needs`` the settings of the outlet
    without which it does not apply, ``days`` the shortest span. ``found`` gives the periods that do not pass: start, end,
    code, met and wanted. ``message`` has the slots factor, first, last, count, met, wanted. ``parameters`` names those of
    the rulebook it uses. A code is never used again for another check.
    """

    code: str
    family: Family
    level: Level
    title: Text
    cns: tuple[str, ...]
    factors: tuple[str, ...]
    clause: Clause
    message: Text
    found: Found
    passing: str
    failing: str
    expected: Expected
    parameters: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    days: int = 0
    joined: bool = True  # False: each period is a hit of its own

    def applies(self, evidence: Evidence) -> bool:
        """Whether the outlet has what the check needs and the span is long enough."""
        if evidence.until - evidence.first < timedelta(days=self.days):
            return False
        if "main" in self.needs and evidence.main is None:
            return False
        return all(getattr(evidence.outlet, name) not in (None, (), {}) for name in self.needs if name != "main")


@dataclass(frozen=True, slots=True)
class CheckHit:
    """A check not passed: periods from ``first`` to ``last`` (their starts, both included), with the numbers met and wanted."""

    outlet: str
    code: str
    factor: str
    first: datetime
    last: datetime
    level: Level
    text: Text
    evidence: Mapping[str, str | int]


def hits(check: Check, evidence: Evidence, parameters: Parameters, names: Mapping[str, str]) -> list[CheckHit]:
    """The hits of one check: periods next to each other, or nearer than the rulebook says, make one.

    Rule    met and wanted are those of the first period; many factors with one run have one cause and make one hit about
            the outlet; ``names`` gives factors in Chinese
    """
    if not check.applies(evidence):
        return []
    found = check.found(evidence, parameters)
    if found.is_empty():
        return []
    near = timedelta(minutes=parameters.practice.join_minutes) if check.joined else timedelta(microseconds=-1)
    runs = _together(
        _runs(found.with_columns(_plain("met"), _plain("wanted")), near), parameters.practice.together_factors
    )
    return [_hit(check, evidence.outlet.code, row, names) for row in runs.iter_rows(named=True)]


def _runs(found: pl.DataFrame, near: timedelta) -> pl.DataFrame:
    reach = pl.col("end").cum_max().over("code").alias("reach")
    starts = (pl.col("start") > pl.col("reach").shift(1).over("code") + near).fill_null(True)
    return (
        found.sort("code", "start", "end", "met")
        .with_columns(reach)
        .with_columns(starts.cum_sum().over("code").alias("run"))
        .group_by("code", "run", maintain_order=True)
        .agg(
            pl.col("start").min().alias("first"),
            pl.col("start").max().alias("last"),
            pl.len().alias("count"),
            pl.col("met", "wanted").first(),
        )
        .sort("first", "code")
    )


def _together(runs: pl.DataFrame, many: int) -> pl.DataFrame:
    """Runs of at least so many factors with the same first and last period as one about the outlet."""
    span = ["first", "last"]
    runs = runs.with_columns(pl.len().over(span).alias("factors"), pl.lit("").alias("which"))
    alone = runs.filter(pl.col("factors") < many)
    one = (
        runs.filter(pl.col("factors") >= many)
        .group_by(span, maintain_order=True)
        .agg(
            pl.col("code").sort().str.join("、").alias("which"), pl.col("count").max(), pl.col("met", "wanted").first()
        )
        .group_by("first", maintain_order=True)  # a hit is told apart by its first period
        .agg(
            pl.col("last").max(), pl.col("which").str.join("、"), pl.col("count").max(), pl.col("met", "wanted").first()
        )
        .with_columns(pl.lit(WHOLE).alias("code"))
    )
    columns = ["code", "first", "last", "count", "met", "wanted", "which"]
    return pl.concat([alone.select(columns), one.select(columns)]).sort("first", "code")


def _plain(name: str) -> pl.Expr:
    """Numbers as short decimal text, text as it is."""
    column = pl.col(name)
    number = column.cast(pl.Float64, strict=False)
    shown = number.round(4).cast(pl.String).str.replace(r"\.0$", "")
    return pl.when(number.is_not_null()).then(shown).otherwise(column.cast(pl.String)).fill_null("—").alias(name)


def _hit(check: Check, outlet: str, row: Mapping[str, object], names: Mapping[str, str]) -> CheckHit:
    first, last, factor = row["first"], row["last"], str(row["code"])
    assert isinstance(first, datetime)
    assert isinstance(last, datetime)
    slots = {
        "first": f"{first:%m-%d %H:%M}",
        "last": f"{last:%m-%d %H:%M}",
        "count": row["count"],
        "met": row["met"],
        "wanted": row["wanted"],
    }
    which = str(row["which"])
    many = which.count("、") + 1
    whole = Text(f"{many} 个因子", f"{many} factors") if which else Text("本排放口", "the outlet")
    zh = check.message.zh.format(factor=whole.zh if factor == WHOLE else names.get(factor, factor), **slots)
    en = check.message.en.format(factor=whole.en if factor == WHOLE else factor, **slots)
    evidence: dict[str, str | int] = {
        "met": str(row["met"]),
        "wanted": str(row["wanted"]),
        "count": int(str(row["count"])),
    }
    if which:
        evidence["factors"] = which
    return CheckHit(outlet, check.code, factor, first, last, check.level, Text(zh, en), evidence)


def offences(rows: pl.DataFrame, where: pl.Expr, met: pl.Expr, wanted: pl.Expr | str | float) -> pl.DataFrame:
    """Periods of a long table that do not pass."""
    good = wanted if isinstance(wanted, pl.Expr) else pl.lit(wanted)
    found = rows.filter(where).rechunk()  # Polars 2.1 fails to word some results of several pieces
    if found.is_empty():  # nothing to word: the usual case
        return NOTHING
    return found.select("start", "end", "code", met.alias("met"), good.alias("wanted"))


def of_outlet(
    rows: pl.DataFrame, where: pl.Expr, met: pl.Expr, wanted: pl.Expr | str | float, code: str = WHOLE
) -> pl.DataFrame:
    """Periods of a wide table that do not pass, about one factor or the whole outlet."""
    return offences(rows.with_columns(pl.lit(code).alias("code")), where, met, wanted)
