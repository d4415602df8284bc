"""The limit of an outlet on a day: permit, national set, ultra-low; what is not in force does not count."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from lantian import rulebook
from lantian.rulebook.dated import parameter
from lantian.store.stack.outlets import Outlet, OutletLimit
from lantian.work.stack_limits import limit_of, limit_set, limit_sets, limited_factors

DAY = date(2026, 11, 26)
SO2, NOX, PM = "a21026", "a21002", "a34013"


def _outlet(
    limit_set: str | None = None, *limits: OutletLimit, ultra_low: bool = False, o2: int | None = None
) -> Outlet:
    return Outlet(
        "DA001", "排放口", "模拟企业", "230300", limit_set=limit_set, limits=limits, ultra_low=ultra_low,
        reference_o2=None if o2 is None else Decimal(o2), simulated=True,
    )  # fmt: skip


def test_every_set_can_be_read_on_every_day_of_change() -> None:
    sets = limit_sets()
    assert len(sets) > 20
    for id in sets:
        for value in parameter(f"stack.limits.{id}").values:
            found = limit_set(id, value.days.first)
            assert found is not None
            assert found.ultra_low is None or found.ultra_low in sets
            for limit in found.limits.values():
                assert limit.hour is not None or limit.day is not None
                assert limit.hour is None or limit.hour > 0


@pytest.mark.parametrize(
    ("id", "pm", "so2", "nox", "o2"),
    [  # tables 1 to 3 of GB 13271-2014, table 1 of GB 4915-2013
        ("gb13271_2014_t1_coal", 80, 400, 400, 9),
        ("gb13271_2014_t2_coal", 50, 300, 300, 9),
        ("gb13271_2014_t3_gas", 20, 50, 150, Decimal("3.5")),
        ("gb4915_2013_kiln", 30, 200, 400, 10),
    ],
)
def test_values_of_the_tables(id: str, pm: int, so2: int, nox: int, o2: int) -> None:
    found = [limit_of(_outlet(id), code, DAY) for code in (PM, SO2, NOX)]
    assert [one.hour if one else None for one in found] == [pm, so2, nox]
    assert {one.reference_o2 if one else None for one in found} == {o2}


def test_a_set_that_is_not_in_force_limits_nothing() -> None:
    outlet = _outlet("gb13271_2014_t2_coal")
    assert limit_of(outlet, SO2, date(2014, 6, 30)) is None
    assert limit_of(outlet, SO2, date(2014, 7, 1)) is not None
    assert limited_factors(outlet, date(2014, 6, 30)) == frozenset()


def test_before_2012_there_is_no_rule() -> None:
    with pytest.raises(rulebook.NoRuleError):
        limit_of(_outlet("gb13271_2014_t2_coal"), SO2, date(2011, 12, 31))


def test_the_permit_where_it_is_stricter_and_in_force() -> None:
    permit = OutletLimit(SO2, Decimal(180), Decimal(100), "排污许可证", DAY, DAY + timedelta(days=1))
    outlet = _outlet("gb13271_2014_t2_coal", permit)
    found = limit_of(outlet, SO2, DAY)
    assert found is not None
    assert (found.hour, found.day, found.kind, found.reference_o2) == (180, 100, "permit", 9)
    assert found.others == ("GB 13271-2014 table 2",)
    for other in (DAY - timedelta(days=1), DAY + timedelta(days=2)):
        outside = limit_of(outlet, SO2, other)
        assert outside is not None
        assert (outside.hour, outside.kind) == (300, "national")
    loose = limit_of(_outlet("gb13271_2014_t2_coal", OutletLimit(SO2, Decimal(301), None, "许可证", DAY)), SO2, DAY)
    assert loose is not None
    assert loose.hour == 300


def test_ultra_low_where_it_was_recognised() -> None:
    found = limit_of(_outlet("gb13223_2011_coal_new", ultra_low=True), SO2, DAY)
    assert found is not None
    assert (found.hour, found.kind, found.confidence) == (
        35,
        "ultra_low",
        "unverified",
    )  # reference oxygen is not verified
    assert found.others == ("GB 13223-2011 from general knowledge",)


def test_a_grate_furnace_keeps_its_own_reference() -> None:
    found = limit_of(_outlet("gb13271_2014_t2_coal", ultra_low=True, o2=9), SO2, DAY)
    assert found is not None
    assert (found.hour, found.reference_o2) == (35, 9)


def test_a_set_that_nobody_knows_and_no_set_at_all() -> None:
    assert limit_of(_outlet("no_such_set"), SO2, DAY) is None
    assert limit_of(_outlet(), SO2, DAY) is None


def test_a_permit_without_any_reference_is_judged_as_measured() -> None:
    found = limit_of(_outlet(None, OutletLimit(PM, Decimal(20), None, "许可证", DAY)), PM, DAY)
    assert found is not None
    assert found.reference_o2 is None
    with_o2 = limit_of(_outlet(None, OutletLimit(PM, Decimal(20), None, "许可证", DAY), o2=9), PM, DAY)
    assert with_o2 is not None
    assert with_o2.reference_o2 == 9
