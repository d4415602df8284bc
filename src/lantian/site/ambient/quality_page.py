"""What the page about data quality shows: findings of a month with their notes, capture of each station."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from lantian.air.item import ITEMS, PRINTED
from lantian.basis.exact import rounded_text
from lantian.basis.period import day_of_hour_end_stamp, month
from lantian.site import configured
from lantian.site.ambient.asking import VALUES
from lantian.site.ambient.models import FindingNote
from lantian.site.ambient.quality_words import KINDS, look_at, name_of
from lantian.store.air import plain_city
from lantian.store.hours import HourReader
from lantian.store.quality import KeptFinding, QualityMonth, quality_month
from lantian.store.stations import ROLES, Station, StationReader

EVERY = "all"
MOST_REPORTED = timedelta(days=30)  # a report of doubt is about 31 days at most
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])\Z")


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding with its station, words, notes and addresses."""

    kept: KeptFinding
    name: str
    station: Station | None
    item: str
    when: str
    look: str
    notes: tuple[FindingNote, ...]
    hours_url: str
    report_url: str


@dataclass(frozen=True, slots=True)
class Capture:
    """Capture of one station in a month: of all items together, and hours and valid days of each."""

    station: Station | None
    code: str
    rate: str
    low: bool
    cells: tuple[tuple[str, int], ...]
    days: int


@dataclass(slots=True)
class Page:
    """The page's address read once, and what it shows."""

    months: list[str]
    month: str
    values: str
    city: str
    cities: list[str]
    code: str
    station: str
    noted: str
    errors: dict[str, str]
    kept: QualityMonth | None
    stations: dict[str, Station]
    findings: list[Shown]
    captures: list[Capture]

    @property
    def status(self) -> int:
        """HTTP status: 400 where something in the address could not be read."""
        return 400 if self.errors else 200


def page_of(request: HttpRequest) -> Page:
    """The page a request asks for."""
    asked, errors = request.GET, dict[str, str]()
    values = _one_of(asked.get("values", ""), VALUES, "realtime", "values", errors)
    months = HourReader(settings.DATA).months(values)[::-1]
    chosen = _month(asked.get("month", ""), months, errors)
    register = StationReader(settings.DATA).stations()
    stations = {one.code: one for one in register}
    own = plain_city(configured.plan().cities[0])
    cities = sorted({one.city for one in register}, key=lambda name: (name != own, name))
    city = _one_of(asked.get("city", ""), dict.fromkeys([own, *cities, EVERY]), own, "city", errors)
    code = _one_of(asked.get("code", ""), {"": "", **KINDS}, "", "code", errors)
    noted = _one_of(asked.get("noted", ""), dict.fromkeys(["", "yes", "no"]), "", "noted", errors)
    kept = quality_month(settings.DATA, values, chosen) if chosen else None
    page = Page(
        months, chosen, values, city, cities, code, asked.get("station", "").strip(), noted, errors, kept, stations, [], []
    )  # fmt: skip
    if kept:
        page.findings = _findings(page, kept)
        page.captures = _captures(page, kept)
    return page


def _one_of(text: str, known: Container[str], default: str, field: str, errors: dict[str, str]) -> str:
    if text == "" or text in known:
        return text or default
    errors[field] = f"没有“{text[:20]}”这一项，请从列表中选"
    return default


def _month(text: str, months: Sequence[str], errors: dict[str, str]) -> str:
    if not text:
        return months[0] if months else ""
    if not _MONTH.match(text):
        errors["month"] = f"“{text[:20]}”不是月份。请写成 2025-10 这样"
        return months[0] if months else ""
    if text not in months:
        errors["month"] = f"{text} 没有站点小时值。请从列表中选"
        return months[0] if months else ""
    return text


def _seen(page: Page, code: str) -> bool:
    station = page.stations.get(code)
    inside = page.city == EVERY or (station is not None and station.city == page.city)
    return inside and page.station in ("", code)


def _findings(page: Page, kept: QualityMonth) -> list[Shown]:
    notes: dict[str, list[FindingNote]] = {}
    for note in FindingNote.objects.filter(month=kept.month, values_kind=kept.values).select_related("entered_by"):
        notes.setdefault(note.key, []).append(note)
    found = []
    for one in kept.findings:
        own = tuple(notes.get(one.key, ()))
        standing = any(not note.is_withdrawn for note in own)
        if _seen(page, one.station) and page.code in ("", one.code) and page.noted in ("", "yes" if standing else "no"):
            found.append(shown(one, page.stations.get(one.station), own))
    return found


def shown(one: KeptFinding, station: Station | None, notes: tuple[FindingNote, ...]) -> Shown:
    """A finding as pages show it."""
    first, last = _day(one.first), _day(one.last)
    item = "" if one.item is None else PRINTED.get(one.item, "O3")
    hours = reverse("ambient:station", args=[one.station]) + "?" + urlencode({"day": first, "span": "week"})
    national = station is not None and station.role == "national"
    return Shown(
        kept=one,
        name=name_of(one.code),
        station=station,
        item=item,
        when=_when(one),
        look=look_at(one.code),
        notes=notes,
        hours_url=hours,
        report_url=report_url(one, station, first, last) if station and national else "",
    )


def report_url(one: KeptFinding, station: Station, first: date, last: date) -> str:
    """Address of the form of a report of doubt with what is known filled in."""
    given = {
        "stations": f"{station.name}（{station.code}）",
        "first": f"{first}",
        "last": f"{min(last, first + MOST_REPORTED)}",
        "hours": _when(one),
        "phenomenon": f"{one.zh}（程序提示，疑似）。",
    }
    return f"{reverse('board:doubts')}?{urlencode(given)}"


def _day(text: str) -> date:
    """Day an hour or a day of a finding belongs to."""
    return day_of_hour_end_stamp(datetime.fromisoformat(text)) if "T" in text else date.fromisoformat(text)


def _when(one: KeptFinding) -> str:
    first, last = (text.replace("T", " ")[:16] for text in (one.first, one.last))
    return first if first == last else f"{first} 至 {last}"


def _captures(page: Page, kept: QualityMonth) -> list[Capture]:
    of: dict[str, dict[str, tuple[int, int, int, int]]] = {}
    for one in kept.captures:
        if _seen(page, one.station):
            of.setdefault(one.station, {})[one.item] = (one.present, one.possible, one.valid_days, one.days)
    least = min_percent(kept.month)
    found = []
    for code, items in of.items():
        present, possible = (sum(cells[at] for cells in items.values()) for at in (0, 1))
        rate = Fraction(100 * present, possible)
        cells = tuple((_percent(items[item][:2]), items[item][2]) for item in ITEMS)
        low = rate < least
        found.append(Capture(page.stations.get(code), code, rounded_text(rate, 1), low, cells, items["pm25"][3]))
    return sorted(found, key=lambda one: (_role(one.station), one.code))


def min_percent(text: str) -> int:
    """Least capture of hours that is not worth a look, in percent."""
    from lantian.work.air_quality import quality_rule

    return quality_rule(month(int(text[:4]), int(text[5:])).last).capture_percent


def _percent(pair: tuple[int, ...]) -> str:
    return rounded_text(Fraction(100 * pair[0], pair[1]), 1)


def _role(station: Station | None) -> int:
    return list(ROLES).index(station.role) if station else len(ROLES)
