"""The referee's verdicts made again from records, register and marks, and held against those that stand, bit for bit."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from typing import Final

from lantian.basis.period import DAY
from lantian.stack.marks import Mark
from lantian.store.stack import verdicts
from lantian.store.stack.outlets import Outlet
from lantian.store.stack.verdict_file import copy_without, last_run
from lantian.store.stack.verdict_rows import DayVerdict, HourVerdict
from lantian.work.stack_referee import KIND, Read, judge, reader_of

_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Rejudged:
    """Verdicts compared, those that differ or stand on one side only, and the first of them in words."""

    compared: int
    differing: int
    examples: tuple[str, ...]


def rejudge(
    data: Path, outlets: Sequence[Outlet], marks: Sequence[Mark], first: date, last: date, *, read: Read | None = None
) -> Rejudged:
    """Verdicts of a period made again beside those that stand, as of the last run; what stands is not touched.

    Rule    a difference means that records, register, marks or rules are other than they were for the run
    """
    instant = last_run(data, KIND)
    span = datetime.combine(first, time()), datetime.combine(last + DAY, time())
    with tempfile.TemporaryDirectory(prefix="lantian-rejudge-") as folder:
        other = Path(folder)
        if instant is None or not copy_without(data, other, first.isoformat(), (last + DAY).isoformat()):
            return Rejudged(0, 0, ())
        judge(
            other,
            outlets,
            marks,
            first,
            last,
            now=datetime.fromisoformat(instant),
            read=read or reader_of(data, outlets),
        )
        pairs = [_by_key(source, span, outlets) for source in (data, other)]
    stood, made = pairs
    odd = sorted(key for key in stood.keys() | made.keys() if stood.get(key) != made.get(key))
    return Rejudged(len(stood.keys() | made.keys()), len(odd), tuple(" ".join(key) for key in odd[:_SHOWN]))


def _by_key(
    data: Path, span: tuple[datetime, datetime], outlets: Iterable[Outlet]
) -> dict[tuple[str, str, str], HourVerdict | DayVerdict]:
    """Verdicts by outlet, time and factor, without the instant of their run."""
    known = {one.code for one in outlets}
    alike = partial(replace, computed_at=span[0])
    hours = verdicts.hours(data, *span)
    days = verdicts.days(data, span[0].date(), span[1].date())
    found: dict[tuple[str, str, str], HourVerdict | DayVerdict] = {}
    found |= {(one.outlet, one.start.isoformat(), one.factor): alike(one) for one in hours if one.outlet in known}
    found |= {(one.outlet, one.day.isoformat(), one.factor): alike(one) for one in days if one.outlet in known}
    return found
