"""The “why?” of an hour: its minutes, what was revised and when, the formula with the numbers of the hour."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tests.store.stack.stack_frames import frame, keep

from lantian.basis.period import BEIJING
from lantian.stack.marks import Mark
from lantian.store.stack.outlets import Outlet, OutletLimit
from lantian.work.stack_referee import judge
from lantian.work.stack_why import HourWhy, hour_why

MN = "C" * 24
SO2 = "a21026"
HOUR = datetime(2026, 11, 2, 8)
NOW = datetime(2026, 11, 2, 2, 5, tzinfo=UTC)  # 10:05 in Beijing
OUTLET = Outlet(
    "W-DA001", "排口", "模拟企业", "230302", mn=MN, reference_o2=Decimal("6"),
    limits=(OutletLimit(SO2, Decimal("35"), None, "模拟许可", date(2024, 1, 1)),),
)  # fmt: skip


def sent(start: datetime, so2: str, *, at: datetime | None = None, flag: str = "N") -> tuple[object, ...]:
    fields = {f"{SO2}-Avg": so2, f"{SO2}-Flag": flag, "a19001-Avg": "11", "a19001-Flag": "N"}
    received = at or start.replace(tzinfo=BEIJING).astimezone(UTC)
    return frame(f"{start:%Y%m%d%H%M%S}", fields, mn=MN, at=received, qn=f"{received:%Y%m%d%H%M%S}000")  # type: ignore[no-any-return]


def why(data: Path, marks: Sequence[Mark] = ()) -> HourWhy:
    found = hour_why(data, OUTLET, SO2, HOUR, marks)
    assert found is not None
    return found


@pytest.fixture
def judged(data: Path) -> Path:
    """50 minutes of 20 mg/m³ at 11 % oxygen, five more of calibration; one minute was revised before the verdict."""
    rows = [sent(HOUR + timedelta(minutes=number), "20") for number in range(50)]
    rows += [sent(HOUR + timedelta(minutes=50 + number), "99", flag="C") for number in range(5)]
    rows.append(sent(HOUR + timedelta(minutes=3), "70", at=NOW - timedelta(minutes=30)))
    keep(data, rows)
    judge(data, [OUTLET], (), date(2026, 11, 2), date(2026, 11, 2), now=NOW)
    return data


def test_the_formula_has_the_numbers_of_the_hour(judged: Path) -> None:
    found = why(judged)
    # 49 minutes of 20 and one of 70: mean 21; (21 − 6) ÷ (21 − 11) = 1.5; 21 × 1.5 = 31.5
    assert (found.verdict.minutes, found.verdict.measured, found.verdict.converted) == (
        50,
        Decimal(21),
        Decimal("31.5"),
    )
    assert found.formula == "21 × (21 − 6) ÷ (21 − 11.000) = 31.5"
    assert found.oxygen == "11.000"
    assert found.limit is not None
    assert found.limit.source == "模拟许可"
    assert found.editions


def test_each_minute_says_whether_it_counts_and_what_took_its_place(judged: Path) -> None:
    found = why(judged)
    assert len(found.arrivals) == 56
    assert sum(one.counts for one in found.arrivals) == found.verdict.minutes
    assert found.revised == 1
    first, second = (one for one in found.arrivals if one.start == HOUR + timedelta(minutes=3))
    assert (first.value, first.replaced, first.counts) == ("20", True, False)
    assert (second.value, second.replaced, second.counts) == ("70", False, True)
    assert {one.effect for one in found.arrivals if one.flag == "C"} == {"calibration"}
    assert not any(one.after for one in found.arrivals)


def test_what_came_after_the_verdict_is_told_and_changes_nothing_of_it(judged: Path) -> None:
    before = why(judged)
    keep(judged, [sent(HOUR + timedelta(minutes=4), "500", at=NOW + timedelta(minutes=1))])
    found = why(judged)
    assert (found.verdict, found.formula) == (before.verdict, before.formula)
    assert [one.value for one in found.arrivals if one.after] == ["500"]


def test_a_mark_takes_its_minutes_out(judged: Path) -> None:
    mark = Mark("W-DA001", None, "monitor", "校准", HOUR, HOUR + timedelta(minutes=10), "manual")
    found = why(judged, [mark])
    assert sum(one.marked for one in found.arrivals) == 11  # ten minutes, one of them twice
    assert why(judged, [Mark("another", None, "monitor", "校准", HOUR, HOUR + timedelta(minutes=10), "manual")]) == why(
        judged
    )


def test_an_hour_nobody_judged_has_no_why(judged: Path) -> None:
    assert hour_why(judged, OUTLET, SO2, HOUR - timedelta(days=9), ()) is None
    assert hour_why(judged, OUTLET, "a99999", HOUR, ()) is None
