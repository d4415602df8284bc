"""Alarms of outlets: which tier a cause reaches, and how what is found now changes the alarms that stand.

One alarm stands for an outlet and a cause (and a factor, where it matters): it grows with new periods, it is not repeated.
It falls away where a valid mark explains all its periods, has ended once its cause stays away, and is never raised again
for periods somebody has dealt with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Final, Literal

from lantian.basis.finding import Text

Cause = Literal["hour", "day", "lost", "check", "suspect"]
TierName = Literal["prompt", "branch", "press", "eight"]
Step = Literal["raised", "grown", "ended", "dropped", "same"]

TIERS: Final[tuple[TierName, ...]] = ("prompt", "branch", "press", "eight")
_HOUR: Final = timedelta(hours=1)
_PERIOD: Final[Mapping[str, timedelta]] = {"day": timedelta(days=1)}  # of the other causes: an hour


@dataclass(frozen=True, slots=True)
class TierRule:
    """From when on a cause reaches a tier; every condition that is given must hold."""

    cause: Cause
    tier: TierName
    hours: int | None = None
    in_a_row: int | None = None
    within_a_day: int | None = None
    noticed: bool | None = None

    def holds(self, starts: Sequence[datetime], period: timedelta, noticed: bool) -> bool:
        """Whether it holds for an alarm of these periods, told beforehand or not."""
        return (
            (self.hours is None or len(starts) >= self.hours)
            and (self.in_a_row is None or longest_run(starts, period) >= self.in_a_row)
            and (self.within_a_day is None or most_of_a_day(starts) >= self.within_a_day)
            and (self.noticed is None or self.noticed is noticed)
        )


@dataclass(frozen=True, slots=True)
class Tiers:
    """The tiers of alarms: ``stack.tiers`` of the rulebook (own practice)."""

    PATH: ClassVar[str] = "stack.tiers"
    rules: tuple[TierRule, ...]
    severities: tuple[str, ...]
    told_by_lost: tuple[str, ...]
    quiet_h: dict[str, int]
    back_days: int
    settled_by_answer: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What an alarm is about; ``code`` names a check or a pattern."""

    outlet: str
    cause: Cause
    factor: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What speaks for an alarm now: the periods (starts, Beijing) its cause holds in, in their order.

    ``marking`` are periods a company may still mark; ``noticed`` says that an outage was told beforehand.
    """

    key: Key
    starts: tuple[datetime, ...]
    summary: Text
    evidence: Mapping[str, Any] = field(default_factory=dict)
    marking: frozenset[datetime] = frozenset()
    noticed: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """An alarm that stands: its periods, its tier, whether its cause had ended."""

    key: Key
    starts: tuple[datetime, ...]
    tier: TierName
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one alarm; ``found`` None: nothing speaks for it in the days looked at."""

    step: Step
    key: Key
    starts: tuple[datetime, ...]
    tier: TierName
    ended: bool
    found: Found | None = None


def period_of(cause: Cause) -> timedelta:
    """Length of the periods an alarm of this cause counts."""
    return _PERIOD.get(cause, _HOUR)


def longest_run(starts: Iterable[datetime], period: timedelta) -> int:
    """Most periods that follow each other without a gap."""
    most = run = 0
    before: datetime | None = None
    for start in sorted(starts):
        run = run + 1 if before is not None and start - before == period else 1
        most, before = max(most, run), start
    return most


def most_of_a_day(starts: Iterable[datetime]) -> int:
    """Most periods of one day."""
    counted: Counter[date] = Counter(start.date() for start in starts)
    return max(counted.values(), default=0)


def tier_of(rules: Tiers, cause: Cause, starts: Sequence[datetime], *, noticed: bool = False) -> TierName | None:
    """The highest tier the periods of a cause reach; None where they reach none.

    Rule    ``stack.tiers``, Lantian's own practice
    """
    period = period_of(cause)
    reached = [rule.tier for rule in rules.rules if rule.cause == cause and rule.holds(starts, period, noticed)]
    return max(reached, key=TIERS.index, default=None)


def has_ended(rules: Tiers, cause: Cause, last: datetime, now: datetime) -> bool:
    """Whether a cause has stayed away long enough since the end of its last period."""
    return now >= last + period_of(cause) + timedelta(hours=rules.quiet_h[cause])


def changes(
    standing: Iterable[Standing],
    found: Iterable[Found],
    *,
    dealt_with: Mapping[Key, datetime],
    since: datetime,
    now: datetime,
    rules: Tiers,
) -> list[Change]:
    """What becomes of each alarm, by key: those that stand, and those that are to be raised.

    ``since``: what was found covers everything from there on, so a period of a standing alarm that is not in it no longer
    counts; earlier ones stay. ``dealt_with``: last period of the last alarm of a key that was closed; such are not raised anew.
    """
    stands = {one.key: one for one in standing}
    speaks = {one.key: one for one in found}
    made = [_change(stands.get(key), speaks.get(key), dealt_with.get(key), since, now, rules) for key in
            sorted(stands.keys() | speaks.keys())]  # fmt: skip
    return [one for one in made if one is not None]


def _change(
    stands: Standing | None, found: Found | None, dealt: datetime | None, since: datetime, now: datetime, rules: Tiers
) -> Change | None:
    new = [start for start in (found.starts if found else ()) if dealt is None or start > dealt]
    kept = [start for start in (stands.starts if stands else ()) if start < since]
    starts = tuple(sorted({*kept, *new}))
    if stands is None:
        assert found is not None
        first = tier_of(rules, found.key.cause, starts, noticed=found.noticed)
        if not starts or first is None:
            return None
        return Change("raised", found.key, starts, first, _ended(found.key, starts, now, rules), found)
    if not starts:
        return Change("dropped", stands.key, stands.starts, stands.tier, True)
    reached = tier_of(rules, stands.key.cause, starts, noticed=bool(found and found.noticed))
    tier = max(stands.tier, reached or stands.tier, key=TIERS.index)
    ended = _ended(stands.key, starts, now, rules)
    step: Step = "same"
    if starts != stands.starts or tier != stands.tier or (stands.ended and not ended):
        step = "grown"
    elif ended and not stands.ended:
        step = "ended"
    return Change(step, stands.key, starts, tier, ended, found)


def _ended(key: Key, starts: Sequence[datetime], now: datetime, rules: Tiers) -> bool:
    return has_ended(rules, key.cause, starts[-1], now)
