"""Tiers and growing of alarms: hand-made hours, and the laws that hold for any."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantian import rulebook
from lantian.basis.finding import Text
from lantian.stack.alarms import (
    TIERS,
    Cause,
    Found,
    Key,
    Standing,
    Tiers,
    changes,
    has_ended,
    longest_run,
    most_of_a_day,
    tier_of,
)

RULES = rulebook.fill(Tiers, date(2026, 1, 1))
NIGHT = datetime(2026, 1, 5, 22)
HOUR = timedelta(hours=1)
KEY = Key("DA001", "hour", "a21026")


def at(*hours: int) -> tuple[datetime, ...]:
    return tuple(NIGHT + HOUR * number for number in hours)


def found(*hours: int, key: Key = KEY, noticed: bool = False) -> Found:
    return Found(key, at(*hours), Text("超标", "above"), noticed=noticed)


def change(standing: list[Standing], speaks: list[Found], *, now: int, since: int = -22, **dealt: datetime):  # type: ignore[no-untyped-def]
    closed = {KEY: dealt["dealt"]} if dealt else {}
    made = changes(standing, speaks, dealt_with=closed, since=NIGHT + HOUR * since, now=NIGHT + HOUR * now, rules=RULES)
    return made[0] if made else None


def test_runs_and_days_are_counted() -> None:
    assert longest_run(at(0, 1, 3, 4, 5, 9), HOUR) == 3
    assert longest_run((), HOUR) == 0
    assert most_of_a_day(at(0, 1, 2, 3, 4)) == 3  # 22:00 and 23:00 belong to the day before


@pytest.mark.parametrize(
    ("cause", "hours", "noticed", "tier"),
    [
        ("hour", (0,), False, "prompt"),
        ("hour", (0, 2), False, "prompt"),
        ("hour", (0, 1, 2), False, "branch"),
        ("hour", (2, 4, 6, 8, 10, 12), False, "branch"),  # six of one day, none in a row
        ("hour", (0, 2, 4, 6, 8, 10), False, "prompt"),  # five of the second day
        ("lost", (0,), False, "prompt"),
        ("lost", (0, 1, 2, 3, 4, 5), False, "press"),
        ("lost", (0, 1, 2, 3, 4, 5), True, "prompt"),
        ("check", (0,), False, "eight"),
        ("suspect", (0,), False, "eight"),
        ("hour", (), False, None),
    ],
)
def test_tiers_of_the_rulebook(cause: Cause, hours: tuple[int, ...], noticed: bool, tier: str | None) -> None:
    assert tier_of(RULES, cause, at(*hours), noticed=noticed) == tier


def test_a_day_above_the_limit_is_pressed_at_once() -> None:
    assert tier_of(RULES, "day", (datetime(2026, 1, 5),)) == "press"


def test_an_alarm_is_raised_once_and_then_grows() -> None:
    first = change([], [found(0)], now=1)
    assert (first.step, first.tier, first.starts, first.ended) == ("raised", "prompt", at(0), False)
    standing = [Standing(KEY, first.starts, first.tier)]
    assert change(standing, [found(0)], now=2).step == "same"
    more = change(standing, [found(0, 1, 2)], now=3)
    assert (more.step, more.tier, len(more.starts)) == ("grown", "branch", 3)


def test_it_ends_when_its_cause_stays_away_and_begins_again_with_it() -> None:
    standing = [Standing(KEY, at(0, 1), "prompt")]
    assert change(standing, [found(0, 1)], now=4).step == "same"
    assert change(standing, [found(0, 1)], now=5).step == "ended"  # hour 1 ended at 2, three quiet hours
    ended = [Standing(KEY, at(0, 1), "prompt", ended=True)]
    again = change(ended, [found(0, 1, 7)], now=8)
    assert (again.step, again.ended) == ("grown", False)


def test_it_is_dropped_where_marks_explain_all_hours_looked_at_and_keeps_what_lies_before() -> None:
    standing = [Standing(KEY, at(0, 1, 2), "branch")]
    gone = change(standing, [], now=6)
    assert (gone.step, gone.starts) == ("dropped", at(0, 1, 2))
    kept = change(standing, [], now=6, since=2)
    assert (kept.step, kept.starts, kept.tier) == ("grown", at(0, 1), "branch")


def test_what_was_dealt_with_is_not_raised_again_but_later_hours_are() -> None:
    assert change([], [found(0, 1)], now=3, dealt=NIGHT + HOUR) is None
    later = change([], [found(0, 1, 2)], now=3, dealt=NIGHT + HOUR)
    assert later.starts == at(2)


def test_a_day_has_ended_a_day_after_it() -> None:
    day = datetime(2026, 1, 5)
    assert not has_ended(RULES, "day", day, datetime(2026, 1, 6, 23))
    assert has_ended(RULES, "day", day, datetime(2026, 1, 7))


HOURS = st.sets(st.integers(0, 40), max_size=20)


@given(HOURS, HOURS)
def test_more_hours_never_lower_a_tier(some: set[int], more: set[int]) -> None:
    low, high = tier_of(RULES, "hour", at(*sorted(some))), tier_of(RULES, "hour", at(*sorted(some | more)))
    assert low is None or (high is not None and TIERS.index(high) >= TIERS.index(low))


@given(st.lists(HOURS, min_size=1, max_size=6))
def test_one_alarm_however_often_it_is_looked_for(looks: list[set[int]]) -> None:
    """Looking again with more and more hours gives the same alarm as looking once at the end."""
    seen: set[int] = set()
    standing: list[Standing] = []
    for number, hours in enumerate(looks):
        seen |= hours
        made = change(standing, [found(*sorted(seen))] if seen else [], now=41 + number)
        if made:
            standing = [Standing(KEY, made.starts, made.tier, made.ended)]
        assert len(standing) <= 1
    once = change([], [found(*sorted(seen))] if seen else [], now=50)
    assert (standing[0].starts, standing[0].tier) == (once.starts, once.tier) if once else not standing
