"""Screening of real records for signs of tampering: read, looked at, kept as leads (线索) for people to judge."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path

from lantian import rulebook
from lantian.stack.marks import Mark, during
from lantian.stack.screening.patterns import PATTERNS
from lantian.stack.screening.rule import Screening
from lantian.stack.screening.screen import of_all
from lantian.stack.screening.trace import Alarm, Trace
from lantian.stack.validity import MarkRules
from lantian.store.stack import verdicts
from lantian.store.stack.device_settings import device_settings
from lantian.store.stack.outlets import Outlet
from lantian.store.stack.records import OUTLET_PREFIX, records
from lantian.store.stack.verdicts import Run, Screened
from lantian.work.stack_law import hj212_tables
from lantian.work.stack_screening_trace import HOUR_CN, MINUTE_CN, trace_of

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class ScreenResult:
    """What a screening came to: leads of its days, how many outlets had minutes, how many rows changed."""

    leads: tuple[Screened, ...]
    outlets: int
    changed: int


def screen(
    data: Path,
    outlets: Sequence[Outlet],
    first: date,
    last: date,
    *,
    now: datetime,
    marks: Sequence[Mark] = (),
    progress: Progress = lambda done, total, text: None,
) -> ScreenResult:
    """Leads that touch the days ``first`` to ``last``, written to ``referee.sqlite`` in place of what those days had.

    Rule    the days before (``lookback_days``) are the outlet's own baseline; a lead that goes on keeps the beginning it
            was first written with, so that it grows and is not told again
    Errors  Refusal where nothing could be written; NoRuleError before 2012-01-01
    """
    rule, rules = rulebook.fill(Screening, last), rulebook.fill(MarkRules, last)
    begin = first - timedelta(days=rule.lookback_days)
    days = (last - begin).days + 1
    span = datetime.combine(begin, time()), datetime.combine(last, time()) + _DAY
    names = {code: one.name for code, one in hj212_tables(last).factors.items()}
    leads: list[Screened] = []
    seen = done = 0
    ordered = sorted(outlets, key=lambda one: (one.company, one.code))
    for _, own in groupby(ordered, key=lambda one: one.company):
        traces = []
        for outlet in own:
            done += 1
            progress(done, len(ordered), outlet.title)
            trace = _trace(data, outlet, span, days, during(marks, *span), rules)
            traces += [trace] if trace is not None else []
        seen += len(traces)
        stood = {trace.outlet: _stood(data, trace, first, last) for trace in traces}
        for trace, alarm in of_all(traces, rule):
            if trace.at(alarm.until) > datetime.combine(first, time()):
                leads.append(_lead(trace, alarm, names, stood[trace.outlet], first))
    codes = [one.code for one in outlets]
    told = tuple(_merged(leads))
    run = Run("screening", first, last, last, now, editions=("stack.screening",))
    return ScreenResult(told, seen, verdicts.write_screened(data, told, run, outlets=codes))


def _trace(
    data: Path, outlet: Outlet, span: tuple[datetime, datetime], days: int, marks: Sequence[Mark], rules: MarkRules
) -> Trace | None:
    mn = outlet.mn or f"{OUTLET_PREFIX}{outlet.code}"
    found = records(data, *span, mns=[mn], cns=[MINUTE_CN, HOUR_CN], devices=device_settings([outlet]))
    if found.is_empty():
        return None
    own = [one for one in marks if one.outlet == outlet.code]
    return trace_of(outlet, found, span[0].date(), days, own, rules)


def _stood(data: Path, trace: Trace, first: date, last: date) -> list[Screened]:
    until = datetime.combine(last, time()) + _DAY
    return verdicts.screened(data, datetime.combine(first, time()), until, outlet=trace.outlet)


def _lead(trace: Trace, alarm: Alarm, names: Mapping[str, str], stood: Sequence[Screened], day: date) -> Screened:
    pattern = PATTERNS[alarm.pattern]
    begin, end = trace.at(alarm.first), trace.at(alarm.until) - _MINUTE
    for one in stood:  # began before these days and goes on
        same = (one.pattern, one.factor) == (alarm.pattern, alarm.factor)
        if same and one.first.date() < day and one.first <= end and one.last >= begin:
            begin = one.first
    factor = f"{names.get(alarm.factor, alarm.factor)}：" if alarm.factor else ""
    zh = f"{factor}疑似{pattern.name.zh.removeprefix('疑似')}。{pattern.told(alarm.evidence)}。仅为线索，须现场核实"
    evidence = {**alarm.evidence, "minutes_covered": alarm.until - alarm.first}
    score = f"{alarm.score:.2f}"
    return Screened(trace.outlet, alarm.pattern, alarm.factor, begin, end, score, zh, pattern.look_at, evidence)


def _merged(leads: Sequence[Screened]) -> Iterator[Screened]:
    """One lead for each outlet, pattern, factor and beginning: the one that reaches furthest."""
    by_key: dict[tuple[str, str, str, datetime], Screened] = {}
    for one in leads:
        key = (one.outlet, one.pattern, one.factor, one.first)
        if key not in by_key or by_key[key].last < one.last:
            by_key[key] = one
    yield from (by_key[key] for key in sorted(by_key))
