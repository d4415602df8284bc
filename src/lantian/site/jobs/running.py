"""One run of one job: claimed, worked through with progress, and its outcome kept in words for people."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F

from lantian.basis.finding import Refusal
from lantian.site import clock
from lantian.site.jobs.models import LEASE, Job, State
from lantian.site.jobs.registry import UnknownJobError, kind

if TYPE_CHECKING:
    from lantian.site.people.models import User

log = logging.getLogger("lantian.jobs")
_EVERY_SECONDS = 0.5
_UNEXPECTED = "程序内部出错，这项工作没有完成，已有数据未受影响。请点“重新进行”再试一次；仍不成功时，请把下面的技术细节交给维护人员。"
_UNKNOWN = "程序中已没有名为“{name}”的工作，可能是升级后更名。请从原来的页面重新发起。"


@dataclass(frozen=True, slots=True)
class Seat:
    """Which worker runs, and by which clock."""

    worker: str = "inline"
    now: Callable[[], datetime] = clock.now


SEAT: ContextVar[Seat] = ContextVar("seat")


class LostJobError(RuntimeError):
    """Another worker has taken this job up because this one was not heard of."""


class RunHandle:
    """What the job function is given (``registry.Handle``)."""

    def __init__(self, job: Job, seat: Seat) -> None:
        self.job_id: int = job.pk
        self.by: User | None = job.by
        self.due_at = job.due_at
        self._seat = seat
        self._next = 0.0

    def now(self) -> datetime:
        """Present instant by the worker's clock."""
        return self._seat.now()

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Keeps how far the job is, at most twice a second and always at the end.

        Errors  LostJobError where the job was taken up by another worker meanwhile
        """
        moment = time.monotonic()
        if moment < self._next and done < total:
            return
        self._next = moment + _EVERY_SECONDS
        mine = Job.objects.filter(pk=self.job_id, state=State.RUNNING, worker=self._seat.worker)
        if not mine.update(done=max(0, done), total=max(0, total), text=text[:300], lease_until=self.now() + LEASE):
            raise LostJobError(f"job {self.job_id}")


def perform(job_id: int) -> None:
    """Runs a waiting job to its end; one that was cancelled or is run elsewhere is passed over."""
    seat = SEAT.get(Seat())
    job = _claimed(job_id, seat)
    if job is None:
        return
    handle = RunHandle(job, seat)
    try:
        result = kind(job.name).run(handle, **job.arguments)
    except LostJobError:
        log.warning("job %s (%s) was taken up by another worker", job_id, job.name)
    except UnknownJobError:
        _finish(job, seat, State.FAILED, error=_UNKNOWN.format(name=job.name))
    except Refusal as refusal:
        _finish(job, seat, State.FAILED, error=str(refusal))
    except Exception:
        log.exception("job %s (%s) failed", job_id, job.name)
        _finish(job, seat, State.FAILED, error=_UNEXPECTED, detail=traceback.format_exc())
    else:
        _finish(job, seat, State.DONE, result=result)


def _claimed(job_id: int, seat: Seat) -> Job | None:
    now = seat.now()
    with transaction.atomic():
        claimed = Job.objects.filter(pk=job_id, state=State.QUEUED).update(
            state=State.RUNNING,
            worker=seat.worker,
            attempts=F("attempts") + 1,
            started_at=now,
            lease_until=now + LEASE,
            error="",
            detail="",
        )
    return Job.objects.select_related("by").get(pk=job_id) if claimed else None


def _finish(
    job: Job, seat: Seat, state: State, *, error: str = "", detail: str = "", result: dict[str, Any] | None = None
) -> None:
    mine = Job.objects.filter(pk=job.pk, state=State.RUNNING, worker=seat.worker)
    mine.update(state=state, error=error, detail=detail, result=result, finished_at=seat.now(), lease_until=None)
