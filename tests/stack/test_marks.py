"""Marks: what they touch, the minutes they cover, what they do."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lantian import rulebook
from lantian.stack.marks import Mark, during, marked_minutes
from lantian.stack.validity import MarkRules

HOUR = datetime(2026, 11, 26, 8)
END = HOUR + timedelta(hours=1)


def _mark(first: int, last: int, label: str = "校准", factor: str | None = None) -> Mark:
    return Mark("DA001", factor, "monitor", label, HOUR + timedelta(minutes=first), HOUR + timedelta(minutes=last))


def test_overlapping_marks_cover_each_minute_once() -> None:
    assert marked_minutes([_mark(0, 10), _mark(5, 20), _mark(50, 90), _mark(-30, 2)], HOUR, END) == 30
    assert marked_minutes([], HOUR, END) == 0


def test_a_minute_is_covered_where_its_start_is() -> None:
    half = Mark("DA001", None, "monitor", "校准", HOUR + timedelta(seconds=30), HOUR + timedelta(minutes=2, seconds=1))
    assert marked_minutes([half], HOUR, END) == 2  # minutes 1 and 2


@given(st.lists(st.tuples(st.integers(-90, 120), st.integers(0, 90)), max_size=6))
def test_minutes_covered_are_those_of_the_union(spans: list[tuple[int, int]]) -> None:
    marks = [_mark(first, first + length) for first, length in spans]
    union = {minute for first, length in spans for minute in range(first, first + length) if 0 <= minute < 60}
    assert marked_minutes(marks, HOUR, END) == len(union)


def test_marks_that_touch_an_hour() -> None:
    found = during([_mark(60, 70), _mark(-10, 0), _mark(30, 40), _mark(-5, 1)], HOUR, END)
    assert [one.start for one in found] == [HOUR - timedelta(minutes=5), HOUR + timedelta(minutes=30)]


def test_a_mark_of_one_factor_is_about_no_other() -> None:
    assert _mark(0, 1).about("a21002")
    assert not _mark(0, 1, factor="a21026").about("a21002")


def test_what_labels_do() -> None:
    rules = rulebook.fill(MarkRules, date(2026, 11, 26))
    stop = Mark("DA001", None, "condition", "停运", HOUR, END)
    start = Mark("DA001", None, "condition", "启炉", HOUR, END)
    odd = Mark("DA001", None, "condition", "晴天", HOUR, END)
    assert [rules.effect(one) for one in (stop, start, odd)] == ["stopped", "exempt", None]
    assert [rules.cuts(one) for one in (stop, start, odd)] == [True, False, False]
    assert rules.cuts(_mark(0, 1))
    assert not rules.cuts(_mark(0, 1, "数据有效"))
    # 故障 of the plant exempts, 故障 of the monitor makes the value no value
    assert (rules.condition["故障"], rules.monitor["故障"]) == ("exempt", "fault")
