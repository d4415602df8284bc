"""What is done to jobs: start, hand over to the queue, cancel, repeat, take up again after a process died."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import QuerySet
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from lantian.site import configured
from lantian.site.jobs.models import LEASE, Job, State
from lantian.site.jobs.registry import kind
from lantian.site.jobs.tasks import run_job
from lantian.site.journal.services import register, write

if TYPE_CHECKING:
    from lantian.site.people.models import User

MAX_ATTEMPTS = 3
_INTERRUPTED = "后台进程连续 {n} 次在这项工作中途停止，已不再自动重试。可能是服务器内存不足或被重新启动；请查看服务器日志后再点“重新进行”。"

register({"jobs.started": "发起后台工作", "jobs.cancelled": "取消后台工作", "jobs.repeated": "重新进行后台工作"})


class JobError(ValueError):
    """The job cannot be cancelled or repeated now; the text says why."""


@transaction.atomic
def start(
    name: str,
    arguments: dict[str, Any],
    *,
    by: User | None,
    now: datetime,
    unique: str = "",
    due_at: datetime | None = None,
    label: str = "",
) -> Job:
    """The job now waiting; where one with the same ``unique`` key is still open, that one.

    Errors  UnknownJobError
    """
    declared = kind(name)
    if unique and (same := Job.objects.filter(unique_key=unique, state__in=[State.QUEUED, State.RUNNING]).first()):
        return same
    made = Job.objects.create(
        name=name,
        label=label or declared.label,
        arguments=arguments,
        unique_key=unique,
        due_at=due_at or now,
        by=by,
        region=configured.plan().region,
        created_at=now,
    )
    if by is not None:
        write("jobs.started", made, by=by, now=now, after={"name": name, **arguments})
    if made.due_at <= now:
        hand_over(made)
    return made


def hand_over(job: Job) -> None:
    """Puts a due job into the worker's queue."""
    result = run_job.enqueue(job.pk)
    job.handed_over, job.task_id = True, str(result.id)
    job.save(update_fields=["handed_over", "task_id"])


@transaction.atomic
def hand_over_due(now: datetime) -> int:
    """Number of waiting jobs that have become due and were put into the queue."""
    due = list(Job.objects.filter(state=State.QUEUED, handed_over=False, due_at__lte=now).order_by("due_at", "pk"))
    for job in due:
        hand_over(job)
    return len(due)


@transaction.atomic
def cancel(job: Job, *, by: User, now: datetime) -> None:
    """Takes a waiting job back.

    Errors  JobError where it runs already or is over
    """
    changed = Job.objects.filter(pk=job.pk, state=State.QUEUED).update(state=State.CANCELLED, finished_at=now)
    if not changed:
        raise JobError("这项工作已经开始或已经结束，不能取消。")
    write("jobs.cancelled", job, by=by, now=now)


@transaction.atomic
def repeat(job: Job, *, by: User, now: datetime) -> Job:
    """A new job with the arguments of one that is over.

    Errors  JobError where that one is still open
    """
    if job.is_open:
        raise JobError("这项工作还没有结束，不必重新进行。")
    again = start(job.name, job.arguments, by=by, now=now, unique=job.unique_key, label=job.label)
    write("jobs.repeated", again, by=by, now=now, before={"job": job.pk})
    return again


def extend_leases(worker: str, *, now: datetime) -> None:
    """Says that the jobs of this worker are still being worked on."""
    Job.objects.filter(worker=worker, state=State.RUNNING).update(lease_until=now + LEASE)


@transaction.atomic
def take_up_again(now: datetime) -> int:
    """Number of jobs put back into the queue because the process that ran them died; after three attempts they fail."""
    again = 0
    for job in _abandoned(now):
        if job.task_id:
            taken = DBTaskResult.objects.filter(pk=job.task_id, status=TaskResultStatus.RUNNING)
            taken.update(status=TaskResultStatus.FAILED, finished_at=now)
        if job.attempts >= MAX_ATTEMPTS:
            job.state, job.finished_at = State.FAILED, now
            job.error = _INTERRUPTED.format(n=job.attempts)
        else:
            job.state, job.handed_over, job.text = State.QUEUED, False, "上次中断，重新排队"
            again += 1
        job.lease_until, job.worker = None, ""
        job.save()
    return again


def _abandoned(now: datetime) -> list[Job]:
    """Running jobs whose lease ran out, and handed-over ones whose queue row a dying worker took with it."""
    lost: QuerySet[Job] = Job.objects.filter(state=State.RUNNING, lease_until__lt=now)
    waiting = {job.task_id: job for job in Job.objects.filter(state=State.QUEUED, handed_over=True).exclude(task_id="")}
    alive = set(
        DBTaskResult.objects.filter(pk__in=waiting)
        .exclude(status__in=[TaskResultStatus.FAILED, TaskResultStatus.SUCCESSFUL])
        .exclude(status=TaskResultStatus.RUNNING, started_at__lt=now - LEASE)
        .values_list("pk", flat=True)
    )
    return [*lost, *(job for key, job in waiting.items() if key not in {str(pk) for pk in alive})]
