"""The one place of the site where the clock is read; every page takes its ``now`` and ``as_of`` from here.

``as_of``: facts count up to the end of this Beijing date. Where the plan's city stands on simulated days it is the last
of them; otherwise it is yesterday. ``LANTIAN_AS_OF`` sets it, to look back.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

from django.conf import settings

from lantian import rulebook
from lantian.basis.period import DAY, beijing_date
from lantian.site.settings import looked_back_to
from lantian.store.air import AirReader


def now() -> datetime:
    """Present instant, UTC."""
    return datetime.now(UTC)


def as_of(plan_id: str | None = None) -> date:
    """Date up to whose end the facts of this plan's pages count."""
    fixed = looked_back_to(os.environ.get("LANTIAN_AS_OF", ""))
    if fixed is not None:
        return fixed
    plan = rulebook.plan(plan_id or settings.PLAN, settings.DATA)
    air = AirReader(settings.DATA)
    for city in plan.cities:
        latest = air.latest(city) if air.simulated(city) else None
        if latest:
            return latest
    return beijing_date(now()) - DAY


def duty_day(plan_id: str | None = None) -> date:
    """The day the person on duty lives in: the day after ``as_of``."""
    return as_of(plan_id) + DAY
