"""Monitor operators (运维单位): who looks after which outlets, and their record of notices, marks, alarms and answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lantian.render.columns import Column
from lantian.site import clock
from lantian.site.access import Action, action
from lantian.site.alarms import selectors
from lantian.site.alarms.asking import names
from lantian.site.alarms.models import ALIVE, Alarm, Mark, Notice
from lantian.site.downloads import xlsx
from lantian.store.stack.outlets import Outlet

DAYS = 90
_KEPT = ("校准", "校验", "维护", "日常维护")  # marks that tell of work on the monitor
_COLUMNS = (
    Column("operator", "运维单位", 30), Column("outlets", "排放口数", 10), Column("alarms", "预警", 10), Column("open", "其中未销号", 12),
    Column("lost", "信号中断", 10), Column("answered", "已响应", 10), Column("hours", "响应用时中位数（小时）", 22),
    Column("notices", "报备", 10), Column("work", "校准和维护标记", 16),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Record:
    """What one operator did in the last days; ``hours`` median time until an alarm was answered, None without answers."""

    operator: str
    outlets: tuple[Outlet, ...]
    alarms: tuple[Alarm, ...]
    notices: tuple[Notice, ...]
    marks: tuple[Mark, ...]

    @property
    def open(self) -> int:
        """Alarms not closed off."""
        return sum(one.state in ALIVE for one in self.alarms)

    @property
    def lost(self) -> int:
        """Lost signals."""
        return sum(one.cause == "lost" for one in self.alarms)

    @property
    def answers(self) -> list[timedelta]:
        """Times until an alarm was answered."""
        return [one.answered_at - one.raised_at for one in self.alarms if one.answered_at]

    @property
    def hours(self) -> str:
        """Median of those times in hours to one decimal; empty without answers."""
        return f"{median(one / timedelta(hours=1) for one in self.answers):.1f}" if self.answers else ""

    @property
    def work(self) -> tuple[Mark, ...]:
        """Marks that tell of calibration and maintenance."""
        return tuple(one for one in self.marks if one.family == "monitor" and one.label in _KEPT)


@action(Action.READ_ALARMS)
def operators(request: HttpRequest) -> HttpResponse:
    """All operators of the outlets a viewer may read, with their figures of the last days."""
    return render(request, "alarms/operators.html", {**names(request), "records": _records(request.user), "days": DAYS})


@action(Action.READ_ALARMS)
def operators_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a workbook."""
    from lantian.render.tables import workbook  # openpyxl is loaded when a workbook is asked for

    rows = [
        {"operator": one.operator, "outlets": len(one.outlets), "alarms": len(one.alarms), "open": one.open, "lost": one.lost,
         "answered": len(one.answers), "hours": one.hours, "notices": len(one.notices), "work": len(one.work)}
        for one in _records(request.user)
    ]  # fmt: skip
    return xlsx(workbook("运维单位", _COLUMNS, rows, notes=[f"近 {DAYS} 天"]), "运维单位.xlsx")


@action(Action.READ_ALARMS)
def operator(request: HttpRequest, name: str) -> HttpResponse:
    """One operator's record: outlets, notices, calibration and maintenance, alarms with the time until an answer."""
    record = next((one for one in _records(request.user) if one.operator == name), None)
    if record is None:
        raise Http404(name)
    counted = Counter(one.outlet for one in record.alarms)
    context = {
        **names(request), "record": record, "days": DAYS,
        "outlets": [(one, counted[one.code]) for one in record.outlets],
    }  # fmt: skip
    return render(request, "alarms/operator.html", context)


def _records(viewer: Any) -> list[Record]:
    """Records by operator; four queries however many there are."""
    since = clock.now() - timedelta(days=DAYS)
    outlets: dict[str, list[Outlet]] = {}
    for one in selectors.outlets_of(viewer).values():
        if one.operator:
            outlets.setdefault(one.operator, []).append(one)
    of = {one.code: operator for operator, theirs in outlets.items() for one in theirs}

    def theirs(rows: Any) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for row in rows.filter(outlet__in=list(of)):
            found.setdefault(of[row.outlet], []).append(row)
        return found

    alarms = theirs(selectors.alarms(viewer).filter(raised_at__gte=since, cause__in=("hour", "day", "lost")))
    notices = theirs(selectors.notices_of(viewer).filter(start__gte=since, withdrawn_at=None))
    marks = theirs(selectors.marks_of(viewer).filter(start__gte=since).exclude(state="withdrawn"))
    return [
        Record(
            name, tuple(theirs_), tuple(alarms.get(name, ())), tuple(notices.get(name, ())), tuple(marks.get(name, ()))
        )
        for name, theirs_ in sorted(outlets.items())
    ]
