"""Rules behind a figure that are not verified in the rulebook: named beside it and in every file that carries it."""

from __future__ import annotations

from collections.abc import Sequence

from lantian.basis.finding import Text
from lantian.basis.period import Days
from lantian.rulebook.dated import parameter

INDEX = ("ambient.aqi.breakpoints", "ambient.aqi.rules", "ambient.aqi.categories")
HOUR_INDEX = (*INDEX, "ambient.aqi.breakpoints_1h", "ambient.validity.day")
STATION_DAY = ("ambient.validity.day", "ambient.places")
STATISTICS = (
    "ambient.places", "ambient.percentiles", "ambient.validity.year", "ambient.validity.month", "ambient.aqi.days",
)  # fmt: skip
COMPOSITE = (*STATISTICS, "ambient.composite_index")
LIMITS = tuple(f"ambient.limits.{item}" for item in ("so2", "no2", "co", "o3", "pm10", "pm25"))
TREND = ("ambient.trend",)
TAKEN_OUT = ("ambient.exclusion",)
WIND = ("ambient.wind",)


def unverified(paths: Sequence[str], days: Days) -> Text | None:
    """The names of those rules of which something that holds in a period is not verified; None where all are.

    Errors  rulebook.NoRuleError before 2012
    """
    found = [
        one.title
        for one in map(parameter, dict.fromkeys(paths))
        if any(value.confidence != "verified" for _, value in one.spans(days.first, days.last))
    ]
    if not found:
        return None
    return Text("、".join(one.zh for one in found), ", ".join(one.en for one in found))


def unverified_notes(paths: Sequence[str], days: Days) -> list[str]:
    """The same as a line for a file, or none."""
    found = unverified(paths, days)
    return [f"未核实依据：{found.zh}"] if found else []
