"""States, their reasons and comparisons on a basis a person decided; without a decision nothing changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from lantian.air.excluded import Exclusion
from lantian.basis.period import Days, year
from lantian.plan.state.model import State, YearLimit
from lantian.rulebook import plan as plan_by_id
from lantian.store.air import AirReader
from lantian.work.air_basis import AS_PUBLISHED, DecidedBasis, YearBasis, basis_words
from lantian.work.air_import import import_city_days
from lantian.work.air_years import city_year_facts
from lantian.work.states import PlanStates, plan_states
from lantian.work.states_air import city_air
from lantian.work.why import why

LATER = datetime.fromisoformat("2026-06-01T00:00:00+00:00")
HEAD = "日期\t城市\tSO2\tNO2\tCO\tO3-8h\tPM10\tPM2.5\n"
OUT = Exclusion(
    "鸡西", Days(date(2025, 4, 1), date(2025, 4, 5)), ("pm10", "pm25"), "dust", "总站", "3号", date(2025, 5, 1)
)
PLAN = plan_by_id("jixi-2024")


def fill(data: Path, days: Days, pm25: int) -> None:
    rows = [f"{day}\t鸡西市\t10\t20\t0.5\t60\t{pm25 * 2}\t{pm25}\n" for day in days]
    import_city_days(data, HEAD + "".join(rows), now=LATER, user="a")


@pytest.fixture
def air(data: Path) -> AirReader:
    """A year of 28 µg/m³ with five days of dust at 210: mean 30.49…, without them 28."""
    fill(data, year(2024), 30)
    fill(data, year(2025), 28)
    fill(data, OUT.days, 210)
    return AirReader(data)


def states(air: AirReader, as_of: date = date(2025, 12, 31), **decided: YearBasis) -> PlanStates:
    known = {
        subject.replace("_", "-") if subject.startswith("T") else subject: DecidedBasis(
            subject, basis, "省厅", "9号", "甲处长", date(2025, 3, 1), "试"
        )
        for subject, basis in decided.items()
    }
    return plan_states(PLAN, air=air, decided=known, as_of=as_of, computed_at=LATER)


WITHOUT = YearBasis(dust="excluded", decimals=0, exclusions=(OUT,))


def test_a_decision_turns_missed_into_met_and_nothing_else(air: AirReader) -> None:
    plain, decided = states(air), states(air, T03_1=WITHOUT)
    assert (plain.targets["T03-1"].state, plain.targets["T03-1"].value) == (State.MISSED, "30")
    assert (decided.targets["T03-1"].state, decided.targets["T03-1"].value) == (State.MET, "28")
    assert decided.targets["T26-2"].value == "28"  # the same target elsewhere
    assert decided.targets["T03-2"] == plain.targets["T03-2"]
    assert decided.targets["T26-1"] == plain.targets["T26-1"]
    basis = decided.targets["T03-1"].basis
    assert basis is not None
    assert (basis.dust, basis.values, basis.decimals) == ("excluded", "realtime", 0)
    assert any("按3号（总站）扣除 5 天" in note.zh for note in decided.targets["T03-1"].notes)
    assert "甲处长" in decided.decided["T03-1"].words.zh
    assert plain.decided == {}


def test_a_decision_about_a_metric_gives_way_to_one_about_the_target(air: AirReader) -> None:
    found = states(air, pm25_annual_mean=WITHOUT, T03_1=replace(AS_PUBLISHED, decimals=2))
    assert found.targets["T03-1"].value == "30.49"  # (360 · 28 + 5 · 210) / 365 = 30.493…
    assert states(air, pm25_annual_mean=WITHOUT).targets["T03-1"].value == "28"


def test_a_day_taken_out_stays_a_valid_day(air: AirReader) -> None:
    facts = city_year_facts(air, "鸡西", date(2025, 12, 31), WITHOUT)
    assert (facts.so_far.pm25_days, facts.so_far.pm25_mean) == (360, Fraction(28))
    assert (facts.validity.days, facts.validity.mean, facts.missing) == (365, True, 0)
    assert facts.so_far.heavy_days == 5  # as measured
    assert city_year_facts(air, "鸡西", date(2025, 12, 31)).so_far.pm25_days == 365


def test_last_year_is_recomputed_on_the_same_basis(air: AirReader) -> None:
    then = Exclusion(
        "鸡西", Days(date(2024, 1, 1), date(2024, 1, 2)), ("pm25",), "dust", "总站", "1号", date(2024, 2, 1)
    )
    facts = city_year_facts(air, "鸡西", date(2025, 12, 31), replace(WITHOUT, exclusions=(OUT, then)))
    assert facts.last_year is not None
    assert facts.last_year.pm25_days == 364
    assert facts.full_years[0].pm25_days == 364


def test_why_counts_the_days_the_state_counts(air: AirReader) -> None:
    known = city_air(("鸡西",), air, date(2025, 12, 31))
    assert known is not None
    answer = why(known.on(WITHOUT), "pm25_annual_mean", year(2025), LATER)
    assert answer.determination.value == "28"
    assert answer.determination.basis.dust == "excluded"
    assert [row.day for row in answer.days if not row.counts] == list(OUT.days)
    assert answer.determination.inputs == states(air, T03_1=WITHOUT).targets["T03-1"].determination.inputs  # type: ignore[union-attr]
    assert known.on(WITHOUT) is known.on(WITHOUT)
    assert known.on(AS_PUBLISHED) is known


def test_an_edition_named_judges_every_day(data: Path) -> None:
    fill(data, year(2025), 70)  # good under HJ 633-2012, not under 2026
    found = states(AirReader(data), good_day_ratio=YearBasis(edition="2026", decimals=1))
    assert found.targets["T26-1"].value == "0.0"
    assert states(AirReader(data)).targets["T26-1"].value == "100.0"
    assert found.targets["T26-1"].determination is not None
    assert found.targets["T26-1"].determination.editions == ("HJ 663-2026", "HJ 633-2026")


def test_without_a_minimum_of_days_a_short_year_is_judged(data: Path) -> None:
    fill(data, Days(date(2025, 3, 1), date(2025, 12, 31)), 20)
    assert states(AirReader(data)).targets["T03-1"].state is State.NO_DATA
    found = states(AirReader(data), T03_1=YearBasis(validity="none", decimals=0))
    assert found.targets["T03-1"].state is State.MET


@pytest.mark.parametrize("basis", [YearBasis(values="reviewed", decimals=0), YearBasis(stations="others", decimals=0)])
def test_a_series_that_is_not_there_is_no_data(air: AirReader, basis: YearBasis) -> None:
    found = states(air, T03_1=basis).targets["T03-1"]
    assert (found.state, found.value) == (State.NO_DATA, None)


def test_decimals_decide_with_the_limit(air: AirReader) -> None:
    # 28.493… prints 28 and 28.5: the same days meet 28 in whole numbers and miss it with one decimal
    fill(air.data, OUT.days, 64)
    limit = {"T03-1": [YearLimit(2025, "<=", Fraction(28), "ug/m3", "号")]}
    for decimals, state in ((0, State.MET), (1, State.MISSED)):
        basis = DecidedBasis(
            "T03-1", replace(AS_PUBLISHED, decimals=decimals), "省", "9号", "甲", date(2025, 1, 1), "试"
        )
        found = plan_states(
            PLAN, air=air, year_targets=limit, decided={"T03-1": basis}, as_of=date(2025, 12, 31), computed_at=LATER
        )
        assert found.targets["T03-1"].state is state


def test_a_basis_in_words() -> None:
    assert basis_words(WITHOUT).zh == "实况，扣除沙尘，全市国控站点，标准版本按采样日期，有效性按 HJ 663，保留 0 位小数"
