"""The air figures of the desk, computed once for a state of the data and then kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from lantian.basis.period import Days
from lantian.render.day_strip import day_strip
from lantian.site import configured
from lantian.store.air import AirReader
from lantian.work.air_rules import index_rule, index_rules, statistics_rule
from lantian.work.duty import YearSoFar, Yesterday, bars, full_name, year_so_far, yesterday

STRIP_DAYS = 30


@dataclass(frozen=True, slots=True)
class Figures:
    """Yesterday and the year so far of the plan's city, as of one day."""

    city: str
    as_of: date
    day: Yesterday
    year: YearSoFar
    strip: str

    @property
    def simulated(self) -> bool:
        """Whether any of it stands on simulated days."""
        readings = (*self.day.counties, *([self.day.city] if self.day.city else []))
        return self.year.simulated or any(reading.simulated for reading in readings)


def figures(as_of: date) -> Figures:
    """Figures of the configured plan's city up to the end of ``as_of``."""
    plan = configured.plan()
    counties = tuple(county.zh for county in plan.counties)
    return _figures(settings.DATA, plan.cities[0], counties, AirReader(settings.DATA).version(), as_of)


@lru_cache(maxsize=64)  # the key holds the version of the air data: what changes is computed anew
def _figures(data: Path, city: str, counties: tuple[str, ...], version: int, as_of: date) -> Figures:
    days_of = AirReader(data).days
    year = Days(date(as_of.year, 1, 1), as_of)
    recent = Days(as_of - timedelta(days=STRIP_DAYS - 1), as_of)
    rule = statistics_rule(as_of)
    shown = bars(city, recent, days_of, index_rules(recent))
    return Figures(
        city=full_name(city),
        as_of=as_of,
        day=yesterday(full_name(city), counties, as_of, days_of, index_rule(as_of)),
        year=year_so_far(city, as_of, days_of, index_rules(year), rule),
        strip=day_strip(shown, rule.good_at_most, str(rule.good_at_most))
        if any(bar.aqi is not None for bar in shown)
        else "",
    )
