"""Flow and mass of an hour, by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from lantian.stack.mass import dry_standard_flow, in_mg, in_pa, mass_of_hour, per_hour, working_flow


def test_mass_by_hand() -> None:
    # 35 mg/m³ · 100 000 m³/h = 3.5e6 mg/h = 3.5 kg
    assert mass_of_hour(35, 100_000) == Fraction(7, 2)


@pytest.mark.parametrize(
    ("unit", "flow"),
    [(None, 36_000), ("m3/s", 36_000), ("m³/s", 36_000), ("m3/h", 10), ("10^4m3/h", 100_000), ("L/s", None)],
)
def test_flow_in_its_unit(unit: str | None, flow: int | None) -> None:
    assert per_hour(10, unit) == flow


def test_flow_from_velocity_by_hand() -> None:
    assert working_flow(10, Decimal("2.5")) == 90_000  # 3600 · 2.5 · 10
    # 90 000 · 273/(273 + 136.5) · (101325 + 0)/101325 · 0.9 = 90 000 · 2/3 · 0.9
    assert dry_standard_flow(90_000, Decimal("136.5"), 0, 101_325, 10) == 54_000
    # half the pressure, half the flow
    assert dry_standard_flow(90_000, 0, Decimal("-50662.5"), 101_325, 0) == 45_000


def test_units_of_concentration_and_pressure() -> None:
    assert in_mg(1500, "ug/m3", "a34013") == Fraction(3, 2)
    assert in_mg(224, "ppm", "a21026") == 640
    assert in_mg(224, "ppm", "a21002") == 460  # as NO2
    assert in_mg(1, "ppm", "a34013") is None  # particles have no volume share
    assert in_mg(1, "%", "a21026") is None
    assert in_mg(7, None, "a21026") == 7
    assert in_pa(Decimal("-0.12"), None) == -120
    assert in_pa(-120, "Pa") == -120
    assert in_pa(1, "mmHg") is None
