"""What the reader finds: targets, rules, procedures, duties and sentences, each with its place in the text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Place = int | str | None  # article number, or the name of a section or table outside the articles


@dataclass(slots=True)
class Target:
    """A target: indicator, comparator, value, deadline and where it stands."""

    indicator: str
    kind: str  # numeric | completion | external
    comparator: str
    value: float | int | list[float | int] | None
    unit: str | None
    deadline: str | None
    start: int
    end: int
    article: Place = None
    baseline_year: int | None = None
    scope: str | None = None
    strength: str = "约束"
    threshold: dict[str, Any] | None = None
    table: str | None = None
    notes: list[str] = field(default_factory=list)
    id: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain dictionary for JSON."""
        return {
            "id": self.id, "article": self.article, "indicator": self.indicator, "kind": self.kind, "comparator": self.comparator,
            "value": self.value, "unit": self.unit, "baseline_year": self.baseline_year, "deadline": self.deadline, "scope": self.scope,
            "strength": self.strength, "threshold": self.threshold, "table": self.table, "notes": self.notes,
            "start": self.start, "end": self.end,
        }  # fmt: skip


@dataclass(slots=True)
class Rule:
    """A rule: type, strength, subject, threshold, scope and where it stands."""

    type: str
    strength: str
    subject: str
    start: int
    end: int
    threshold: dict[str, Any] | None = None
    scope: str | None = None
    exception: str | None = None
    article: Place = None
    id: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain dictionary for JSON."""
        return {
            "id": self.id, "article": self.article, "type": self.type, "strength": self.strength, "subject": self.subject,
            "threshold": self.threshold, "scope": self.scope, "exception": self.exception, "start": self.start, "end": self.end,
        }  # fmt: skip


@dataclass(slots=True)
class Procedure:
    """A procedure: name, how often, what sets it off and where it stands."""

    name: str
    frequency: str | None
    trigger: str | None
    start: int
    end: int
    article: Place = None
    id: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain dictionary for JSON."""
        return {
            "id": self.id, "article": self.article, "name": self.name, "frequency": self.frequency, "trigger": self.trigger,
            "start": self.start, "end": self.end,
        }  # fmt: skip
