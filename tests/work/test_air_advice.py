"""Health advice: by the level of the AQI, under the edition of the day, groups by pollutant only where the edition has them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from lantian import rulebook
from lantian.rulebook.loader import load
from lantian.work.air_advice import advice

OLD, NEW = date(2025, 6, 1), date(2026, 6, 1)


@pytest.mark.parametrize(("aqi", "groups"), [(50, 1), (100, 1), (101, 1), (151, 2), (201, 2), (500, 2)])
@pytest.mark.parametrize("day", [OLD, NEW])
def test_each_level_has_its_groups(aqi: int, groups: int, day: date) -> None:
    found = advice(aqi, {"pm25": aqi}, day)
    assert len(found.measures) == groups
    assert found.measures[-1].who.zh == ("一般人群" if groups == 2 else found.measures[0].who.zh)


def test_the_editions_name_the_groups_differently_and_neither_is_taken_for_verified() -> None:
    old, new = advice(160, {"pm25": 160}, OLD), advice(160, {"pm25": 160}, NEW)
    assert (old.edition, old.confidence) == ("HJ 633-2012", "one-source")
    assert (new.edition, new.confidence) == ("HJ 633-2026", "unverified")
    assert old.measures[0].who.zh == "儿童、老年人及心脏病、呼吸系统疾病患者"
    assert "儿童青少年" in new.measures[0].who.zh
    assert "心血管疾病" in new.measures[0].who.zh


def test_sensitive_groups_stand_only_for_items_above_the_bound_of_the_new_edition() -> None:
    iaqi = {"pm25": 100, "o3_8h": 101, "co": None}
    assert [item for item, _ in advice(101, iaqi, NEW).sensitive] == ["O3"]
    assert [item for item, _ in advice(101, {"o3": 101}, NEW).sensitive] == ["O3"]
    assert advice(101, iaqi, OLD).sensitive == ()


def test_the_groups_are_those_of_the_facts(shared: Path) -> None:
    facts = load(shared / "standards" / "hj633-2026.yaml").plain()
    ours = rulebook.on("ambient.aqi.sensitive_groups", NEW).node.plain()
    for item, name in (("so2", "SO2"), ("no2", "NO2"), ("co", "CO"), ("o3", "O3")):
        theirs = facts["sensitive_groups"][name]["value"].replace("e.g.", "such as")
        assert ours[item]["en"] == theirs
    assert ours["pm25"]["en"] == facts["sensitive_groups"]["PM10 and PM2.5"]["value"].replace("e.g.", "such as")
    assert ours["above"] == 100
