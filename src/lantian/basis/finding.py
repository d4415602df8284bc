"""A finding says what is wrong with something that arrived, where, and under which clause; nothing is thrown away."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much a finding matters: a refusal keeps the row aside, a warning keeps it with a mark."""

    REFUSED = "refused"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding sits: file, sheet, row (1 = first line, header included), column, or a span of code points."""

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    start: int | None = None
    end: int | None = None

    def __str__(self) -> str:
        row = f"第 {self.row} 行" if self.row is not None else None
        column = f"“{self.column}”列" if self.column else None
        return " ".join(part for part in (self.file, self.sheet, row, column) if part)


@dataclass(frozen=True, slots=True)
class Text:
    """One user text in Chinese and English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: code (STANDARD-SUBJECT-REASON), severity, text, place and clause."""

    code: str
    severity: Severity
    text: Text
    place: Place = field(default_factory=Place)
    clause: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain dictionary for JSON, places without empty parts."""
        place = {key: value for key, value in asdict(self.place).items() if value is not None}
        return {
            "code": self.code,
            "severity": self.severity.value,
            "zh": self.text.zh,
            "en": self.text.en,
            "place": place,
            "clause": self.clause,
        }


class Refusal(Exception):
    """A whole file or request cannot be taken: carries the findings that say what, where, why and what to do."""

    def __init__(self, *findings: Finding) -> None:
        self.findings = findings
        super().__init__("\n".join(f"{finding.place} {finding.text.zh}".strip() for finding in findings))
