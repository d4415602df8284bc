"""Findings on a month of station hours, kept as a file: ``<data>/quality/<values>/<YYYY-MM>.json``.

They can always be made again of the hours, so no backup holds them. ``inputs`` says of which hours, register and
thresholds they were made: a page that finds other ones says so, and the nightly job makes them anew.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

FOLDER = "quality"
_MONTH = re.compile(r"\d{4}-\d{2}\Z")


@dataclass(frozen=True, slots=True)
class KeptFinding:
    """Something worth a look: who, which item, from when to when (ISO text), how many values, in words.

    ``key`` stays the same when the month is checked again; ``evidence`` (time, value) as printed.
    """

    key: str
    code: str
    severity: str
    station: str
    item: str | None
    first: str
    last: str
    count: int
    zh: str
    clause: str
    evidence: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class KeptCapture:
    """Hours with a value of those that could be, and valid days of the days that could be, of a station and item."""

    station: str
    item: str
    present: int
    possible: int
    valid_days: int
    days: int


@dataclass(frozen=True, slots=True)
class QualityMonth:
    """All findings and captures of a month (2025-01) of one kind of values."""

    month: str
    values: str
    inputs: str
    computed_at: datetime
    findings: tuple[KeptFinding, ...]
    captures: tuple[KeptCapture, ...]


def quality_month(data: Path, values: str, month: str) -> QualityMonth | None:
    """What is kept of a month; None where it has not been checked, or the file is of another form."""
    try:
        told = json.loads(_file(data, values, month).read_text("utf-8"))
        return QualityMonth(
            month=month,
            values=values,
            inputs=told["inputs"],
            computed_at=datetime.fromisoformat(told["computed_at"]),
            findings=tuple(_finding(one) for one in told["findings"]),
            captures=tuple(KeptCapture(**one) for one in told["captures"]),
        )
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def keep_quality_month(data: Path, found: QualityMonth) -> None:
    """Keeps a month, whole or not at all."""
    file = _file(data, found.values, found.month)
    file.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
    told = {
        "inputs": found.inputs,
        "computed_at": found.computed_at.isoformat(),
        "findings": [asdict(one) for one in found.findings],
        "captures": [asdict(one) for one in found.captures],
    }
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(told, stream, ensure_ascii=False)
    draft.replace(file)


def checked_months(data: Path, values: str) -> list[str]:
    """Months that have been checked, newest first."""
    folder = Path(data) / FOLDER / values
    names = [file.stem for file in folder.glob("*.json")] if folder.is_dir() else []
    return sorted((name for name in names if _MONTH.match(name)), reverse=True)


def _file(data: Path, values: str, month: str) -> Path:
    return Path(data) / FOLDER / values / f"{month}.json"


def _finding(told: Mapping[str, Any]) -> KeptFinding:
    return KeptFinding(**{**told, "evidence": tuple((at, value) for at, value in told["evidence"])})
