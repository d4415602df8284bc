"""Dated parameters: what held on a day, spans across a change of edition, and classes filled from files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantian import rulebook
from lantian.basis.finding import Text
from lantian.basis.period import Days
from lantian.rulebook.dated import paths, read
from lantian.rulebook.loader import loads


@dataclass(frozen=True, slots=True)
class Breakpoints:
    PATH: ClassVar[str] = "ambient.aqi.breakpoints"
    edition: str
    iaqi: tuple[int, ...]
    pm25: tuple[Decimal, ...]
    pm10: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DayLimit:
    day: int
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    edition: str
    class_2: DayLimit


@dataclass(frozen=True, slots=True)
class Limits:
    PATH: ClassVar[str] = "ambient.limits"
    pm25: Limit
    o3: Limit


@dataclass(frozen=True, slots=True)
class Category:
    level: int
    name: Text
    rgb: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Categories:
    PATH: ClassVar[str] = "ambient.aqi.categories"
    categories: tuple[Category, ...]


def test_every_path_is_total_from_2012_on() -> None:
    assert len(paths()) >= 17
    for path in paths():
        parameter = rulebook.parameter(path)
        assert parameter.on(date(2012, 1, 1)).days.first == date(2012, 1, 1)
        assert parameter.on(date(2099, 1, 1)).source
        with pytest.raises(rulebook.NoRuleError, match="2011-12-31"):
            parameter.on(date(2011, 12, 31))


def test_edition_changes_on_2026_03_01() -> None:
    before = rulebook.fill(Breakpoints, date(2026, 2, 28))
    after = rulebook.fill(Breakpoints, date(2026, 3, 1))
    assert (before.edition, before.pm25[2], before.pm10[2]) == ("HJ 633-2012", Decimal(75), 150)
    assert (after.edition, after.pm25[2], after.pm10[2]) == ("HJ 633-2026", Decimal(60), 120)


def test_limits_step_in_2026_and_2031() -> None:
    spans = rulebook.spans(Limits, date(2025, 1, 1), date(2031, 12, 31))
    assert [(str(d.first), law.pm25.class_2.year, law.pm25.class_2.day, law.o3.class_2.day) for d, law in spans] == [
        ("2025-01-01", 35, 75, 160),
        ("2026-03-01", 30, 60, 160),
        ("2031-01-01", 25, 50, 160),
    ]


def test_colours_are_those_of_hj_633() -> None:
    rgb = {c.name.zh: c.rgb for c in rulebook.fill(Categories, date(2024, 5, 7)).categories}
    assert rgb == {"优": (0, 228, 0), "良": (255, 255, 0), "轻度污染": (255, 126, 0), "中度污染": (255, 0, 0),
                   "重度污染": (153, 0, 76), "严重污染": (126, 0, 35)}  # fmt: skip


DAYS = st.dates(date(2012, 1, 1), date(2035, 12, 31))


@given(DAYS, DAYS)
def test_spans_cover_the_period_and_agree_with_each_day(a: date, b: date) -> None:
    first, last = min(a, b), max(a, b)
    spans = rulebook.spans(Limits, first, last)
    assert (spans[0][0].first, spans[-1][0].last) == (first, last)
    for (days, law), (following, _) in pairwise(spans):
        assert following.first == days.last + timedelta(days=1)
        assert law == rulebook.fill(Limits, days.first) == rulebook.fill(Limits, days.last)


def test_a_period_before_2012_is_refused() -> None:
    with pytest.raises(rulebook.NoRuleError, match="2011-06-01"):
        rulebook.spans(Limits, date(2011, 6, 1), date(2013, 1, 1))


def test_an_empty_period_has_no_spans() -> None:
    assert rulebook.spans(Limits, date(2024, 1, 2), date(2024, 1, 1)) == []


def test_what_is_not_verified_is_named() -> None:
    @dataclass(frozen=True, slots=True)
    class YearValidity:
        PATH: ClassVar[str] = "ambient.validity.year"
        days: int

    assert rulebook.fill(YearValidity, date(2025, 1, 1)).days == 324
    assert [value.confidence for value in rulebook.doubtful(YearValidity, date(2025, 1, 1))] == ["unverified"]
    assert rulebook.doubtful(Breakpoints, date(2025, 1, 1)) == ()


def test_an_unknown_path_names_the_nearest() -> None:
    with pytest.raises(rulebook.RulebookError, match=r"是否为“ambient\.limits\.pm25”"):
        rulebook.on("ambient.limits.pm2_5", date(2024, 1, 1))


HEAD = "title: {zh: 甲, en: a}\nselected_by: sampled_on\nconfidence: verified\nvalues:\n"


@pytest.mark.parametrize(
    ("values", "line", "words"),
    [
        ("  - {from: 2013-01-01, x: 1, source: s}\n", 5, "本段应从 2012-01-01 开始"),
        ("  - {from: 2012-01-01, until: 2012-12-31, x: 1, source: s}\n  - {from: 2013-01-02, x: 1, source: s}\n", 6,
         "本段应从 2013-01-01 开始"),
        ("  - {from: 2012-01-01, until: 2012-12-31, x: 1, source: s}\n", 5, "最后一段写了截止日"),
        ("  - {from: 2012-01-01, x: 1}\n", 5, "缺少键：source"),
        ("  - {from: 2012-02-30, x: 1, source: s}\n", 5, "这里应为日期"),
        ("  - {from: 2012-01-01, confidence: sure, source: s}\n", 5, "可用：one-source、unverified、verified"),
        ("  - {x: 1, source: s}\n", 5, "缺少键：from"),
    ],
)  # fmt: skip
def test_a_broken_parameter_says_where_and_what_to_do(values: str, line: int, words: str) -> None:
    with pytest.raises(rulebook.RulebookError, match=words) as caught:
        read("x", loads(HEAD + values, "x.yaml"))
    assert (caught.value.file, caught.value.line) == ("x.yaml", line)


def test_parameter_names_its_weakest_confidence_and_its_sources() -> None:
    parameter = rulebook.parameter("ambient.validity.year")
    assert parameter.confidence == "unverified"
    assert len(parameter.source) == 2
    assert parameter.spans(date(2026, 2, 1), date(2026, 3, 2))[1][0] == Days(date(2026, 3, 1), date(2026, 3, 2))
