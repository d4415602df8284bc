"""Outlets and nights of the simulated city: invented, marked, the same whenever asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import polars as pl

from lantian import rulebook
from lantian.stack.hj212 import Frame, decoded, deviations, encoded
from lantian.store.stack.outlets import outlets, publish
from lantian.work.simulated_outlets import simulated_outlets, stack_of
from lantian.work.simulated_stack import Stack
from lantian.work.simulated_stack_kinds import NOX
from lantian.work.simulated_stack_night import Exceeding, Flat, last_night
from lantian.work.stack_law import hj212_tables

PLAN = rulebook.plan("jixi-2024")
CITY = simulated_outlets(PLAN.region, PLAN.counties, PLAN.centre, 24)
NIGHT = datetime(2026, 11, 28)


def test_all_are_marked_and_named_as_simulated(tmp_path: Path) -> None:
    assert simulated_outlets(PLAN.region, PLAN.counties, PLAN.centre, 24) == CITY
    assert len({one.mn for one in CITY}) == len({one.code for one in CITY}) == len({one.company for one in CITY}) == 24
    assert all(one.simulated and one.company.startswith("模拟") and one.operator.startswith("模拟") for one in CITY)
    assert {one.region for one in CITY} == {county.code for county in PLAN.counties}
    publish(tmp_path, CITY)
    assert outlets(tmp_path) == tuple(CITY)


def test_no_device_bears_a_number_a_real_one_has() -> None:
    tables = hj212_tables(date(2026, 11, 28))
    for one in simulated_outlets("230300", (), (), 40, old=True):
        assert one.mn
        assert one.mn.startswith("FF")
        flag = "1" if len(one.mn) == 14 else "5"
        raw = encoded(
            {"QN": "20261128083000000", "ST": "31", "CN": "2011", "PW": "123456", "MN": one.mn, "Flag": flag}, {}
        )
        (frame,) = decoded(raw)
        assert isinstance(frame, Frame)
        assert deviations(frame, tables) == []


def test_outlets_of_a_county_stand_near_each_other_within_the_city() -> None:
    for one in CITY:
        assert one.longitude
        assert one.latitude
        assert 130 < one.longitude < 134
        assert 45 < one.latitude < 46
    assert all(one.longitude is None for one in simulated_outlets("230300", (), (), 3))


def test_each_has_a_limit_set_of_the_rulebook_and_a_stack_of_its_kind() -> None:
    sets = {file.stem for file in (Path(rulebook.__file__).parent / "national/stack/limits").glob("*.yaml")}
    assert {one.limit_set for one in CITY} <= sets
    assert len({stack_of(one).seed for one in CITY}) == 24
    assert all(stack_of(one).kind.zh == one.kind for one in CITY)


def test_a_night_s_exceedance_lies_above_the_limit_and_only_there() -> None:
    stack = _running()
    clean, planted = stack.minutes(NIGHT, 1440), Exceeding(stack).minutes(NIGHT, 1440)
    inside = planted["start"].is_between(NIGHT.replace(hour=1), NIGHT.replace(hour=5), closed="left")
    assert planted.filter(~inside).equals(clean.filter(~inside))
    normal = planted.filter(inside & (pl.col(f"{NOX}_flag") == "N"))
    mean = normal[f"{NOX}_zs"].mean()
    assert isinstance(mean, float)
    assert mean > stack.kind.pollutants[NOX].limit * 10_000
    assert planted.drop(NOX, f"{NOX}_min", f"{NOX}_max", f"{NOX}_zs").equals(
        clean.drop(NOX, f"{NOX}_min", f"{NOX}_max", f"{NOX}_zs")
    )


def test_a_night_s_flat_line_is_one_value_while_the_converted_one_moves() -> None:
    planted = Flat(_running()).minutes(NIGHT, 360).filter(pl.col(f"{NOX}_flag") == "N")
    assert planted[NOX].n_unique() == planted[f"{NOX}_min"].n_unique() == planted[f"{NOX}_max"].n_unique() == 1
    assert planted[f"{NOX}_zs"].n_unique() > 100


def test_a_minute_asked_for_alone_is_that_of_the_day() -> None:
    for source in (Exceeding(_running()), Flat(_running())):
        whole = source.minutes(NIGHT, 360)
        for at in (0, 59, 120, 299):
            row = whole[at]
            assert source.minutes(row["start"][0], 1).equals(row)


def test_what_happens_to_whom() -> None:
    night = last_night(CITY, datetime(2026, 11, 28, 8))
    assert night
    kinds = {one.code: type(night.source(one, stack_of(one))) for one in CITY}
    assert sorted(kind.__name__ for kind in kinds.values() if kind is not Stack) == ["Exceeding", "Flat"]
    assert [one.code for one in CITY if night.silence(one)] == [night.silent]
    assert night.silence(replace(CITY[0], code="another")) is None


def _running() -> Stack:
    """A stack that runs through the whole night."""
    coal = [stack_of(one) for one in CITY if one.kind == "燃煤锅炉"]
    return next(one for one in coal if set(one.minutes(NIGHT, 1440)["condition"]) == {""})
