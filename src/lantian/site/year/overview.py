"""What the page of a year shows: issued targets beside the plan's own, tasks by body and state, shares with their sum."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lantian.basis.exact import rounded_text
from lantian.basis.units import UNITS, factor, unit_of
from lantian.rulebook.plans import Plan, Target
from lantian.site.year.models import Share, TaskState, YearTarget, YearTask
from lantian.site.year.selectors import plain
from lantian.site.year.services import in_force

_SIGNS = {"<=": "≤", ">=": "≥"}
_WORDS = {"all": "全部完成", "basically_all": "基本完成", "done": "完成", "external": "待下达", "range": ""}
_ADDITIVE = {"mass", "mass_rate", "number"}


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A target of the plan with what was issued for the year; ``same``: it was issued under the id this one repeats."""

    target: Target
    same: bool
    own: str
    city: YearTarget | None
    counties: list[tuple[str, YearTarget]]


@dataclass(frozen=True, slots=True)
class ShareTable:
    """Shares of one target; ``check`` says whether they make up the city's value, where the unit can be added up."""

    target: Target
    rows: list[tuple[str, Share]]
    check: str
    fits: bool | None


def limit_words(comparator: str, value: Decimal | None, unit: str | None) -> str:
    """A limit in one piece: ≤ 28 µg/m³, 基本完成, 待下达."""
    if comparator in _WORDS and comparator != "range":
        return _WORDS[comparator]
    if value is None:
        return "待下达"
    symbol = unit_words(unit)
    gap = "" if symbol in {"", "%"} else " "
    return f"{_SIGNS.get(comparator, comparator)} {format(plain(value), 'f')}{gap}{symbol}".strip()


def unit_words(unit: str | None) -> str:
    """Printed form of a unit."""
    known = UNITS.get(unit or "") or unit_of(unit or "")
    return known.symbol if known else (unit or "")


def target_lines(plan: Plan, year: int) -> list[TargetLine]:
    """All targets of the plan, those without an issued value too."""
    names = {county.code: county.zh for county in plan.counties}
    by_target: dict[str, list[YearTarget]] = defaultdict(list)
    for row in in_force("target", plan.id, year).select_related("file"):
        by_target[row.target].append(row)
    lines = []
    for target in plan.targets:
        rows = by_target[target.id]
        city = next((row for row in rows if not row.county), None)
        twin = next((row for row in by_target[target.same_as or ""] if not row.county), None)
        own = limit_words(target.comparator, target.value, target.unit)
        lines.append(
            TargetLine(
                target,
                city is None and twin is not None,
                own,
                city or twin,
                [(names.get(r.county, r.county), r) for r in rows if r.county],
            )
        )
    return lines


def share_tables(plan: Plan, year: int) -> list[ShareTable]:
    """Shares by target, in the plan's order, with the sum checked against the city's value."""
    names = {county.code: county.zh for county in plan.counties}
    issued = {row.target: row for row in in_force("target", plan.id, year).filter(county="")}
    by_target: dict[str, list[Share]] = defaultdict(list)
    for row in in_force("share", plan.id, year):
        by_target[row.target].append(row)
    tables = []
    for target in plan.targets:
        if rows := by_target.get(target.id):
            words, fits = _sum_check(target, issued.get(target.id), rows)
            tables.append(ShareTable(target, [(names.get(row.county, row.county), row) for row in rows], words, fits))
    return tables


def _sum_check(target: Target, issued: YearTarget | None, rows: list[Share]) -> tuple[str, bool | None]:
    value, unit_text = (issued.value, issued.unit) if issued else (target.value, target.unit or "")
    unit = unit_of(unit_text)
    if unit is None or unit.dimension not in _ADDITIVE:
        return "这一单位不能相加，不作合计核对。", None
    total = Fraction(0)
    for row in rows:
        own = unit_of(row.unit)
        if own is None or own.dimension != unit.dimension:
            return f"有的县（市）区单位不是{unit.zh}，不能合计。请更正。", False
        total += Fraction(row.value) * factor(own, unit)
    shown = _short(total)
    if value is None:
        return f"合计 {shown} {unit.symbol}；全市数值尚未下达，无法核对。", None
    whose = "全市下达值" if issued else "方案目标值"
    if total == Fraction(value):
        return f"合计 {shown} {unit.symbol}，与{whose}一致。", True
    gap = Fraction(value) - total
    words = f"少 {_short(gap)}" if gap > 0 else f"多 {_short(-gap)}"
    return f"合计 {shown} {unit.symbol}，比{whose} {format(plain(value), 'f')} {words} {unit.symbol}。", False


def _short(value: Fraction) -> str:
    text = rounded_text(value, 6)
    return text.rstrip("0").rstrip(".")


def task_rows(plan: Plan, year: int, chosen: dict[str, str], today: date) -> dict[str, Any]:
    """Tasks by the filters of the address, and the counts that stand on the filters."""
    rows: Iterable[YearTask] = in_force("task", plan.id, year)
    every = list(rows)
    late = {row.pk for row in every if is_late(row, today)}
    kept = [row for row in every if _fits(row, chosen, late)]
    return {
        "tasks": kept,
        "all": len(every),
        "late": late,
        "states": [(value, label, n) for value, label in TaskState.choices if (n := _counts(every)[value])],
        "bodies": _bodies(plan, every),
        "matrix": _matrix(plan, every),
    }


def is_late(task: YearTask, today: date) -> bool:
    """Whether the deadline has passed without the task being reported done; a deadline ends at 24:00 of its day."""
    open_states = {TaskState.NOT_STARTED, TaskState.ON_SCHEDULE, TaskState.BEHIND, TaskState.RETURNED}
    return task.deadline is not None and task.deadline < today and task.state in open_states


def _fits(task: YearTask, chosen: dict[str, str], late: set[int]) -> bool:
    body, state, text = chosen.get("body", ""), chosen.get("state", ""), chosen.get("q", "").strip()
    return (
        (not body or body in {task.lead, *task.bodies})
        and (not state or (task.pk in late if state == "late" else task.state == state))
        and (not text or text in task.text or text in task.number)
    )


def _counts(tasks: Iterable[YearTask]) -> Counter[str]:
    return Counter(task.state for task in tasks)


def _bodies(plan: Plan, tasks: Iterable[YearTask]) -> list[tuple[str, str]]:
    ids = {body for task in tasks for body in (task.lead, *task.bodies) if body}
    return [(body.id, body.zh) for body in plan.bodies.values() if body.id in ids]


def _matrix(plan: Plan, tasks: list[YearTask]) -> list[tuple[str, str, list[int], int]]:
    """Tasks of each body by state: id, name, a count for each state in order, their sum."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for task in tasks:
        for body in {task.lead, *task.bodies} - {""}:
            counts[body][task.state] += 1
    return [
        (body, name, [counts[body][state] for state in TaskState.values], sum(counts[body].values()))
        for body, name in _bodies(plan, tasks)
    ]
