"""The board on real days: Jixi 2015 as seen on 30 November, against the file read apart, and how the year then ended."""

from __future__ import annotations

import csv
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from lantian.air.item import ITEMS
from lantian.plan.state.model import YearLimit
from lantian.rulebook import plan as plan_by_id
from lantian.store.air import AirReader
from lantian.work.air_board import Board, board
from lantian.work.air_board_validity import ItemRisk
from lantian.work.air_import import silent
from lantian.work.demo import load_demo

SEEN = date(2015, 11, 30)
LIMITS = {"T03-1": [YearLimit(2015, "<=", Fraction(28), "ug/m3", "试算")]}


@pytest.fixture(scope="module")
def days(shared: Path) -> dict[date, Fraction]:
    """PM2.5 of Jixi's days of 2015, straight from the file."""
    with (shared / "data/ambient/heilongjiang_city_daily_2015_aqistudy.csv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["city"] == "鸡西" and row["date"].startswith("2015")]
    return {date.fromisoformat(row["date"]): Fraction(row["pm25"]) for row in rows}


@pytest.fixture(scope="module")
def reader(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> AirReader:
    data = tmp_path_factory.mktemp("board-real")
    load_demo(shared, data, now=datetime.fromisoformat("2026-11-23T00:00:00+00:00"), progress=silent)
    return AirReader(data)


def seen(reader: AirReader, as_of: date) -> Board:
    return board(plan_by_id("jixi-2024"), reader, as_of, issued=LIMITS, decided={})


def test_the_control_value_and_how_december_kept_to_it(reader: AirReader, days: dict[date, Fraction]) -> None:
    found = seen(reader, SEEN).budgets[0]
    so_far = sum(value for day, value in days.items() if day <= SEEN)
    bound = (Fraction(57, 2) * 365 - so_far) / 31
    assert found.figure is not None
    assert Fraction(found.figure) <= bound < Fraction(found.figure) + Fraction(1, 10)
    december = sum(value for day, value in days.items() if day > SEEN) / 31
    ended = seen(reader, date(2015, 12, 31)).budgets[0]
    assert ended.over
    assert ended.reachable == (december <= bound)  # 28 is even: the bound itself still rounds to 28


def test_scenarios_hold_against_the_file(reader: AirReader, days: dict[date, Fraction]) -> None:
    so_far = sum(value for day, value in days.items() if day <= SEEN)
    shown = {one.key: one.mean for one in seen(reader, SEEN).scenarios}
    for daily in (25, 30, 35, 45):
        assert shown[f"mean-{daily}"] == str(round((so_far + 31 * daily) / 365))  # fractions round half to even


def test_a_complete_year_loses_nothing(reader: AirReader) -> None:
    risks: tuple[ItemRisk, ...] = seen(reader, SEEN).risks
    assert [one.item for one in risks] == list(ITEMS)
    assert [(one.valid, one.may_lose, one.failed) for one in risks] == [(334, 41, ())] * 6
    assert {one.tightest.number for one in risks if one.tightest} == {12}
