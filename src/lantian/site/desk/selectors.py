"""What the desk reads: one object for the screen, one for the daily report of a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count

from lantian.basis.period import BEIJING, DAY, Days
from lantian.render import daily_report
from lantian.site import configured
from lantian.site.alarms.night import Night, night
from lantian.site.ambient.stations import hour_before, last_hour
from lantian.site.desk import due as dues
from lantian.site.desk.figures import Figures, figures
from lantian.site.desk.goals import Goals, goals
from lantian.site.desk.models import DailyReport, Forecast, ForecastDay, HandOver, LogEntry, ProvinceTable, RosterDay
from lantian.site.desk.province import CityRow, standing
from lantian.site.desk.province import Standing as Place
from lantian.site.facts.models import Entry, Standing
from lantian.site.people.models import User
from lantian.store.air import AirReader
from lantian.work.air_now import HourOf, Now, hour_words
from lantian.work.duty import DueList

FORECAST_DAYS = 3
NOTES_ON_DESK = 6
STATIONS_ON_DESK = 4
WEEK_DAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class ProvinceLine:
    """Where the city stands in the newest table of the province."""

    table: ProvinceTable
    standing: Place | None


@dataclass(frozen=True, slots=True)
class Overnight:
    """What came in since yesterday: imports, and rows kept aside."""

    imports: int
    rows: int
    kept_aside: int


@dataclass(frozen=True, slots=True)
class Hour:
    """The last hour of the stations up to the duty day; ``change`` of the city's AQI against the hour before."""

    now: Now
    words: str
    change: str
    others: tuple[HourOf, ...]


@dataclass(frozen=True, slots=True)
class Entries:
    """People's entries that wait for someone: to be looked at, or to be put right."""

    to_review: int
    returned: int


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything on the screen of one duty day."""

    day: date
    week_day: str
    as_of: date
    figures: Figures
    goals: Goals
    year: tuple[tuple[daily_report.YearRow, daily_report.Goal | None], ...]
    province: ProvinceLine | None
    forecast: Forecast | None
    ahead: tuple[ForecastDay, ...]
    roster: RosterDay | None
    gaps: tuple[date, ...]
    due: DueList
    overnight: Overnight
    night: Night
    hour: Hour | None
    matters: Sequence[LogEntry]
    notes: Sequence[LogEntry]
    entries: Entries


def desk(as_of: date, viewer: User, now: datetime) -> Desk:
    """The desk of the day after ``as_of`` for a viewer."""
    region, today = configured.plan().region, as_of + DAY
    found, aims = figures(as_of), goals(as_of, viewer)
    issue, ahead = forecast_for(today, region)
    return Desk(
        day=today,
        week_day=f"星期{WEEK_DAYS[today.weekday()]}",
        as_of=as_of,
        figures=found,
        goals=aims,
        year=tuple((row, aims.by_row.get(row.key)) for row in found.year.rows),
        province=province_line(as_of, region),
        forecast=issue,
        ahead=ahead,
        roster=RosterDay.objects.filter(region=region, day=today).first(),
        gaps=dues.gaps(today, region),
        due=dues.due(today),
        overnight=overnight(now),
        night=night(viewer, now),
        hour=newest_hour(today),
        matters=open_matters(region),
        notes=notes(region)[:NOTES_ON_DESK],
        entries=entries_waiting(),
    )


def forecast_for(today: date, region: str) -> tuple[Forecast | None, tuple[ForecastDay, ...]]:
    """The newest issue up to ``today`` that still says something of today or later, and its next three days."""
    issues = Forecast.objects.filter(region=region, issued_on__lte=today, days__day__gte=today).distinct()
    issue = issues.prefetch_related("days").first()
    if issue is None:
        return None, ()
    return issue, tuple(day for day in issue.days.all() if day.day >= today)[:FORECAST_DAYS]


def province_line(as_of: date, region: str) -> ProvinceLine | None:
    """The city's place in the newest table that ends within the year of ``as_of`` and not after it."""
    tables = ProvinceTable.objects.filter(
        region=region, withdrawn_at=None, last__year=as_of.year, last__lte=as_of + DAY
    )
    table = tables.first()
    return ProvinceLine(table, place_in(table)) if table else None


def place_in(table: ProvinceTable) -> Place | None:
    """Where the plan's city stands in a table."""
    return standing([CityRow(**row) for row in table.rows], configured.plan().cities[0])


def overnight(now: datetime) -> Overnight:
    """Imports since yesterday 00:00 Beijing time."""
    yesterday = (now.astimezone(BEIJING) - DAY).replace(hour=0, minute=0, second=0, microsecond=0)
    recent = [one for one in AirReader(settings.DATA).imports() if one.at >= yesterday and one.kind != "simulated"]
    return Overnight(
        imports=len(recent),
        rows=sum(one.rows_new + one.rows_changed for one in recent),
        kept_aside=sum(one.rows_quarantined for one in recent),
    )


def newest_hour(today: date) -> Hour | None:
    """The last hour of the city and its stations up to a duty day; None without hours."""
    city = configured.plan().cities[0]
    found = last_hour(city, today)
    if found is None:
        return None
    before = hour_before(city, found.time).city
    change = ""
    if found.city and before and found.city.aqi is not None and before.aqi is not None:
        step = found.city.aqi - before.aqi
        change = f"比前一小时{'上升' if step > 0 else '下降'} {abs(step)}" if step else "与前一小时持平"
    words = hour_words(found.time).removeprefix(f"{today} ").removeprefix(f"{today.year}-")
    return Hour(found, words, change, found.stations[:STATIONS_ON_DESK])


def entries_waiting() -> Entries:
    """Entries of the configured plan that wait for review or correction."""
    counted = dict(
        Entry.objects.filter(plan=settings.PLAN, standing__in=[Standing.ENTERED, Standing.RETURNED])
        .order_by()
        .values_list("standing")
        .annotate(Count("pk"))
    )
    return Entries(counted.get(Standing.ENTERED, 0), counted.get(Standing.RETURNED, 0))


def notes(region: str) -> Any:
    """Notes of the log, newest first."""
    return LogEntry.objects.filter(region=region).select_related("by", "closed_by", "struck_by")


def open_matters(region: str) -> list[LogEntry]:
    """Matters still to be settled, oldest first."""
    return list(notes(region).filter(is_matter=True, closed_at=None, struck_at=None).order_by("at", "pk"))


def waiting_hand_over(region: str) -> HandOver | None:
    """The hand-over that waits to be accepted."""
    waiting = HandOver.objects.filter(region=region, accepted_at=None, withdrawn_at=None)
    return waiting.select_related("giver", "taker").first()


def roster_week(first: date, region: str) -> list[tuple[date, str, RosterDay | None]]:
    """The seven days from ``first`` with who is on duty."""
    week = Days(first, first + timedelta(days=6))
    known = {row.day: row for row in RosterDay.objects.filter(region=region, day__gte=week.first, day__lte=week.last)}
    return [(day, f"星期{WEEK_DAYS[day.weekday()]}", known.get(day)) for day in week]


def released(day: date, region: str) -> list[DailyReport]:
    """Kept reports of a day, newest first."""
    return list(DailyReport.objects.filter(region=region, day=day).select_related("by"))


def report(day: date, viewer: User) -> daily_report.DailyReport:
    """The daily report about ``day``, as the data stand now; forecast, dues and duty are those of the next day."""
    region, today = configured.plan().region, day + DAY
    found = figures(day)
    issue, ahead = forecast_for(today, region)
    official = issue if issue and issue.official else None
    roster = RosterDay.objects.filter(region=region, day=today).first()
    return daily_report.DailyReport(
        city=found.city,
        day=day,
        reading=found.day.city,
        counties=found.day.counties,
        year_rows=found.year.rows,
        has_last_year=found.year.has_last_year,
        goals=goals(day, viewer).shown,
        forecast=tuple(_forecast_day(one) for one in ahead) if official else (),
        forecast_issuer=official.issuer if official else "",
        due=_due_words(dues.due(today)),
        duty=_duty_words(roster),
        simulated=found.simulated,
    )


def _forecast_day(one: ForecastDay) -> daily_report.ForecastDay:
    return daily_report.ForecastDay(one.day, one.category, one.aqi or None, one.primary or None, one.diffusion or None)


def _due_words(found: DueList) -> tuple[str, ...]:
    words = tuple(f"{item.title}（{item.who}）" if item.who else item.title for item in found.today)
    return (*words, f"另有逾期 {len(found.overdue)} 项") if found.overdue else words


def _duty_words(roster: RosterDay | None) -> tuple[str, ...]:
    if roster is None:
        return ()
    pairs = (("带班", roster.leader), ("值班", roster.officer), ("电话", roster.phone))
    return tuple(f"{word} {text}" for word, text in pairs if text)
