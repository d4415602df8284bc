"""Regions, units, findings and digests."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from lantian.basis import region, units
from lantian.basis.determination import digest
from lantian.basis.finding import Finding, Place, Refusal, Severity, Text


def test_region_levels_and_what_lies_in_what() -> None:
    assert [region.level(code) for code in ("230000", "230300", "230321")] == ["province", "prefecture", "county"]
    assert region.holds("230000", "230321")
    assert region.holds("230300", "230321")
    assert not region.holds("230300", "230421")


@pytest.mark.parametrize("code", ["23030", "abc", "030300", ""])
def test_a_wrong_region_code_is_named(code: str) -> None:
    with pytest.raises(ValueError, match="region code"):
        region.checked(code)


def test_units_as_written_and_their_exact_factor() -> None:
    milligram, microgram = units.unit_of("毫克/立方米"), units.unit_of("μg/m³")
    assert milligram is not None
    assert microgram is not None
    assert units.factor(milligram, microgram) == Fraction(1000)
    assert units.unit_of("光年") is None
    with pytest.raises(ValueError, match="dimensions"):
        units.factor(units.UNITS["t"], microgram)


def test_a_digest_depends_on_the_rows_and_on_nothing_else() -> None:
    rows = [["鸡西", date(2025, 1, 1), 280], ["鸡西", date(2025, 1, 2), None]]
    assert digest(rows) == digest([list(row) for row in rows])
    assert digest(rows) != digest(rows[::-1])
    with pytest.raises(TypeError):
        digest([[object()]])


def test_a_refusal_says_where() -> None:
    place = Place(file="a.csv", row=7, column="日期")
    finding = Finding("AIR-DATE-UNREADABLE", Severity.REFUSED, Text("读不出日期。", "unreadable date"), place)
    assert str(Refusal(finding)) == "a.csv 第 7 行 “日期”列 读不出日期。"
    assert finding.as_dict()["place"] == {"file": "a.csv", "row": 7, "column": "日期"}
