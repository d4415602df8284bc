"""Items of a plan from what the reader found: values exact, units by id, metrics only where known word for word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, get_args

from lantian.basis.finding import Text
from lantian.basis.units import unit_of
from lantian.rulebook.answers import Answering, answers
from lantian.rulebook.plan_checks import OPERATORS
from lantian.rulebook.plans import (
    Answer,
    Body,
    BodyKind,
    Comparator,
    Group,
    Mode,
    Procedure,
    Rule,
    RuleType,
    Target,
    TargetKind,
    Threshold,
)
from lantian.work.plan_places import OUTSIDE

TO_FILL = "待填写"
ENTRY = Answer(kind="entry", by="person_entry")
TRAY = Answer(kind="tray", by="duty_tray")


def target_of(entry: Mapping[str, Any], n: int, identity: str) -> Target:
    """A target of the plan from one the reader found; the metric only where the indicator is known word for word."""
    low, high = value_of(entry.get("value"))
    kind: TargetKind = entry["kind"] if entry.get("kind") in get_args(TargetKind) else "completion"
    unit = unit_id(entry.get("unit")) or ("1" if kind == "numeric" else None)
    if kind == "numeric" and low is None:
        kind = "completion"
    comparator: Comparator = entry["comparator"] if entry.get("comparator") in get_args(Comparator) else "="
    metric = _metric(str(entry["indicator"]), unit) if kind == "numeric" else None
    place = entry.get("article")
    notes = [text_of(note) for note in entry.get("notes") or () if note]
    if n == OUTSIDE and (entry.get("table") or isinstance(place, str)):
        notes.append(Text(f"出自{entry.get('table') or place}", f"From {entry.get('table') or place}"))
    return Target(
        id=identity,
        article=n,
        indicator=text_of(entry["indicator"] or TO_FILL),
        kind=kind,
        comparator=comparator,
        value=low,
        upper=high,
        unit=unit,
        baseline_year=int(entry["baseline_year"]) if entry.get("baseline_year") else None,
        deadline=str(entry["deadline"]) if entry.get("deadline") else None,
        scope=entry.get("scope") or None,
        strength=entry.get("strength") or None,
        metric=metric.id if metric else None,
        basis=metric.basis if metric else None,
        notes=tuple(notes),
        answered_by=Answer(kind="metric", by=metric.id) if metric else ENTRY,
    )


def rule_of(entry: Mapping[str, Any], n: int, identity: str) -> Rule:
    """A rule of the plan from one the reader found; a kind this edition does not know counts as a requirement."""
    kind: RuleType = entry["type"] if entry.get("type") in get_args(RuleType) else "requirement"
    return Rule(
        id=identity, article=n, type=kind, strength=entry.get("strength") or None,
        subject=text_of(entry.get("subject") or TO_FILL), threshold=threshold_of(entry.get("threshold")),
        scope=entry.get("scope") or None, exception=entry.get("exception") or None, answered_by=ENTRY,
    )  # fmt: skip


def procedure_of(entry: Mapping[str, Any], n: int, identity: str) -> Procedure:
    """A procedure of the plan from one the reader found."""
    return Procedure(
        id=identity, article=n, name=text_of(entry.get("name") or TO_FILL), frequency=entry.get("frequency") or None,
        trigger=entry.get("trigger") or None, answered_by=ENTRY,
    )  # fmt: skip


def threshold_of(entry: Mapping[str, Any] | None) -> Threshold | None:
    """A threshold, or None where the reader gives no number."""
    low, _ = value_of(entry.get("value") if entry else None)
    if not entry or low is None:
        return None
    op = str(entry["op"]) if entry.get("op") in OPERATORS else "="
    return Threshold(param=str(entry.get("param") or TO_FILL), op=op, value=low, unit=unit_id(entry.get("unit")))


def value_of(value: object) -> tuple[Decimal | None, Decimal | None]:
    """Value and upper value as the reader writes them: a number, a pair for a range, or nothing."""
    values = value if isinstance(value, list | tuple) else [value]
    numbers = [Decimal(str(v)) for v in values if v is not None]
    return (numbers[0] if numbers else None), (numbers[1] if len(numbers) > 1 else None)


def unit_id(written: object) -> str | None:
    """Id of a unit where it is known, else the unit as written; None for none."""
    text = str(written or "").strip()
    unit = unit_of(text)
    return unit.id if unit else text or None


def _metric(indicator: str, unit: str | None) -> Answering | None:
    word = re.sub(r"\s", "", indicator).replace("(", "（").replace(")", "）").replace("PM₂.₅", "PM2.5")
    return next((e for e in answers().values() if word in e.words and e.unit == unit), None)


def group_of(entry: Mapping[str, Any], identity: str, digest: Text, bodies: dict[str, Body]) -> Group:
    """A responsibility group from a declaration the reader found; ``bodies`` takes in those it names.

    A lead without a body becomes a plain list.
    """
    lead = tuple(body_of(str(name), bodies) for name in entry.get("lead") or ())
    others = tuple(body_of(str(name), bodies) for name in entry.get("bodies") or ())
    everyone = tuple(dict.fromkeys((*lead, *others)))
    mode: Mode = entry["mode"] if entry.get("mode") in get_args(Mode) else "listed"
    if mode == "lead" and not lead:
        mode = "listed" if everyone else "none"
    is_open = bool(entry.get("open_list"))
    return Group(id=identity, mode=mode, lead=lead, bodies=everyone, open_list=is_open, digest=digest, answered_by=TRAY)


def body_of(name: str, bodies: dict[str, Body]) -> str:
    """Id of a body by its name; one that is not known yet is taken in under its name."""
    known = next((body.id for body in bodies.values() if body.zh == name), None)
    if known is None:
        bodies[name] = Body(id=name, zh=name, en=name, kind=_body_kind(name))
    return known or name


def _body_kind(name: str) -> BodyKind:
    if name.endswith(("公司", "集团", "企业")):
        return "company"
    if re.search(r"[县区市旗）]政府$|[县区]人民政府$", name):
        return "county_government"
    if re.search(r"^各?有关|各部门", name):
        return "collective"
    return "vertical" if re.search(r"海关|税务局|人民银行|铁路", name) else "department"


def text_of(value: object) -> Text:
    """A text of the document, spaces and line breaks made one space; it stands for both languages."""
    text = " ".join(str(value).split())
    return Text(text, text)
