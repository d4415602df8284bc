"""The forecast as typed in: one issue a day, corrected by writing it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from lantian.site.desk.models import Forecast, ForecastDay
from lantian.site.desk.services.record import record
from lantian.site.journal.services import register
from lantian.site.people.models import User
from lantian.site.people.services import region

register({"desk.forecast_set": "录入或更正预报", "desk.forecast_removed": "撤回预报"})


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """One day ahead as typed."""

    day: date
    category_low: str
    category_high: str = ""
    aqi_low: int | None = None
    aqi_high: int | None = None
    primary: str = ""
    diffusion: str = ""


@transaction.atomic
def set_forecast(
    issued_on: date, issuer: str, lines: Sequence[ForecastLine], *, official: bool, by: User, now: datetime
) -> Forecast:
    """The issue of a day as it now stands; what stood before goes to the journal."""
    found = Forecast.objects.filter(region=region(), issued_on=issued_on).first()
    before = _words(found) if found else {}
    issue = found or Forecast(region=region(), issued_on=issued_on)
    issue.issuer, issue.official, issue.by, issue.changed_at = issuer, official, by, now
    issue.save()
    issue.days.all().delete()
    ForecastDay.objects.bulk_create(
        ForecastDay(
            forecast=issue,
            day=line.day,
            category_low=line.category_low,
            category_high=line.category_high,
            aqi_low=line.aqi_low,
            aqi_high=line.aqi_high,
            primary=line.primary,
            diffusion=line.diffusion,
        )
        for line in lines
    )
    record("desk.forecast_set", issue, by=by, now=now, before=before, after=_words(issue))
    return issue


@transaction.atomic
def remove_forecast(issue: Forecast, *, by: User, now: datetime) -> None:
    """Takes an issue back; the journal keeps its words."""
    record("desk.forecast_removed", issue, by=by, now=now, before=_words(issue))
    issue.delete()


def _words(issue: Forecast) -> dict[str, Any]:
    return {
        "issued_on": str(issue.issued_on),
        "issuer": issue.issuer,
        "official": issue.official,
        "days": [
            f"{day.day} {day.category} {day.aqi} {day.primary} {day.diffusion}".strip() for day in issue.days.all()
        ],
    }
