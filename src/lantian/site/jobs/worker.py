"""The worker: gives signs of life, puts due clock work into the queue, and works the queue off.

The queue is django-tasks-db; its worker is embedded in batch mode, so that one loop sees stop requests between jobs.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
from datetime import datetime
from threading import Event, Thread

from django.db import close_old_connections, connections
from django.db.utils import OperationalError
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from lantian.site import clock
from lantian.site.jobs.clock_work import enqueue_due
from lantian.site.jobs.heartbeat import BEAT_SECONDS, beat
from lantian.site.jobs.models import Job
from lantian.site.jobs.running import SEAT, Seat
from lantian.site.jobs.services import extend_leases, hand_over_due, take_up_again

log = logging.getLogger("lantian.jobs")
_LOOK_SECONDS = 1.0
_STOP_SECONDS = 5.0


def run_worker(stop: Event) -> None:
    """Works until ``stop`` is set; a job under way is finished first."""
    name = f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(4)}"
    SEAT.set(Seat(worker=name))
    queue, over = _queue(name), Event()
    beating = Thread(target=_beat_until, args=(name, over), name="lantian-heartbeat", daemon=True)
    beating.start()
    Thread(target=_end_after, args=(queue, stop), name="lantian-worker-stop", daemon=True).start()
    while not stop.wait(_LOOK_SECONDS):
        try:
            if DBTaskResult.objects.ready().exists():
                queue.run()
        except OperationalError:  # a busy database is tried again at the next look
            log.warning("the people's database was busy", exc_info=True)
        close_old_connections()
    over.set()
    beating.join(_STOP_SECONDS)
    connections.close_all()


def run_due(now: datetime) -> int:
    """Number of jobs run: everything due by ``now`` is worked off before it returns."""
    name = f"run-due-{os.getpid()}-{secrets.token_hex(4)}"
    seat = SEAT.set(Seat(worker=name, now=lambda: now))
    try:
        take_up_again(now)
        enqueue_due(now)
        hand_over_due(now)
        _queue(name).run()
    finally:
        SEAT.reset(seat)
    return Job.objects.filter(worker=name).count()


def tick(worker: str, *, now: datetime) -> None:
    """What is done every twenty seconds, long jobs or not."""
    beat(worker, now=now)
    extend_leases(worker, now=now)
    take_up_again(now)
    enqueue_due(now)
    hand_over_due(now)


def _beat_until(worker: str, over: Event) -> None:
    while True:
        try:
            tick(worker, now=clock.now())
        except OperationalError:
            log.warning("the sign of life could not be written, the database was busy", exc_info=True)
        except Exception:
            log.exception("clock work could not be put into the queue")
        if over.wait(BEAT_SECONDS):
            connections.close_all()
            return


def _end_after(queue: Worker, stop: Event) -> None:
    stop.wait()
    queue.running = False  # the queue ends after the job under way


def _queue(name: str) -> Worker:
    return Worker(
        queue_names=["default"],
        interval=_LOOK_SECONDS,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=name[:64],
        excluded_queue_names=[],
    )
