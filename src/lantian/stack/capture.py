"""Capture rate of a quarter and valid transmission rate, exact, in percent."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class CaptureRule:
    """Least capture rate of a quarter, %."""

    PATH: ClassVar[str] = "stack.cems.capture"
    least: int


@dataclass(frozen=True, slots=True)
class TransmissionRule:
    """Least valid transmission rate, %."""

    PATH: ClassVar[str] = "stack.cems.transmission"
    least: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Hours of one outlet and factor: all, those in which the unit stood, valid ones while it ran, ones with data."""

    hours: int
    stopped: int
    valid: int
    received: int

    @property
    def due(self) -> int:
        """Hours in which the unit ran."""
        return self.hours - self.stopped

    @property
    def capture(self) -> Fraction | None:
        """Capture rate in %."""
        return capture_rate(self.hours, self.stopped, self.due - self.valid)

    @property
    def transmission(self) -> Fraction | None:
        """Valid transmission rate in %."""
        return transmission_rate(self.received, self.due, self.valid)


def capture_rate(hours: int, stopped: int, invalid: int) -> Fraction | None:
    """Valid share of the hours in which the unit ran, %; None where it never ran.

    Rule    HJ 75-2017: (H − stopped − invalid) / (H − stopped) · 100
    """
    running = hours - stopped
    return Fraction(100 * (running - invalid), running) if running > 0 else None


def transmission_rate(received: int, due: int, valid: int) -> Fraction | None:
    """Valid transmission rate, %; None where nothing was due.

    Rule    received/due × valid/due (transmission rate × validity rate), values beyond those due not counted
    """
    if due <= 0:
        return None
    return Fraction(100 * min(received, due) * min(valid, due), due * due)
