"""The catalogue of checks run on real records: read outlet by outlet, what did not pass is kept as leads (线索)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

import polars as pl

from lantian.basis.determination import digest
from lantian.basis.period import BEIJING, DAY, beijing_date
from lantian.stack.checks.catalogue import checked
from lantian.stack.checks.check import CheckHit
from lantian.stack.checks.evidence import (
    DAY as DAYS,
)
from lantian.stack.checks.evidence import (
    HOUR,
    MINUTE,
    MOMENT,
    RUN_DAY,
    STATE,
    Evidence,
    OutletSettings,
    revisions_of,
    rows_of,
)
from lantian.stack.marks import Mark, during
from lantian.store.stack import inbox, verdicts
from lantian.store.stack.device_settings import device_settings
from lantian.store.stack.inbox import DeviceSeen
from lantian.store.stack.outlets import Outlet
from lantian.store.stack.quarantine import quarantined
from lantian.store.stack.records import records
from lantian.store.stack.verdicts import Hit, Run
from lantian.work.stack_checks_law import check_parameters, factor_names
from lantian.work.stack_figures import series_of
from lantian.work.stack_limits import limit_of, limited_factors

KIND: Final = "checks"
AT_ONCE: Final = 40  # days of outlets whose records are held in memory together
_CNS: Final = (MOMENT, MINUTE, HOUR, DAYS, STATE, RUN_DAY)
_MICRO: Final = 1_000_000
_HOUR: Final = timedelta(hours=1)
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a run of the checks came to: the hits of its days, outlets looked at, rows that changed."""

    hits: tuple[Hit, ...]
    outlets: int
    changed: int


def check(
    data: Path,
    outlets: Sequence[Outlet],
    marks: Sequence[Mark],
    first: date,
    last: date,
    *,
    now: datetime,
    progress: Progress = lambda done, total, text: None,
) -> CheckResult:
    """Hits of the days ``first`` to ``last``, written to ``referee.sqlite`` in place of what those days had.

    Rule    parameters are those of the last day; an outlet is checked in its life only (``running_from``, ``closed_on``)
    Errors  Refusal where nothing could be written; NoRuleError before 2012-01-01
    """
    last = min(last, beijing_date(now))
    if last < first or not outlets:
        return CheckResult((), len(outlets), 0)
    found = list(hits_of(data, outlets, marks, first, last, now=now, progress=progress))
    editions = ("stack.checks", "stack.cems", "stack.marking.labels")
    inputs = digest(
        (one.outlet, one.code, one.factor, one.first, one.last, sorted(one.evidence.items())) for one in found
    )
    run = Run(KIND, first, last, beijing_date(now), now, inputs, editions)
    changed = verdicts.write_hits(data, found, run, outlets=[one.code for one in outlets])
    return CheckResult(tuple(found), len(outlets), changed)


def hits_of(
    data: Path,
    outlets: Sequence[Outlet],
    marks: Sequence[Mark],
    first: date,
    last: date,
    *,
    now: datetime,
    progress: Progress = lambda done, total, text: None,
) -> Iterator[Hit]:
    """The same hits, not written."""
    span = datetime.combine(first, time()), datetime.combine(last, time()) + DAY
    parameters, names = check_parameters(last), factor_names(last)
    devices = inbox.devices(data)
    refused = _refused(data, outlets, devices, span)
    heard = {one.mn: _beijing(one.first_at) for one in devices if one.first_at}
    present = now.astimezone(BEIJING).replace(tzinfo=None)
    by_code = {one.code: one for one in outlets}
    ordered = sorted(outlets, key=lambda one: one.bypass_of or one.code)
    together = max(1, AT_ONCE // (last - first + DAY).days)
    for at in range(0, len(ordered), together):
        some = ordered[at : at + together]
        progress(at, len(ordered), some[0].title)
        mains = [by_code[one.bypass_of] for one in some if one.bypass_of in by_code]
        wanted = {series_of(one): one for one in (*some, *mains)}
        tables = _records(data, wanted, span)
        for one in some:
            main = by_code.get(one.bypass_of or "")
            known: Mapping[str, int] = refused.get(one.mn or "", Counter())
            until = present if one.mn else _last_hour(tables.get(series_of(one)), span[0])
            evidence = _evidence(one, main, tables, marks, known, span, heard.get(one.mn or ""), until)
            yield from (_hit(hit) for hit in checked(evidence, parameters, names))


def _records(data: Path, wanted: Mapping[str, Outlet], span: tuple[datetime, datetime]) -> dict[str, pl.DataFrame]:
    """Records of some outlets with every revision, by MN."""
    devices = device_settings(wanted.values())
    found = records(data, *span, mns=sorted(wanted), cns=_CNS, devices=devices, every_revision=True)
    return {str(key[0]): rows for key, rows in found.partition_by("mn", as_dict=True).items()}


def _evidence(
    outlet: Outlet,
    main: Outlet | None,
    tables: Mapping[str, pl.DataFrame],
    marks: Sequence[Mark],
    refused: Mapping[str, int],
    span: tuple[datetime, datetime],
    due_from: datetime | None,
    now: datetime,
) -> Evidence:
    """``now`` in Beijing time; a table of a platform is complete up to its last hour only."""
    empty = next(iter(tables.values())).clear() if tables else None
    every = tables.get(series_of(outlet), empty)
    key = ["cn", "start", "code"]
    rows = None if every is None else every.unique(subset=key, keep="last", maintain_order=True)
    of_main = None if main is None else tables.get(series_of(main), empty)
    none = rows_of(_no_records(), {}, 1)
    units, minutes = outlet.units, outlet.interval_minutes
    return Evidence(
        replace(settings_of(outlet, span[1].date() - DAY), due_from=due_from),
        *span,
        now,
        none if rows is None else rows_of(rows, units, minutes),
        revisions_of(_no_records() if every is None else every, units, minutes),
        tuple(one for one in during(marks, *span) if one.outlet == outlet.code),
        refused,
        None if main is None or of_main is None else rows_of(
            of_main.unique(subset=key, keep="last", maintain_order=True), main.units, main.interval_minutes
        ),
    )  # fmt: skip


def _no_records() -> pl.DataFrame:
    from lantian.store.stack.record_rows import RECORDS

    return pl.DataFrame(schema=RECORDS)


def settings_of(outlet: Outlet, day: date) -> OutletSettings:
    """What checks need of an outlet as registered, with the hour limits of a day."""
    limits = {factor: limit_of(outlet, factor, day) for factor in limited_factors(outlet, day)}
    found = {factor: one for factor, one in limits.items() if one is not None and one.hour is not None}
    references = (outlet.reference_o2, *(one.reference_o2 for one in found.values()))
    reference = next((one for one in references if one is not None), None)
    return OutletSettings(
        outlet.code,
        outlet.mn,
        {code: float(value) for code, value in outlet.ranges.items()},
        {code: float(one.hour) for code, one in found.items() if one.hour is not None},
        None if reference is None else float(reference),
        None if outlet.duct_area is None else float(outlet.duct_area),
        outlet.factors,
        outlet.units,
        outlet.interval_minutes,
        outlet.bypass_of,
        _midnight(outlet.running_from),
        _midnight(outlet.closed_on),
        outlet.system,
    )


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time())


def _beijing(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / _MICRO, BEIJING).replace(tzinfo=None)


def _last_hour(found: pl.DataFrame | None, first: datetime) -> datetime:
    """The end of the last hour a table brought and the time an hour may take; the span's beginning where there is none."""
    last = None if found is None else found.filter(pl.col("cn") == HOUR)["start"].max()
    return last + 2 * _HOUR if isinstance(last, datetime) else first


def _refused(
    data: Path, outlets: Sequence[Outlet], devices: Sequence[DeviceSeen], span: tuple[datetime, datetime]
) -> dict[str, Counter[str]]:
    """How often a finding was met on frames kept aside and on devices in the span, by MN and code."""
    known = {one.mn for one in outlets if one.mn}
    begin, end = (int(one.replace(tzinfo=BEIJING).timestamp() * _MICRO) for one in span)
    counted: dict[str, Counter[str]] = {mn: Counter() for mn in known}
    for piece in quarantined(data, None, since=begin):
        if piece.mn in known and piece.received_at < end:
            counted[piece.mn].update(str(one.get("code")) for one in piece.findings)
    for seen in devices:
        for one in seen.findings if seen.mn in known else ():
            if begin <= one.last_at < end:
                counted[seen.mn][one.code] = max(counted[seen.mn][one.code], one.times)
    return counted


def _hit(one: CheckHit) -> Hit:
    return Hit(
        one.outlet,
        one.code,
        one.factor,
        one.first,
        one.last,
        one.level.value,
        one.text.zh,
        one.text.en,
        dict(one.evidence),
    )
