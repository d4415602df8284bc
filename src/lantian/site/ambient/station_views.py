"""One station: hours of a week or a month, days with their limits, presence, what changed, findings, files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from lantian.air.item import HOUR_ITEMS, ITEMS
from lantian.air.quality import plain
from lantian.basis.period import DAY, Days, month
from lantian.render.presence_svg import presence_svg
from lantian.site.access import Action, action
from lantian.site.ambient.asking import VALUES
from lantian.site.ambient.models import FindingNote
from lantian.site.ambient.quality_page import Shown, shown
from lantian.site.ambient.quality_words import NATIONAL_RULE, UNCHANGED
from lantian.site.ambient.station_asked import SPANS, Asked, asked_of, hours_of, version
from lantian.site.ambient.station_data import LABELS, StationHours, beside, changes, station_hours
from lantian.site.ambient.station_figure import ORDER, hour_figure
from lantian.site.ambient.station_files import stamp, unit
from lantian.site.journal.models import Entry
from lantian.store.air import AirReader
from lantian.store.hours import MEASURED
from lantian.store.quality import quality_month
from lantian.store.stations import ROLES, StationReader
from lantian.work.air_unverified import STATION_DAY, unverified

_MOST = 200


@action(Action.READ_AIR)
def station(request: HttpRequest, code: str) -> HttpResponse:
    """One station over a week or a month."""
    found = asked_of(request, code)
    hours = hours_of(found)
    made = _drawn(settings.DATA, version(), code, found.days, found.values, found.known)
    changed = changes(settings.DATA, version(), code, found.days, found.values)
    other = beside(settings.DATA, version(), code, found.days)
    around = _around(found)
    whole = month(found.days.last.year, found.days.last.month)
    findings = _findings(found)
    context: dict[str, Any] = {
        "asked": found,
        "station": found.current,
        "role": ROLES[found.current.role].zh if found.current else "",
        "roles": ROLES,
        "spans": list(SPANS.items()),
        "values": list(VALUES.items()),
        "values_word": VALUES[found.values],
        "data": hours,
        "any_value": any(any(value is not None for value in hour.values) for hour in hours.hours),
        "heads": [(LABELS[item], unit(item)) for item in _shown_items(hours)],
        "hour_rows": made.rows,
        "day_heads": [LABELS[item] for item in ITEMS],
        "figures": made.figures,
        "limit_words": _limit_words(hours),
        "presence": presence_svg(
            whole, {day: counts[0] for day, counts in hours.presence.items()}, _told(hours), around
        ),
        "changes": changed[:_MOST],
        "changes_count": len(changed),
        "beside": other,
        "differences": other.differences[:_MOST] if other else (),
        "most": _MOST,
        "findings": findings,
        "rule": NATIONAL_RULE,
        "unchanged": UNCHANGED,
        "before": around(found.days.first - DAY),
        "after": around(found.days.last + DAY),
        "revisions": StationReader(settings.DATA).revisions(code)[::-1],
        "unverified": unverified(STATION_DAY, found.days),
        "entries": Entry.objects.filter(subject__startswith=f"站点 {code} ").select_related("by")[:20],
        "simulated": bool(found.current) and AirReader(settings.DATA).simulated(found.current.city),  # type: ignore[union-attr]
    }
    return render(request, "ambient/station.html", context, status=found.status)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn of the hours: a figure (item, name, SVG) of each item, the rows of their table."""

    figures: tuple[tuple[str, str, str], ...]
    rows: SafeString


@lru_cache(maxsize=32)  # the key holds the version of the air data: what changes is drawn anew
def _drawn(data: Path, version: int, code: str, days: Days, values: str, known: datetime | None) -> Drawn:
    hours = station_hours(data, version, code, days, values, known)
    figures = tuple((item, LABELS[item], hour_figure(hours, item)) for item in ORDER) if hours.hours else ()
    return Drawn(figures, _rows(hours, len(_shown_items(hours))))


def _shown_items(hours: StationHours) -> Sequence[str]:
    """Items of the table of hours: wind where the station tells it."""
    return MEASURED if hours.wind else HOUR_ITEMS


def _around(found: Asked) -> Callable[[date], str]:
    """Address of this page around another day."""
    given = {"span": found.span} | ({"values": found.values} if found.values != "realtime" else {})
    base = reverse("ambient:station", args=[found.code])
    return lambda day: f"{base}?{urlencode({**given, 'day': day})}"


def _rows(hours: StationHours, width: int) -> SafeString:
    """Rows of the table of hours as HTML: some hundreds of them, which a template writes ten times slower."""
    lines = []
    for hour in hours.hours:
        cells = "".join(f'<td class="number">{"—" if one is None else plain(one)}</td>' for one in hour.values[:width])
        day = ' class="day"' if hour.time.hour == 1 else ""
        lines.append(f'<tr{day}><td class="when">{escape(stamp(hour.time))}</td>{cells}</tr>')
    return mark_safe("".join(lines))  # numbers and times only


def _told(hours: StationHours) -> dict[date, str]:
    return {
        day: "，".join(f"{LABELS[item]} {count}" for item, count in zip(HOUR_ITEMS, counts[1:], strict=True))
        for day, counts in hours.presence.items()
    }


def _limit_words(hours: StationHours) -> str:
    editions = dict.fromkeys(one.edition for one in hours.limits)
    return "；".join(
        f"{edition} 二级 "
        + "、".join(f"{LABELS[o.item]} {float(o.value):g}" for o in hours.limits if o.edition == edition)
        for edition in editions
    )


def _findings(found: Asked) -> list[Shown]:
    months = dict.fromkeys(f"{day:%Y-%m}" for day in (found.days.first, found.days.last))
    kept = [quality_month(settings.DATA, found.values, one) for one in months]
    notes: dict[str, list[FindingNote]] = {}
    for note in FindingNote.objects.filter(station=found.code, withdrawn_at=None).select_related("entered_by"):
        notes.setdefault(note.key, []).append(note)
    first, end = f"{found.days.first}", f"{found.days.last + DAY}"
    return [
        shown(one, found.current, tuple(notes.get(one.key, ())))
        for page in kept
        if page
        for one in page.findings
        if one.station == found.code and one.first <= end and one.last >= first
    ]
