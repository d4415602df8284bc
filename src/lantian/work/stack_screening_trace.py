"""Records of an outlet → the minutes a screening looks at, with limits, marks and hour records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lantian.stack.marks import Mark
from lantian.stack.screening.trace import (
    DAY,
    FLOW,
    HOUR,
    MOISTURE,
    NORMAL,
    O2,
    POLLUTANTS,
    PRESSURE,
    SCALE,
    TEMPERATURE,
    VELOCITY,
    Bytes,
    Floats,
    Trace,
)
from lantian.stack.validity import EXEMPT, STOPPED, MarkRules
from lantian.store.stack.outlets import Outlet
from lantian.work.stack_limits import limit_of

FACTORS: Final = (*POLLUTANTS, O2, TEMPERATURE, MOISTURE, PRESSURE, VELOCITY, FLOW)
MINUTE_CN: Final = "2051"
HOUR_CN: Final = "2061"


def trace_of(
    outlet: Outlet, found: pl.DataFrame, first: date, days: int, marks: Sequence[Mark], rules: MarkRules
) -> Trace | None:
    """The trace of an outlet over whole days from its records; None where there are neither minutes nor hours.

    Rule    the mean of a period, where none was sent its momentary value; a value without flag counts as normal. Where only
            hours came (tables of a platform) each stands in all its minutes and the trace says so
    """
    start = datetime.combine(first, time())
    hours = _numbers(found.filter(pl.col("cn") == HOUR_CN), start, days * 24, HOUR)
    minutes = _numbers(found.filter(pl.col("cn") == MINUTE_CN), start, days * DAY, 1)
    if minutes.is_empty() and hours.is_empty():
        return None
    given, size, each = (hours, days * 24, HOUR) if minutes.is_empty() else (minutes, days * DAY, 1)
    by_factor = {str(code): part for (code,), part in given.group_by("code")}
    values = {code: _grid(part, "value", size).repeat(each) for code, part in by_factor.items()}
    converted = {code: _grid(by_factor[code], "zs", size).repeat(each) for code in POLLUTANTS if code in by_factor}
    flags = {code: _letters(part, size).repeat(each) for code, part in by_factor.items()}
    of_hours = {str(code): part for (code,), part in hours.group_by("code")}
    stopped = _marked([one for one in rules.of(marks, STOPPED) if one.factor is None], start, days * DAY)
    exempt = _marked([one for one in rules.of(marks, EXEMPT) if one.factor is None], start, days * DAY)
    limits, reference = _limits(outlet, first + timedelta(days=days - 1))
    return Trace(
        outlet.code,
        outlet.company,
        start,
        values,
        {code: zs for code, zs in converted.items() if np.isfinite(zs).any()},
        flags,
        stopped | exempt,
        stopped,
        limits,
        reference,
        {code: _grid(part, "value", days * 24) for code, part in of_hours.items()},
        {code: mass for code, part in of_hours.items() if np.isfinite(mass := _grid(part, "cou", days * 24, 0)).any()},
        each == HOUR,
    )


def _numbers(found: pl.DataFrame, start: datetime, periods: int, minutes: int) -> pl.DataFrame:
    """place, code, flag, value and zs as whole numbers × 10⁻⁴, cou, of the periods that lie on the grid."""
    place = (pl.col("start") - start).dt.total_minutes() // minutes
    return (
        found.filter(pl.col("code").is_in(FACTORS))
        .select(
            "code",
            "flag",
            place=place,
            value=pl.coalesce(_whole("avg"), _whole("rtd")),
            zs=pl.coalesce(_whole("zs_avg"), _whole("zs_rtd")),
            cou=pl.col("cou").cast(pl.Float64, strict=False),
        )
        .filter(pl.col("place").is_between(0, periods - 1))
    )


def _whole(column: str) -> pl.Expr:
    """Whole numbers × 10⁻⁴ of decimal text; further places, which some devices send, are rounded off."""
    return (pl.col(column).cast(pl.Float64, strict=False) * 10**SCALE).round().cast(pl.Int64, strict=False)


def _grid(part: pl.DataFrame, column: str, size: int, scale: int = SCALE) -> Floats:
    grid = np.full(size, np.nan)
    grid[part["place"].to_numpy()] = part[column].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    made: Floats = grid / 10**scale  # by numpy: a division of its own for each value, so equal numbers stay equal
    return made


def _letters(part: pl.DataFrame, size: int) -> Bytes:
    """Flags as the codes of their letters; 0 where there is nothing."""
    letters = part["flag"].str.strip_chars().str.to_uppercase().str.slice(0, 1).fill_null("")
    codes = np.array([ord(one) if one and ord(one) < 128 else NORMAL for one in letters], np.uint8)
    grid = np.zeros(size, np.uint8)
    grid[part["place"].to_numpy()] = codes
    return grid


def _marked(marks: Sequence[Mark], start: datetime, size: int) -> NDArray[np.bool_]:
    grid = np.zeros(size, np.bool_)
    for one in marks:
        begin, end = ((at - start) // timedelta(minutes=1) for at in (one.start, one.end))
        grid[max(begin, 0) : max(min(end, size), 0)] = True
    return grid


def _limits(outlet: Outlet, day: date) -> tuple[Mapping[str, float], float | None]:
    """Hour limits in force on a day, and the reference oxygen they are meant at."""
    found = {code: limit_of(outlet, code, day) for code in POLLUTANTS}
    limits = {code: float(one.hour) for code, one in found.items() if one is not None and one.hour is not None}
    references = [one.reference_o2 for one in found.values() if one is not None and one.reference_o2 is not None]
    reference = outlet.reference_o2 if outlet.reference_o2 is not None else next(iter(references), None)
    return limits, None if reference is None else float(reference)
