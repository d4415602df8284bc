"""A determination: one computed value about a subject and a period, with everything needed to answer “why?”."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from lantian.basis.finding import Text
from lantian.basis.period import Days

VALUES: Final = {"realtime": Text("实况", "real-time"), "reviewed": Text("审核后", "reviewed")}
DUST: Final = {"included": Text("未扣除沙尘", "dust not taken out"), "excluded": Text("扣除沙尘", "dust taken out")}


@dataclass(frozen=True, slots=True)
class Basis:
    """Basis (口径) of a figure: edition, kind of values (``VALUES``), dust (``DUST``), stations, decimals, validity rule."""

    edition: str
    values: str = "realtime"
    dust: str = "included"
    stations: str = "city"
    decimals: int = 0
    validity: str = "hj_663"


@dataclass(frozen=True, slots=True)
class Determination:
    """Value and verdict of one subject in one period.

    ``value`` is decimal text or None (no valid value); ``inputs`` is the digest of what it was computed from.
    """

    subject: str
    metric: str
    period: Days
    basis: Basis
    value: str | None
    unit: str
    verdict: str | None
    editions: tuple[str, ...]
    inputs: str
    computed_at: datetime


def digest(rows: Iterable[Any]) -> str:
    """SHA-256 over rows in their order, dates and tuples by their text; the same rows give the same digest."""
    whole = hashlib.sha256()
    for row in rows:
        whole.update(json.dumps(row, ensure_ascii=False, default=_text, sort_keys=True).encode())
        whole.update(b"\n")
    return whole.hexdigest()


def _text(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no stable text for a digest")
