"""The parameters of the checks; who calls fills them from the rulebook."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Standard:
    """Values that standards give."""

    PATH: ClassVar[str] = "stack.checks.standards"
    flags: tuple[str, ...]
    equipment_states: tuple[str, ...]
    eflag_characters: int
    mn_form: str
    o2_formula: Decimal
    transmission_percent: Decimal


@dataclass(frozen=True, slots=True)
class Validity:
    """How many parts make a mean valid (HJ 212-2017 D.2, HJ 75, HJ 76)."""

    PATH: ClassVar[str] = "stack.checks.validity"
    hour_minutes: int
    day_hours: int
    month_days: int
    february_days: int
    capture_percent: Decimal


@dataclass(frozen=True, slots=True)
class Practice:
    """Thresholds of Lantian's own practice (未核实依据); minutes, shares in %, units of HJ 212-2017 appendix B."""

    PATH: ClassVar[str] = "stack.checks.practice"
    join_minutes: int
    refused_frames: int


@dataclass(frozen=True, slots=True)
class Parameters:
    """All of it as of a day, with the factors of HJ 212-2017 and what those of 2005 became."""

    practice: Practice
    standard: Standard
    validity: Validity
    factors: Collection[str]
    codes_2005: Mapping[str, str]
