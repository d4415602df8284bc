"""The referee: records, register and marks → verdicts of hours and days, kept with the run that made them.

The same records, register, marks and instant give the same verdicts, bit for bit; what has not changed stays untouched.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

import polars as pl

from lantian.basis.determination import digest
from lantian.basis.period import BEIJING, DAY, beijing_date
from lantian.stack.marks import Mark
from lantian.store.stack import verdict_update
from lantian.store.stack.device_settings import device_settings
from lantian.store.stack.outlets import Outlet
from lantian.store.stack.records import records
from lantian.store.stack.verdict_file import writing
from lantian.store.stack.verdict_rows import HourVerdict, Run, day_row
from lantian.store.stack.verdict_write import begin, end, put
from lantian.work.stack_day_records import DAY_RECORD, Of, day_records
from lantian.work.stack_days import day_verdicts, silent
from lantian.work.stack_figures import RECORDS_OF_HOURS, series_of
from lantian.work.stack_hours import hour_verdicts, wanted_codes
from lantian.work.stack_referee_law import law_spans, referee_law
from lantian.work.stack_substitution import quarters, substitute

KIND: Final = "referee"
AT_ONCE: Final = 40  # days of outlets whose minutes are held in memory together
Read = Callable[[Sequence[Outlet], datetime, datetime], pl.DataFrame]


@dataclass(frozen=True, slots=True)
class JudgeResult:
    """What a run of the referee did: hours judged, days made anew, and how many verdicts were new or different."""

    first: date
    last: date
    outlets: int
    hours: int
    days: int
    changed: int


def judge(
    data: Path,
    outlets: Sequence[Outlet],
    marks: Sequence[Mark],
    first: date,
    last: date,
    *,
    now: datetime,
    read: Read | None = None,
) -> JudgeResult:
    """Verdicts of the hours and days of a period, written; hours that have not ended yet are left out.

    ``read`` gives the records of some outlets in [first, until) where they do not come from the data folder.

    Rule    masses missing in the quarters touched, and in those that look back to them, are substituted anew, so days outside
            the period may change with them
    Errors  Refusal where the verdicts cannot be written; NoRuleError before 2012-01-01
    """
    last = min(last, beijing_date(now))
    if last < first:
        return JudgeResult(first, last, len(outlets), 0, 0, 0)
    reader = read or reader_of(data, outlets)
    span = datetime.combine(first, time()), datetime.combine(last + DAY, time())
    editions = tuple(dict.fromkeys(text for _, law in law_spans(first, last) for text in law.editions))
    ordered = sorted(outlets, key=lambda one: series_of(one))
    counts = [0, 0, 0]
    step = max(1, AT_ONCE // ((last - first).days + 1))
    for at in range(0, len(ordered), step):
        some = ordered[at : at + step]
        found = reader(some, *span)
        hours = _hours(found, some, marks, first, last, now)
        inputs = digest((one.outlet, one.factor, one.start, one.inputs) for one in hours)
        run = Run(KIND, first, last, beijing_date(now), now, inputs, editions)
        for place, count in enumerate(_written(data, some, hours, day_records(found), run, span)):
            counts[place] += count
    return JudgeResult(first, last, len(outlets), *counts)


def reader_of(data: Path, outlets: Sequence[Outlet]) -> Read:
    """The reader of a data folder: minutes, hours and days of what the referee wants of some outlets."""
    devices = device_settings(outlets)

    def read(some: Sequence[Outlet], first: datetime, until: datetime) -> pl.DataFrame:
        codes = sorted(set().union(*(wanted_codes(one, first.date(), until.date() - DAY) for one in some)))
        mns = [series_of(one) for one in some]
        return records(data, first, until, mns=mns, cns=(*RECORDS_OF_HOURS, DAY_RECORD), codes=codes, devices=devices)

    return read


def _hours(
    found: pl.DataFrame, outlets: Sequence[Outlet], marks: Sequence[Mark], first: date, last: date, now: datetime
) -> list[HourVerdict]:
    made: list[HourVerdict] = []
    for days, law in law_spans(first, last):
        start, until = datetime.combine(days.first, time()), datetime.combine(days.last + DAY, time())
        part = found.filter(pl.col("start").is_between(start, until, closed="left"))
        made.extend(hour_verdicts(part, outlets, marks, days, law, now=now))
    return made


def _written(
    data: Path,
    outlets: Sequence[Outlet],
    hours: Sequence[HourVerdict],
    reported: Mapping[str, Of],
    run: Run,
    span: tuple[datetime, datetime],
) -> tuple[int, int, int]:
    """Hours made and days made anew of some outlets, in one transaction, and how many verdicts changed.

    Rule    masses and days rest on the hours, and on day records where no hour arrived: an outlet none of whose hours changed
            is left as it stands unless it has such days
    """
    own: dict[str, list[HourVerdict]] = {one.code: [] for one in outlets}
    for one in hours:
        own[one.outlet].append(one)
    ended = min(span[1], run.computed_at.astimezone(BEIJING).replace(tzinfo=None))
    days = changed = 0
    with writing(data) as database:
        number = begin(database, run)
        for outlet in outlets:
            code, rows = outlet.code, own[outlet.code]
            kept = {(one.start.isoformat(), one.factor) for one in rows}
            different = verdict_update.stray_hours(database, code, span[0], ended, kept)
            different += verdict_update.put_hours(database, rows, number)
            records = _of_silent_days(rows, reported.get(series_of(outlet), {}))
            if different or records:
                made, more = _days_of(database, outlet, records, run, number, span)
                days += made
                changed += different + more
        end(database, number, changed)
    return len(hours), days, changed


def _of_silent_days(hours: Sequence[HourVerdict], records: Of) -> Of:
    """The day records of days and factors of which no hour arrived."""
    if not records:
        return {}
    heard = {(one.start.date(), one.factor) for one in hours if not silent((one,))}
    return {key: record for key, record in records.items() if key not in heard}


def _days_of(
    database: sqlite3.Connection, outlet: Outlet, records: Of, run: Run, number: int, span: tuple[datetime, datetime]
) -> tuple[int, int]:
    """Days of an outlet after its missing masses were substituted: how many were made, and how many changed."""
    touched: set[date] = set()
    reach = timedelta(hours=max(row.hours for row in referee_law(run.last).substitution.rows))
    for days in quarters(run.first, (span[1] + reach).date()):
        touched |= substitute(database, outlet.code, days, referee_law(days.last).substitution, number)
    hours = verdict_update.hours_of_outlet(database, outlet.code, *span)
    for day in sorted(touched):
        if not run.first <= day <= run.last:
            begun = datetime.combine(day, time())
            reported = verdict_update.factors_as_reported(database, outlet.code, day)
            of_day = verdict_update.hours_of_outlet(database, outlet.code, begun, begun + DAY)
            hours += [one for one in of_day if one.factor not in reported]
    made = day_verdicts(outlet, hours, now=run.computed_at, records=records)
    return len(made), put(database, "day", map(day_row, made), number) or len(touched)
