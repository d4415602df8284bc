"""What is due: lines of the yearly task list and days nobody is on the roster for."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse

from lantian.site import configured
from lantian.site.desk.models import RosterDay
from lantian.site.year.models import TaskState, YearTask
from lantian.work.duty import Due, DueList, due_list, roster_gaps

DAYS_AHEAD = 7
_SETTLED = (TaskState.DONE_PENDING, TaskState.CLOSED_OFF)


def due(today: date) -> DueList:
    """Everything over its date, due today or within the next seven days."""
    return due_list([*tasks(today)], today, DAYS_AHEAD)


def tasks(today: date) -> list[Due]:
    """Lines of the task list with a deadline up to seven days ahead that are not settled."""
    plan = configured.plan()
    open_tasks = YearTask.objects.filter(
        plan=settings.PLAN, withdrawn_at=None, deadline__lte=today + timedelta(days=DAYS_AHEAD)
    ).exclude(state__in=_SETTLED)

    def who(body: str) -> str:
        return plan.bodies[body].zh if body in plan.bodies else body

    return [
        Due(f"{task.number} {task.text}", task.deadline, who(task.lead), "task", reverse("year:task", args=[task.pk]))
        for task in open_tasks
        if task.deadline
    ]


def gaps(today: date, region: str) -> tuple[date, ...]:
    """Days of the coming week nobody is on the roster for; none where no roster is kept at all."""
    last = today + timedelta(days=DAYS_AHEAD - 1)
    covered = list(RosterDay.objects.filter(region=region, day__gte=today, day__lte=last).values_list("day", flat=True))
    return roster_gaps(covered, today, DAYS_AHEAD) if covered else ()
