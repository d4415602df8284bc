"""The figures of a release as rows: hours and days of its run of days, with limit and basis; no verdict is among them."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import cache, partial
from typing import Any

from django.conf import settings

from lantian.basis.period import DAY
from lantian.rulebook.sources import source_text
from lantian.site.stack.models import Released
from lantian.site.stack.places import factor_word
from lantian.store.stack import verdicts
from lantian.store.stack.outlets import Outlet
from lantian.work.stack_limits import limit_of


def hour_rows(outlet: Outlet, made: Released, language: str | None) -> list[dict[str, Any]]:
    """Hours that have a value; the basis of the limit in the reader's language."""
    first, until = datetime.combine(made.first, time()), datetime.combine(made.last, time()) + DAY
    unverified = cache(partial(_unverified, outlet))
    chinese = (language or "zh").startswith("zh")
    return [
        {
            "start": f"{one.start:%Y-%m-%d %H:%M}",
            "factor": factor_word(one.factor, one.start.date()),
            "measured": one.measured,
            "converted": one.converted,
            "limit": one.limit,
            "source": source_text(one.source).zh if chinese else source_text(one.source).en,
            "unverified": unverified(one.factor, one.start.date()),
            "valid": "是" if one.valid else "否",
        }
        for one in verdicts.hours(settings.DATA, first, until, outlet=outlet.code)
        if one.measured is not None
    ]


def day_rows(outlet: Outlet, made: Released) -> list[dict[str, Any]]:
    """Days that have a mean, with the hours it rests on."""
    return [
        {
            "day": one.day,
            "factor": factor_word(one.factor, one.day),
            "hours": one.hours,
            "value": one.converted if one.converted is not None else one.measured,
            "limit": one.limit,
        }
        for one in verdicts.days(settings.DATA, made.first, made.last + DAY, outlet=outlet.code)
        if one.measured is not None
    ]


def _unverified(outlet: Outlet, factor: str, day: date) -> bool:
    """Whether the limit of a day has not been checked against its source."""
    limit = limit_of(outlet, factor, day)
    return limit is not None and limit.confidence != "verified"
