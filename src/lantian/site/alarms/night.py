"""The night's alarms as the duty desk shows them: counted by tier, the worst by name, the eight o'clock list."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lantian.basis.period import beijing_date
from lantian.site.alarms import selectors
from lantian.site.alarms.asking import known_outlets
from lantian.site.alarms.lists import ORDER
from lantian.site.alarms.models import Alarm, OrderState, Tier

WORST, LISTED = 3, 3


@dataclass(frozen=True, slots=True)
class Line:
    """One alarm with the name of its outlet."""

    alarm: Alarm
    title: str


@dataclass(frozen=True, slots=True)
class Night:
    """Alarms since 18:00 of the day before (``since``): ``tiers`` (key, word, count), the worst, the eight o'clock list; late orders."""

    since: datetime
    outlets: int
    tiers: tuple[tuple[str, str, int], ...]
    worst: tuple[Line, ...]
    eight: tuple[Line, ...]
    suspected: int
    late: int
    simulated: bool

    @property
    def total(self) -> int:
        """All alarms of the night."""
        return sum(count for _, _, count in self.tiers)


def night(viewer: Any, now: datetime) -> Night:
    """The night's alarms a viewer may read: three queries."""
    outlets = selectors.outlets_of(viewer)
    rows = sorted(
        selectors.of_the_night(selectors.alarms(viewer), now).defer("evidence", "history"),
        key=lambda one: (ORDER.index(Tier(one.tier)), not one.alive, -one.hours, one.outlet),
    )
    titles = known_outlets()
    lines = [Line(one, titles[one.outlet].title if one.outlet in titles else one.outlet) for one in rows]
    counted = Counter(one.tier for one in rows)
    eight = [line for line in lines if line.alarm.tier == Tier.EIGHT]
    late = selectors.orders(viewer).filter(due_on__lt=beijing_date(now)).exclude(state=OrderState.WITHDRAWN)
    return Night(
        since=selectors.night_from(now),
        outlets=len(outlets),
        tiers=tuple((key.value, str(key.label), counted[key.value]) for key in ORDER),
        worst=tuple(line for line in lines if line.alarm.tier != Tier.EIGHT)[:WORST],
        eight=tuple(_one_of_each(eight)[:LISTED]),
        suspected=len(eight),
        late=late.count(),
        simulated=any(one.simulated for one in rows),
    )


def _one_of_each(lines: list[Line]) -> list[Line]:
    """The first line of each outlet."""
    first: dict[str, Line] = {}
    for line in lines:
        first.setdefault(line.alarm.outlet, line)
    return list(first.values())
