"""Above the limit, by how much, and from when on it counts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

from lantian.stack.exceedance import MarkingWindow, exceeds, multiple


def test_equal_is_kept() -> None:
    assert not exceeds(Decimal("35.000"), Decimal(35))
    assert exceeds(Decimal("35.001"), Decimal(35))


def test_multiple_by_hand() -> None:
    assert multiple(Decimal("52.5"), Decimal(35)) == Fraction(1, 2)


def test_marking_closes_at_noon_of_the_next_day_in_beijing() -> None:
    window, day = MarkingWindow(1, 12), date(2026, 11, 26)
    assert window.closes(day) == datetime(2026, 11, 27, 4, tzinfo=UTC)
    assert window.state(day, datetime(2026, 11, 27, 3, 59, tzinfo=UTC)) == "open"
    assert window.state(day, datetime(2026, 11, 27, 4, tzinfo=UTC)) == "closed"
