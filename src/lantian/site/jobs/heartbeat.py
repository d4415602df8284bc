"""The worker's sign of life: one row, renewed every twenty seconds; every page says so where it stays away."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.cache import cache

from lantian.site import clock
from lantian.site.jobs.models import Heartbeat

BEAT_SECONDS = 20
SILENT_AFTER = timedelta(minutes=5)
_CACHED_SECONDS = 10
_KEY = "lantian.jobs.silent"


def beat(worker: str, *, now: datetime) -> None:
    """Renews the row of this worker."""
    Heartbeat.objects.update_or_create(worker=worker, defaults={"at": now})


def last_beat() -> datetime | None:
    """Instant of the newest sign of life of any worker."""
    newest = Heartbeat.objects.order_by("-at").first()
    return newest.at if newest else None


def worker_is_silent() -> bool:
    """Whether no worker has been heard of for five minutes; before the first one ever, nothing is said for as long."""
    known: bool | None = cache.get(_KEY)
    if known is None:
        known = _is_silent()
        cache.set(_KEY, known, _CACHED_SECONDS)
    return known


def _is_silent() -> bool:
    now = clock.now()
    seen = last_beat()
    since: datetime = seen or cache.get_or_set(f"{_KEY}.waiting_since", now, None) or now
    return now - since > SILENT_AFTER
