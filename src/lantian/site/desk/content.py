"""A daily report's content as JSON and back, and its digest: the same content gives the same text, file and picture."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from lantian.basis.determination import digest
from lantian.render.daily_report import Concentration, DailyReport, ForecastDay, Goal, Reading, YearRow


def as_json(report: DailyReport) -> dict[str, Any]:
    """Plain dictionary of a report; dates by their text."""
    plain = asdict(report)
    plain["day"] = report.day.isoformat()
    for day, one in zip(plain["forecast"], report.forecast, strict=True):
        day["day"] = one.day.isoformat()
    return plain


def from_json(plain: dict[str, Any]) -> DailyReport:
    """The report of such a dictionary."""
    return DailyReport(
        city=plain["city"],
        day=date.fromisoformat(plain["day"]),
        reading=_reading(plain["reading"]) if plain["reading"] else None,
        counties=tuple(_reading(one) for one in plain["counties"]),
        year_rows=tuple(YearRow(**row) for row in plain["year_rows"]),
        has_last_year=plain["has_last_year"],
        goals=tuple(Goal(**goal | {"flags": tuple(goal["flags"])}) for goal in plain["goals"]),
        forecast=tuple(ForecastDay(**one | {"day": date.fromisoformat(one["day"])}) for one in plain["forecast"]),
        forecast_issuer=plain["forecast_issuer"],
        due=tuple(plain["due"]),
        duty=tuple(plain["duty"]),
        simulated=plain["simulated"],
    )


def _reading(plain: dict[str, Any]) -> Reading:
    values = tuple(Concentration(**one) for one in plain["values"])
    return Reading(**plain | {"primary": tuple(plain["primary"]), "values": values})


def digest_of(report: DailyReport) -> str:
    """SHA-256 of a report's content."""
    return digest([as_json(report)])
