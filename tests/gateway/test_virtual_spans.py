"""Hours and days of a virtual data logger, computed by hand."""

from __future__ import annotations

from decimal import Decimal

from lantian.gateway.virtual_spans import Span, of_day, of_minutes, text
from lantian.work.simulated_stack_kinds import FACTORS, FLOW, NOX, O2, POLLUTANTS


def minute(nox: int = 100, o2: int = 11, flow: int = 10, flag: str = "N") -> dict[str, Span]:
    """A minute: NOx mg/m³, oxygen %, flow m³/s; everything else 1."""
    found = {}
    for code in FACTORS:
        value = {NOX: nox, O2: o2, FLOW: flow}.get(code, 1) * 10_000
        found[code] = Span(value - 1000, value, value + 1000, value if code in POLLUTANTS else None, flag, None)
    return found


def test_an_hour_is_converted_and_weighed_by_its_means() -> None:
    hour = of_minutes([minute(100), minute(200)] * 30, 60, Decimal(9))
    nox = hour[NOX]
    assert (nox.mean, nox.low, nox.high, nox.flag) == (1_500_000, 999_000, 2_001_000, "N")
    assert nox.zs == 1_800_000  # 150 × (21 − 9) / (21 − 11) = 180
    assert nox.total == Decimal("5.4")  # 150 mg/m³ × 10 m³/s × 3600 s = 5.4 kg
    assert hour[FLOW].total == 36_000
    assert hour[O2].zs is None


def test_above_19_percent_oxygen_nothing_is_converted() -> None:
    assert of_minutes([minute(5, 20)] * 60, 60, Decimal(9))[NOX].zs == 50_000


def test_45_normal_minutes_make_a_normal_hour_and_44_do_not() -> None:
    good, bad = [minute(100)], [minute(10, flag="C")]
    assert of_minutes(good * 45 + bad * 15, 60, None)[NOX][1::3] == (1_000_000, "N")
    assert of_minutes(good * 44 + bad * 16, 60, None)[NOX][1::3] == (100_000, "C")
    assert of_minutes(good * 44, 60, None)[NOX].flag == "B"


def test_a_day_is_the_mean_of_its_normal_hours_and_the_sum_of_their_amounts() -> None:
    hours = [of_minutes([minute(value)] * 60, 60, Decimal(9)) for value in (100, 200)]
    day = of_day(hours * 10)
    assert (day[NOX].mean, day[NOX].zs, day[NOX].flag) == (1_500_000, 1_800_000, "N")
    assert day[NOX].total == Decimal("108")  # 10 × (3.6 + 7.2) kg
    assert of_day(hours * 9)[NOX].flag == "B"
    assert of_day([]) == {}


def test_numbers_are_printed_with_the_places_of_their_factor() -> None:
    assert text(1_234_560, NOX) == "123.456"
    assert text(-1_217, "a01013") == "-0.1217"
    assert text(Decimal("544444.4"), "a01012") == "54.44"
    assert text(-49, "a01012") == "0.00"
