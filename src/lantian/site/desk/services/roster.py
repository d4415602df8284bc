"""The roster: rows pasted or repeated from last week; a day is corrected by writing it again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.basis.period import Days
from lantian.site.desk.days import FIRST_YEAR, LAST_YEAR
from lantian.site.desk.models import RosterDay
from lantian.site.desk.services.record import record
from lantian.site.journal.services import register
from lantian.site.people.models import User
from lantian.site.people.services import region

register({"desk.roster_set": "更改值班表", "desk.roster_removed": "删去值班安排"})

WEEK = timedelta(days=7)
_DATE = re.compile(r"(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_HEAD_WORDS = ("日期", "带班", "值班")


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One day of a roster as pasted."""

    day: date
    leader: str
    officer: str
    phone: str


def read_lines(text: str, year: int) -> tuple[tuple[RosterLine, ...], tuple[Finding, ...]]:
    """Days in a pasted table (日期, 带班, 值班, 电话 by tabs or commas), and the lines left out with the reason.

    A date without a year is taken in ``year``.
    """
    lines: dict[date, RosterLine] = {}
    findings: list[Finding] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        if not raw.strip() or all(word in raw for word in _HEAD_WORDS[:2]):
            continue
        cells = [cell.strip() for cell in re.split(r"\t|[,，;；]", raw.strip())]
        day = _day(cells[0], year)
        if day is None:
            findings.append(_finding(number, f"“{cells[0]}”不是日期。请写成 2025-10-16 或 10月16日"))
        elif len(cells) < 3 or not cells[2]:
            findings.append(_finding(number, "缺少值班人员。每行依次为：日期、带班领导、值班人员、电话"))
        elif day in lines:
            findings.append(_finding(number, f"{day} 出现两次，只采用先出现的一行"))
        else:
            lines[day] = RosterLine(day, cells[1][:60], cells[2][:120], " ".join(cells[3:])[:60])
    return tuple(lines.values()), tuple(findings)


def _day(text: str, year: int) -> date | None:
    match = _DATE.match(text)
    if not match:
        return None
    try:
        day = date(int(match[1] or year), int(match[2]), int(match[3]))
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _finding(row: int, zh: str) -> Finding:
    return Finding("ROSTER-LINE-UNREADABLE", Severity.REFUSED, Text(zh, "line not usable"), Place(row=row))


@transaction.atomic
def set_days(lines: Iterable[RosterLine], *, by: User, now: datetime) -> int:
    """Number of days written; days that already stood there are replaced, the journal keeps what stood before."""
    changed = 0
    for line in lines:
        found = RosterDay.objects.filter(region=region(), day=line.day).first()
        before = _words(found) if found else {}
        if before == asdict(line) | {"day": str(line.day)}:
            continue
        row = found or RosterDay(region=region(), day=line.day)
        row.leader, row.officer, row.phone = line.leader, line.officer, line.phone
        row.by, row.changed_at = by, now
        row.save()
        record("desk.roster_set", row, by=by, now=now, before=before, after=_words(row))
        changed += 1
    return changed


def _words(row: RosterDay) -> dict[str, str]:
    return {"day": str(row.day), "leader": row.leader, "officer": row.officer, "phone": row.phone}


@transaction.atomic
def repeat_week(first: date, *, by: User, now: datetime) -> int:
    """Number of days of the week from ``first`` filled as the week before; days already filled stay.

    Errors  Refusal where the week before has nothing
    """
    week = Days(first, first + timedelta(days=6))
    known = {
        row.day: row for row in RosterDay.objects.filter(region=region(), day__gte=first - WEEK, day__lte=week.last)
    }
    lines = [
        RosterLine(day, known[day - WEEK].leader, known[day - WEEK].officer, known[day - WEEK].phone)
        for day in week
        if day not in known and day - WEEK in known
    ]
    if not any(day - WEEK in known for day in week):
        text = Text(f"{first - WEEK} 起的一周没有值班安排，无法照抄。请先粘贴值班表", "the week before has no roster")
        raise Refusal(Finding("ROSTER-WEEK-EMPTY", Severity.REFUSED, text))
    return set_days(lines, by=by, now=now)


@transaction.atomic
def remove_day(day: date, *, by: User, now: datetime) -> None:
    """Takes a day off the roster; the journal keeps what stood there."""
    row = RosterDay.objects.get(region=region(), day=day)
    record("desk.roster_removed", row, by=by, now=now, before=_words(row))
    row.delete()
