"""What others read of marks, notices, alarms and orders: each by viewer, and the marks as the referee takes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Model, QuerySet

from lantian import rulebook
from lantian.basis.period import BEIJING, DAY
from lantian.site.access import Action, Scope, scope_of
from lantian.site.alarms.merging import ROOM
from lantian.site.alarms.models import Alarm, Mark, MarkState, Notice, PressOrder
from lantian.site.alarms.times import beijing, instant
from lantian.site.stack.selectors import within
from lantian.site.year import revision
from lantian.stack import marks as stack_marks
from lantian.stack.exceedance import MarkingWindow
from lantian.store.stack.outlets import Outlet
from lantian.store.stack.outlets import outlets as published
from lantian.work.stack_watch import Told

M = TypeVar("M", bound=Model)
NIGHT_FROM = time(18)  # a night on the duty desk begins the evening before
COUNTED = (MarkState.ENTERED, MarkState.ACCEPTED)


def version() -> int:
    """Number that changes with each write to alarms, marks, notices and orders."""
    return revision.current(ROOM)


def state() -> tuple[int, int]:
    """What changes where anything of alarms or the number of published outlets does."""
    return version(), len(published(settings.DATA))


def outlets_of(viewer: Any) -> Mapping[str, Outlet]:
    """Outlets whose alarms a viewer may read, by code: all, those of the county, or those of the company."""
    scope = scope_of(viewer, Action.READ_ALARMS)
    return {one.code: one for one in published(settings.DATA) if within(one, viewer, scope)}


def alarms(viewer: Any) -> QuerySet[Alarm]:
    """Alarms of the outlets a viewer may read; what a check or pattern raised is not shown to who runs the outlet."""
    rows = _of_outlets(_standing(Alarm.objects.all()), viewer)
    if scope_of(viewer, Action.READ_ALARMS) is Scope.OWN_COMPANY:
        return rows.exclude(cause__in=("check", "suspect"))
    return rows


def marks_of(viewer: Any) -> QuerySet[Mark]:
    """Marks of the outlets a viewer may read."""
    return _of_outlets(Mark.objects.select_related("entered_by", "judged_by"), viewer)


def notices_of(viewer: Any) -> QuerySet[Notice]:
    """Notices of the outlets a viewer may read."""
    return _of_outlets(Notice.objects.select_related("given_by"), viewer)


def orders(viewer: Any) -> QuerySet[PressOrder]:
    """Press orders a viewer may read: all, those of the county, or those sent to the company or about outlets it looks after."""
    rows = _standing(PressOrder.objects.select_related("drafted_by"))
    scope = scope_of(viewer, Action.READ_ALARMS)
    if scope is Scope.ALL:
        return rows
    if scope is Scope.OWN_COUNTY and viewer.county:
        return rows.filter(region=viewer.county)
    if scope is Scope.OWN_COMPANY and viewer.company:
        sent = rows.exclude(state__in=("drafted", "withdrawn"), number="")
        return sent.filter(company=viewer.company) | sent.filter(operator=viewer.company)
    return rows.none()


def _standing(rows: QuerySet[M]) -> QuerySet[M]:
    """Rows without the simulated ones, once the simulated outlets have left the register."""
    return rows if any(one.simulated for one in published(settings.DATA)) else rows.exclude(simulated=True)


def marks(first: date, last: date) -> tuple[stack_marks.Mark, ...]:
    """Marks by hand that touch the days from ``first`` to ``last``, as the referee takes them: rejected ones do not count,
    late ones only once they are accepted."""
    from_, until = _day(first), _day(last + DAY)
    rows = Mark.objects.filter(state__in=COUNTED, start__lt=until, end__gt=from_).order_by("start", "pk")
    return tuple(
        stack_marks.Mark(
            one.outlet, one.factor or None, one.family, one.label, beijing(one.start), beijing(one.end),  # type: ignore[arg-type]
        )
        for one in rows
        if one.state == MarkState.ACCEPTED or not is_late(one.start, one.entered_at)
    )  # fmt: skip


def is_late(start: datetime, entered_at: datetime) -> bool:
    """Whether a mark was entered after the hours it begins with could be marked (``stack.marking.window``)."""
    day = beijing(start).date()
    return entered_at >= rulebook.fill(MarkingWindow, day).closes(day)


def told(first: date, last: date) -> tuple[Told, ...]:
    """Notices that touch the days from ``first`` to ``last``, as the watch takes them; an earlier end than planned counts."""
    rows = Notice.objects.filter(withdrawn_at=None, start__lt=_day(last + DAY), end__gt=_day(first))
    return tuple(Told(one.outlet, beijing(one.start), beijing(min(one.end, one.ended_at or one.end))) for one in rows)


def night_from(now: datetime) -> datetime:
    """The instant the night's alarms are counted from: 18:00 of the day before."""
    yesterday = (now.astimezone(BEIJING) - timedelta(days=1)).date()
    return instant(datetime.combine(yesterday, NIGHT_FROM))


def of_the_night(rows: QuerySet[Alarm], now: datetime) -> QuerySet[Alarm]:
    """Alarms raised, grown or still going since 18:00 of the day before."""
    return rows.filter(last__gte=night_from(now)).exclude(state="dropped")


def _of_outlets(rows: QuerySet[M], viewer: Any) -> QuerySet[M]:
    scope = scope_of(viewer, Action.READ_ALARMS)
    if scope is Scope.ALL:
        return rows
    if scope is None:
        return rows.none()
    return rows.filter(outlet__in=list(outlets_of(viewer)))


def _day(day: date) -> datetime:
    return instant(datetime.combine(day, time()))
