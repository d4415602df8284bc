"""What the address of a station's page asks for: station, days, kind of values, as known when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest

from lantian.basis.period import BEIJING, Days, month
from lantian.rulebook.dated import TOTAL_FROM
from lantian.site import clock
from lantian.site.ambient.asking import VALUES
from lantian.site.ambient.station_data import StationHours, station_hours
from lantian.store.air import AirReader
from lantian.store.stations import Station, StationReader

SPANS = {"week": "一周", "month": "一月"}
LAST = date(2999, 12, 31)  # beyond it a date is a slip


@dataclass(slots=True)
class Asked:
    """The address of a station's page read once."""

    code: str
    rows: list[Station]
    days: Days
    day: date
    span: str
    values: str
    known: datetime | None
    errors: dict[str, str]

    @property
    def status(self) -> int:
        """HTTP status: 400 where something in the address could not be read."""
        return 400 if self.errors else 200

    @property
    def current(self) -> Station | None:
        """The row that holds at the end of the days, else the last one."""
        return next((one for one in self.rows if one.valid_on(self.days.last)), self.rows[-1] if self.rows else None)

    @property
    def title(self) -> str:
        """The station's name, or its code where it is not registered."""
        return self.current.name if self.current else self.code


def asked_of(request: HttpRequest, code: str) -> Asked:
    """The address of a request.

    Errors  Http404 for a station that is neither registered nor heard
    """
    reader, given, errors = StationReader(settings.DATA), request.GET, dict[str, str]()
    rows = [one for one in reader.stations() if one.code == code]
    values = given.get("values", "realtime")
    if values not in VALUES:
        errors["values"], values = "请选实况或审核后", "realtime"
    heard = reader.heard(values).get(code) or reader.heard().get(code)
    if not rows and heard is None:
        raise Http404(code)
    span = given.get("span", "week")
    if span not in SPANS:
        errors["span"], span = "请选一周或一月", "week"
    day = heard[1] if heard else clock.as_of()
    if text := given.get("day", "").strip():
        try:
            told = date.fromisoformat(text)
            if not TOTAL_FROM <= told <= LAST:
                errors["day"] = f"请选 {TOTAL_FROM} 至 {LAST} 之间的日期"
            else:
                day = told
        except ValueError:
            errors["day"] = f"“{text[:20]}”不是日期。请写成 2025-10-15 这样"
    known = None
    if text := given.get("known", "").strip():
        try:
            known = datetime.fromisoformat(text).replace(tzinfo=BEIJING)
        except ValueError:
            errors["known"] = f"“{text[:20]}”不是时间。请写成 2025-10-15T08:00 这样"
    return Asked(code, rows, days_of(day, span), day, span, values, known, errors)


def days_of(day: date, span: str) -> Days:
    """The week (Monday first) or the month a day lies in; nothing before the rulebook begins."""
    if span == "month":
        return month(day.year, day.month)
    first = day - timedelta(days=day.weekday())
    return Days(max(first, TOTAL_FROM), first + timedelta(days=6))


def version() -> int:
    """Version of the air data."""
    return AirReader(settings.DATA).version()


def hours_of(found: Asked) -> StationHours:
    """The hours asked for."""
    return station_hours(settings.DATA, version(), found.code, found.days, found.values, found.known)
