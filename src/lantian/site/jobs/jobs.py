"""Jobs of the queue itself: old rows of the queue are put away each night."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from django_tasks_db.models import DBTaskResult

from lantian.site.access import Action
from lantian.site.jobs.clock_work import ClockWork, declare, table
from lantian.site.jobs.models import Heartbeat, Job, State
from lantian.site.jobs.registry import Handle, job

KEPT = timedelta(days=7)


@job("jobs.tidy", label="清理后台队列", needs=Action.MANAGE_USERS)
def tidy(handle: Handle) -> dict[str, Any]:
    """Removes rows of the queue that ended a week ago; the jobs themselves and their results stay, but for work at intervals."""
    before = handle.now() - KEPT
    often = [work.name for work in table() if work.interval]
    Job.objects.filter(name__in=often, by=None, state=State.DONE, finished_at__lt=before).delete()
    removed, _ = DBTaskResult.objects.finished().filter(finished_at__lt=before).delete()
    Heartbeat.objects.filter(at__lt=before).delete()
    return {"summary": f"清理队列记录 {removed} 条。"}


declare(ClockWork("jobs.tidy", time(3, 10)))
