"""Clock work of the alarms: referee and checks of today and yesterday every few minutes, the screening each night."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse

from lantian.basis.period import BEIJING, DAY, beijing_date
from lantian.site.access import Action
from lantian.site.alarms import selectors
from lantian.site.alarms.merging import merge
from lantian.site.jobs.clock_work import ClockWork, declare
from lantian.site.jobs.registry import Handle, job
from lantian.site.stack.services import JUDGE_JOB

WATCH, SCREEN = "stack.watch", "stack.screen"
WORDS = {"raised": "新增", "grown": "更新", "ended": "结束", "dropped": "解除", "closed": "销号"}
MINUTES = 5
declare(ClockWork(WATCH, at=time(0, 2), interval=timedelta(minutes=MINUTES)))
declare(ClockWork(SCREEN, at=time(4, 10)))  # after the lake's upkeep, before the eight o'clock list


@job(WATCH, label="排放口数据判定和预警", needs=Action.KEEP_STACK)
def watch(handle: Handle, first: str = "") -> dict[str, Any]:
    """Judges and checks from ``first`` to today (without: today, once an hour yesterday too), and lets the alarms grow."""
    due = handle.due_at.astimezone(BEIJING)
    hourly = due.date() - DAY if due.minute < MINUTES else due.date()
    return _watched(handle, date.fromisoformat(first) if first else hourly)


def _watched(handle: Handle, since: date) -> dict[str, Any]:
    from lantian.store.stack.outlets import outlets
    from lantian.work import stack_watch
    from lantian.work.stack_checks import check
    from lantian.work.stack_referee import judge

    found, now = outlets(settings.DATA), handle.now()
    today = beijing_date(now)
    if not found:
        return {"summary": "还没有登记排放口。"}
    marks = selectors.marks(since - DAY, today)
    handle.progress(0, 3, "有效性、折算和超标判定")
    judge(settings.DATA, found, marks, since, today, now=now)
    handle.progress(1, 3, "数据检查")
    check(settings.DATA, found, marks, since, today, now=now)
    handle.progress(2, 3, "预警")
    seen = stack_watch.watch(settings.DATA, found, selectors.told(since, today), now=now, since=since)
    counted = merge(seen, found, stack_watch.tiers(today), now=now)
    handle.progress(3, 3)
    words = [f"{word} {counted[key]} 条" for key, word in WORDS.items() if counted[key]]
    return {
        "summary": f"预警：{'，'.join(words) or '没有变化'}。",
        "url": reverse("alarms:alarms"),
        "link": "查看预警",
    }


@job(JUDGE_JOB, label="导入数据的判定", needs=Action.KEEP_STACK)
def judge_days(handle: Handle, first: str, last: str) -> dict[str, Any]:
    """Judges and checks days whose records changed by an import; alarms are left to the watch."""
    from lantian.store.stack.outlets import outlets
    from lantian.work.stack_checks import check
    from lantian.work.stack_referee import judge

    found, now = outlets(settings.DATA), handle.now()
    since, until = date.fromisoformat(first), date.fromisoformat(last)
    marks = selectors.marks(since - DAY, until)
    judge(settings.DATA, found, marks, since, until, now=now)
    handle.progress(1, 2, "数据检查")
    check(settings.DATA, found, marks, since, until, now=now)
    return {"summary": f"已判定 {first} 至 {last}。", "url": reverse("stack:live"), "link": "查看排放口"}


@job(SCREEN, label="疑似异常规律筛查", needs=Action.KEEP_STACK)
def screen(handle: Handle) -> dict[str, Any]:
    """Looks for patterns in the days that have ended since the last look, then lets the alarms grow."""
    from lantian.store.stack.outlets import outlets
    from lantian.work import stack_screening

    found, now = outlets(settings.DATA), handle.now()
    if not found:
        return {"summary": "还没有登记排放口。"}
    today = beijing_date(now)
    marks = selectors.marks(today - DAY, today)
    stack_screening.screen(settings.DATA, found, today - DAY, today, now=now, marks=marks, progress=handle.progress)
    return _watched(handle, today - DAY)
