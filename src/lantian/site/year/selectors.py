"""What others read of a year: issued targets, tasks and shares as plain facts; a number changes with each write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lantian.plan.state.items import TaskFact
from lantian.plan.state.model import YearLimit
from lantian.site.year import revision
from lantian.site.year.models import Share, YearTarget, YearTask
from lantian.site.year.services import ROOM, in_force


@dataclass(frozen=True, slots=True)
class YearTargetFact:
    """A target as issued for one year; ``county`` empty for the city."""

    id: int
    target: str
    year: int
    county: str
    comparator: str
    value: Decimal
    unit: str
    document_number: str
    document_date: date | None
    issued_by: str
    note: str
    simulated: bool


@dataclass(frozen=True, slots=True)
class YearTaskFact:
    """A line of the year's task list; ``state`` as in vocabulary.md, bodies and counties by id and code."""

    id: int
    number: str
    year: int
    text: str
    article: int
    item: str
    lead: str
    bodies: tuple[str, ...]
    deadline: date | None
    counties: tuple[str, ...]
    document_number: str
    state: str
    simulated: bool


@dataclass(frozen=True, slots=True)
class ShareFact:
    """A county's part of a city target."""

    id: int
    target: str
    year: int
    county: str
    comparator: str
    value: Decimal
    unit: str
    document_number: str
    simulated: bool


def version() -> int:
    """Number that changes with each write to any year."""
    return revision.current(ROOM)


def year_targets(plan_id: str, year: int | None = None) -> list[YearTargetFact]:
    """Targets in force, of one year or of all."""
    return [_target(row) for row in _rows("target", plan_id, year)]


def tasks(plan_id: str, year: int | None = None) -> list[YearTaskFact]:
    """Tasks in force, of one year or of all."""
    return [_task(row) for row in _rows("task", plan_id, year)]


def shares(plan_id: str, year: int | None = None) -> list[ShareFact]:
    """Shares in force, of one year or of all."""
    return [_share(row) for row in _rows("share", plan_id, year)]


def limits(plan_id: str) -> dict[str, list[YearLimit]]:
    """What was issued for the city, by target, as the states take it."""
    found: dict[str, list[YearLimit]] = {}
    for one in year_targets(plan_id):
        if not one.county:
            found.setdefault(one.target, []).append(
                YearLimit(
                    one.year,
                    one.comparator,
                    Fraction(one.value),
                    one.unit,
                    one.document_number,
                    one.document_date,
                    one.issued_by,
                )
            )
    return found


def task_facts(plan_id: str, year: int | None = None) -> list[TaskFact]:
    """Tasks as the states take them: each stands for its item, or for its whole article."""
    return [
        TaskFact(
            title=f"{one.number} {one.text}"[:60],
            items=(one.item or f"article-{one.article}",),
            state=one.state,
            due=one.deadline,
        )
        for one in tasks(plan_id, year)
    ]


def years(plan_id: str) -> list[int]:
    """Years with any row, newest first."""
    found: set[int] = set()
    for model in (YearTarget, YearTask, Share):
        rows: Any = model.objects
        found.update(rows.filter(plan=plan_id).order_by().values_list("year", flat=True).distinct())
    return sorted(found, reverse=True)


def plain(value: Decimal) -> Decimal:
    """The same number without trailing zeros and without exponent."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _rows(kind: str, plan_id: str, year: int | None) -> Any:
    if year is not None:
        return in_force(kind, plan_id, year)
    model: Any = {"target": YearTarget, "task": YearTask, "share": Share}[kind]
    rows = model.objects.filter(plan=plan_id, withdrawn_at=None)
    return rows.filter(superseded=False) if kind == "target" else rows


def _target(row: YearTarget) -> YearTargetFact:
    return YearTargetFact(
        row.pk, row.target, row.year, row.county, row.comparator, plain(row.value), row.unit, row.document_number,
        row.document_date, row.issued_by, row.note, row.simulated,
    )  # fmt: skip


def _task(row: YearTask) -> YearTaskFact:
    return YearTaskFact(
        row.pk, row.number, row.year, row.text, row.article, row.item, row.lead, tuple(row.bodies), row.deadline,
        tuple(row.counties), row.document_number, row.state, row.simulated,
    )  # fmt: skip


def _share(row: Share) -> ShareFact:
    return ShareFact(
        row.pk,
        row.target,
        row.year,
        row.county,
        row.comparator,
        plain(row.value),
        row.unit,
        row.document_number,
        row.simulated,
    )
