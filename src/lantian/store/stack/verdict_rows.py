"""Verdicts about stacks as rows: what the referee, the checks and the screening found, and the run that found it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

State = Literal["open", "closed"]
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """One computation: ``kind`` (referee, checks, screening), its days, what it rests on, and when it was made (UTC)."""

    kind: str
    first: date
    last: date
    as_of: date
    computed_at: datetime
    inputs: str = ""
    editions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HourVerdict:
    """One factor of one outlet in one hour.

    Unit    measured and converted mg/m³ (standard state, dry), mass kg
    Rule    ``exceeded`` counts as an exceedance only where ``state`` is closed: until then the company may mark the hour.
            None: not judged, ``reasons`` (codes of ``stack/reasons.py``) say why. ``source`` is the limit's.
    """

    outlet: str
    factor: str
    start: datetime
    minutes: int | None
    valid: bool
    measured: Decimal | None
    converted: Decimal | None
    mass_kg: Decimal | None
    mass_substituted: bool
    limit: Decimal | None
    exceeded: bool | None
    state: State
    marks: tuple[str, ...]
    reasons: tuple[str, ...]
    source: str
    inputs: str
    computed_at: datetime


@dataclass(frozen=True, slots=True)
class DayVerdict:
    """One factor of one outlet on one day; ``hours`` are the valid ones, ``exceeded_hours`` those above the hour limit."""

    outlet: str
    factor: str
    day: date
    hours: int
    valid: bool
    measured: Decimal | None
    converted: Decimal | None
    mass_kg: Decimal | None
    limit: Decimal | None
    exceeded: bool | None
    exceeded_hours: int
    state: State
    reasons: tuple[str, ...]
    inputs: str
    computed_at: datetime


@dataclass(frozen=True, slots=True)
class Hit:
    """A check of the catalogue that was not passed: a lead (线索), no finding of law."""

    outlet: str
    code: str
    factor: str
    first: datetime
    last: datetime
    severity: str
    zh: str
    en: str
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Screened:
    """A tamper pattern that is suspected (疑似): its score, what it rests on, what an inspector should look at."""

    outlet: str
    pattern: str
    factor: str
    first: datetime
    last: datetime
    score: str
    zh: str
    look_at: str
    evidence: Mapping[str, Any] = field(default_factory=dict)


def hour_row(one: HourVerdict) -> Row:
    """Columns of the table hour but the run."""
    return (
        one.outlet, one.factor, one.start.isoformat(), one.minutes, one.valid, _text(one.measured), _text(one.converted),
        _text(one.mass_kg), one.mass_substituted, _text(one.limit), one.exceeded, one.state, _json(one.marks),
        _json(one.reasons), one.source, one.inputs,
    )  # fmt: skip


def hour_of(row: Row) -> HourVerdict:
    """The verdict of a row of the table hour and the instant of its run."""
    return HourVerdict(
        row[0], row[1], datetime.fromisoformat(row[2]), row[3], bool(row[4]), _decimal(row[5]), _decimal(row[6]),
        _decimal(row[7]), bool(row[8]), _decimal(row[9]), _truth(row[10]), row[11], tuple(json.loads(row[12])),
        tuple(json.loads(row[13])), row[14], row[15], datetime.fromisoformat(row[16]),
    )  # fmt: skip


def day_row(one: DayVerdict) -> Row:
    """Columns of the table day but the run."""
    return (
        one.outlet, one.factor, one.day.isoformat(), one.hours, one.valid, _text(one.measured), _text(one.converted),
        _text(one.mass_kg), _text(one.limit), one.exceeded, one.exceeded_hours, one.state, _json(one.reasons), one.inputs,
    )  # fmt: skip


def day_of(row: Row) -> DayVerdict:
    """The verdict of a row of the table day and the instant of its run."""
    return DayVerdict(
        row[0], row[1], date.fromisoformat(row[2]), row[3], bool(row[4]), _decimal(row[5]), _decimal(row[6]),
        _decimal(row[7]), _decimal(row[8]), _truth(row[9]), row[10], row[11], tuple(json.loads(row[12])), row[13],
        datetime.fromisoformat(row[14]),
    )  # fmt: skip


def hit_row(one: Hit) -> Row:
    """Columns of the table hit but the run."""
    return (
        one.outlet, one.code, one.factor, one.first.isoformat(), one.last.isoformat(), one.severity, one.zh, one.en,
        _json(one.evidence),
    )  # fmt: skip


def hit_of(row: Row) -> Hit:
    """The hit of a row."""
    outlet, code, factor, first, last, severity, zh, en, evidence = row
    span = datetime.fromisoformat(first), datetime.fromisoformat(last)
    return Hit(outlet, code, factor, *span, severity, zh, en, json.loads(evidence))


def screened_row(one: Screened) -> Row:
    """Columns of the table screened but the run."""
    return (
        one.outlet, one.pattern, one.factor, one.first.isoformat(), one.last.isoformat(), one.score, one.zh, one.look_at,
        _json(one.evidence),
    )  # fmt: skip


def screened_of(row: Row) -> Screened:
    """The suspected pattern of a row."""
    outlet, pattern, factor, first, last, score, zh, look_at, evidence = row
    span = datetime.fromisoformat(first), datetime.fromisoformat(last)
    return Screened(outlet, pattern, factor, *span, score, zh, look_at, json.loads(evidence))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _truth(value: int | None) -> bool | None:
    return None if value is None else bool(value)
