"""Facts for tests of states: fictional figures of a fictional city."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from lantian.basis.determination import Basis, Determination
from lantian.basis.period import Days
from lantian.plan.state.model import Aim, Measured, YearLimit

BEGINS = date(2024, 5, 7)
BASIS = Basis(edition="HJ 663-2013")
PM25 = Aim("T03-1", "numeric", "<=", Fraction(28), "ug/m3", "2025", BEGINS, metric="pm25_annual_mean")
HEAVY = Aim("T03-2", "numeric", "<=", Fraction(2), "d", "2025", BEGINS, metric="heavy_pollution_days")
RATIO = Aim("T26-1", "numeric", ">=", Fraction("94.3"), "%", "2025", BEGINS, metric="good_day_ratio")


def measured(year: int, value: str | None, **other: Any) -> Measured:
    """A year of a metric; by default running, valid, lower is better."""
    last = other.pop("last", date(year, 10, 15))
    determination = Determination(
        "230300", "pm25_annual_mean", Days(date(year, 1, 1), last), BASIS, value, "ug/m3", None, ("HJ 663-2013",),
        "0" * 64,
        datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    given: dict[str, Any] = {
        "metric": "pm25_annual_mean", "best": None, "expected": None, "places": 0, "unit": "ug/m3", "days": 288,
        "complete": False, "valid": True, "lower_is_better": True,
    }  # fmt: skip
    given |= {
        key: Fraction(item) if isinstance(item, str) and key in ("best", "expected") else item
        for key, item in other.items()
    }
    shown = None if value is None else Fraction(value)
    return Measured(year=year, value=shown, basis=BASIS, determination=determination, **given)


def issued(year: int, value: str, comparator: str = "<=") -> YearLimit:
    """A fictional limit of the province for a year."""
    return YearLimit(year, comparator, Fraction(value), "ug/m3", "测试〔2025〕1号")
