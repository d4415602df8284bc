"""The board's numbers: by hand, and against brute force with a second simple implementation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantian.air.excluded import Exclusion
from lantian.air.item import ITEMS
from lantian.basis.finding import Text
from lantian.basis.period import Days, year
from lantian.plan.state.model import YearLimit
from lantian.rulebook import plan as plan_by_id
from lantian.rulebook.plans import Plan
from lantian.store.air import AirReader
from lantian.work.air_basis import AS_PUBLISHED, DecidedBasis, YearBasis
from lantian.work.air_board import Board, board
from lantian.work.air_board_budgets import InForce, control_text, days_above_allowed, target_budget
from lantian.work.air_board_outlook import board_outlook
from lantian.work.air_board_scenarios import asked_mean, least_heavy, year_mean
from lantian.work.air_board_text import RULE, board_text
from lantian.work.air_import import import_city_days
from lantian.work.air_rules import index_rule, statistics_rule
from lantian.work.air_years import city_year_facts

LATER = datetime.fromisoformat("2026-06-01T00:00:00+00:00")
HEAD = "日期\t城市\tSO2\tNO2\tCO\tO3-8h\tPM10\tPM2.5\n"


def fill(data: Path, days: Days, pm25: object, pm10: str = "40") -> None:
    rows = [f"{day}\t鸡西市\t10\t20\t0.5\t60\t{pm10}\t{pm25}\n" for day in days]
    import_city_days(data, HEAD + "".join(rows), now=LATER, user="a")


@pytest.fixture
def plan() -> Plan:
    return plan_by_id("jixi-2024")


def made(plan: Plan, data: Path, as_of: date, **given: object) -> Board:
    values: dict = {"issued": {}, "decided": {}} | given  # type: ignore[type-arg]
    return board(plan, AirReader(data), as_of, **values)


def printed(value: Fraction, places: int) -> Decimal:
    """A second way to round: decimals of the standard library, half to even."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)


# Control values


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(0, 400), min_size=1, max_size=40), st.integers(1, 60), st.integers(10, 60), st.integers(0, 1)
)
def test_keeping_to_the_control_value_meets_and_one_step_more_does_not(
    days: list[int], left: int, limit: int, places: int
) -> None:
    text = control_text(Fraction(sum(days)), len(days), left, Fraction(limit), places)

    def meets(daily: Fraction) -> bool:
        return printed((sum(days) + daily * left) / (len(days) + left), places) <= limit

    if text is None:
        assert not meets(Fraction(1, 10**9))
        return
    assert meets(Fraction(text))
    assert not meets(Fraction(text) + Fraction(1, 10))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.integers(0, 300), min_size=1, max_size=40), st.integers(1, 40), st.sampled_from([90, 95, 98]),
    st.integers(40, 160),
)  # fmt: skip
def test_days_above_a_limit_by_brute_force(days: list[int], left: int, percent: int, limit: int) -> None:
    allowed = days_above_allowed([one * 10_000 for one in days], left, percent, Fraction(limit), 0)

    def percentile(values: list[int]) -> Fraction:
        values = sorted(values)
        place = Fraction((len(values) - 1) * percent, 100)
        low = place.__floor__()
        high = min(low + 1, len(values) - 1)
        return values[low] + (place - low) * (values[high] - values[low])

    def meets(above: int) -> bool:
        rest = [limit] * (left - above) + [100_000] * above
        return printed(percentile(days + rest), 0) <= limit

    if 0 <= allowed <= left:
        assert meets(allowed)
    if 0 <= allowed < left:
        assert not meets(allowed + 1)


def test_budgets_by_hand(plan: Plan, data: Path) -> None:
    fill(data, Days(date(2025, 1, 1), date(2025, 7, 1)), 20)  # 182 days, 183 to come
    found = made(plan, data, date(2025, 7, 1))
    pm25, ratio, heavy = found.budgets
    # 28.5 · 365 = 10402.5; − 182 · 20 = 6762.5; ÷ 183 = 36.953…; cut to 36.9
    assert (pm25.so_far, pm25.figure, pm25.limit.zh) == ("20", "36.9", "≤ 28 µg/m³")
    # 94.3 % of 365: 344 days are 94.246… (94.2), 345 are 94.520… (94.5); so 163 more and 20 may be worse
    assert (ratio.figure, ratio.left.zh) == ("20", "剩余 183 天还需优良 163 天，最多可有 20 天超标")
    assert (heavy.so_far, heavy.figure) == ("0", "2")
    national = {one.key: one for one in found.national}
    assert set(national) == {
        "so2_mean", "no2_mean", "pm10_mean", "pm25_mean",
        "so2_p98", "no2_p98", "co_p95", "o3_8h_p90", "pm10_p95", "pm25_p95",
    }  # fmt: skip
    # limit 35: 35.5 itself rounds to 36, so below (35.5 · 365 − 3640) / 183 = 50.915…
    assert national["pm25_mean"].figure == "50.9"
    # O3: 365 days, k − 1 = 364 · 90 / 100 = 327.6: places 328 and 329 must not lie above, 36 may
    assert national["o3_8h_p90"].figure == "36"


def test_what_was_issued_goes_before_the_plan(plan: Plan, data: Path) -> None:
    fill(data, Days(date(2025, 1, 1), date(2025, 7, 1)), 20)
    issued = {"T26-1": [YearLimit(2025, ">=", Fraction(95), "%", "测试〔2025〕1号")],
              "T03-1": [YearLimit(2025, "<=", Fraction(25), "ug/m3", "测试〔2025〕1号")]}  # fmt: skip
    found = made(plan, data, date(2025, 7, 1), issued=issued)
    limits = {one.target: one for one in found.limits}
    assert (limits["T03-1"].value, limits["T03-1"].issued) == (25, True)
    assert "测试〔2025〕1号" in limits["T03-1"].source.zh
    assert limits["T26-1"].value == 95
    # 25: odd, so below 25.5: (25.5 · 365 − 3640) / 183 = 30.969…
    assert found.budgets[0].figure == "30.9"


@pytest.mark.parametrize(
    ("as_of", "words"), [(date(2025, 7, 1), "方案规定"), (date(2026, 3, 1), "评价年 2025 年，今年仅供参照")]
)
def test_a_limit_judged_in_another_year_says_so(plan: Plan, data: Path, as_of: date, words: str) -> None:
    fill(data, Days(date(as_of.year, 1, 1), as_of), 20)
    issued = {"T03-2": [YearLimit(as_of.year, "<=", Fraction(3), "d", "测试号")]}
    pm25, _, heavy = made(plan, data, as_of, issued=issued).budgets
    assert pm25.source.zh.endswith(words)
    assert "仅供参照" not in heavy.source.zh  # issued for this very year


# Scenarios


def test_daily_means_by_hand(plan: Plan, data: Path) -> None:
    fill(data, Days(date(2025, 1, 1), date(2025, 7, 1)), 20)
    found = made(plan, data, date(2025, 7, 1), asked=Fraction("36.9"))
    shown = {one.key: (one.mean, [verdict.meets for verdict in one.verdicts]) for one in found.scenarios}
    # (3640 + 183 · v) / 365: 25 → 22.5…, 30 → 25.01…, 35 → 27.52…, 45 → 32.53…
    assert shown["mean-25"] == ("23", [True])
    assert shown["mean-30"] == ("25", [True])
    assert shown["mean-35"] == ("28", [True])
    assert shown["mean-45"] == ("33", [False])
    assert shown["mean-36.9"] == ("28", [True])
    assert [one.key for one in found.scenarios if one.asked] == ["mean-36.9"]
    assert year_mean(3640 * 10_000, 182, 183, Fraction(25)) == Fraction(3640 + 183 * 25, 365)


def test_one_more_heavy_day_by_hand(plan: Plan, data: Path) -> None:
    fill(data, Days(date(2025, 1, 1), date(2025, 7, 1)), 20)
    heavy = next(one for one in made(plan, data, date(2025, 7, 1)).scenarios if one.key == "heavy")
    # 151 is the first printed value above 150, the concentration of sub-index 200; (10402.5 − 3640 − 151) / 182 = 36.326…
    assert [line.zh for line in heavy.lines] == [
        "若由 PM2.5 所致（至少 151），其余 182 天控制值降为 36.3（≤ 28 µg/m³）",
        "其余 182 天最多还可有 19 天超标",
        "重污染天还可有 1 天",
    ]


@pytest.mark.parametrize("day", [date(2025, 7, 1), date(2026, 7, 1)])
def test_the_least_heavy_day_is_heavy_and_one_less_is_not(day: date) -> None:
    from lantian.air.day import evaluated

    rule, statistics = index_rule(day), statistics_rule(day)
    least = least_heavy(rule, statistics)
    columns = {"city": ["甲", "甲"], "date": [day, day], **{item: [10_000, 10_000] for item in ITEMS}}
    table = pl.DataFrame(columns | {"pm25": [least - 10_000, least]}).with_columns(pl.col(ITEMS).cast(pl.Int64))
    assert (evaluated(table, rule)["aqi"] > statistics.heavy_above).to_list() == [False, True]


@pytest.mark.parametrize("text", ["abc", "-1", "1001", "1.23456", "12,5", "1e999"])
def test_what_is_no_daily_mean_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="请"):
        asked_mean(text)


@pytest.mark.parametrize(
    ("text", "value"), [("", None), ("  ", None), ("32", 32), (" 32.50 ", Fraction(65, 2)), ("0", 0)]
)
def test_a_daily_mean_typed(text: str, value: Fraction | None) -> None:
    assert asked_mean(text) == value


def test_dust_out_and_without_records_quietly_nothing(plan: Plan, data: Path) -> None:
    fill(data, Days(date(2025, 1, 1), date(2025, 4, 9)), 20)
    fill(data, Days(date(2025, 4, 10), date(2025, 4, 10)), 220, pm10="400")  # 100 days in all
    out = Exclusion("鸡西", Days(date(2025, 4, 10), date(2025, 4, 10)), ("pm10", "pm25"), "dust", "总站", "总站〔2025〕3号",
                    date(2025, 4, 20))  # fmt: skip
    plain = made(plan, data, date(2025, 4, 10))
    assert not [one for one in plain.scenarios if one.key == "dust"]
    assert any("没有登记扣除日" in one.zh for one in plain.quiet)
    found = made(plan, data, date(2025, 4, 10), exclusions=[out])
    dust = next(one for one in found.scenarios if one.key == "dust")
    assert "已登记扣除 1 天：累计均值由 22.0 变为 20.0" in dust.lines[0].zh
    # (28.5 · (99 + 265) − 99 · 20) / 265 = 31.675…
    assert "剩余日控制值 31.6" in dust.lines[1].zh
    pair = next(one for one in found.pairs if one.key == "dust")
    mean = dict(pair.rows)["pm25_mean"]
    assert (mean.first.text, mean.second.text, mean.text) == ("22", "20", "-2")
    # recording alone changes nothing
    assert found.budgets == plain.budgets
    assert found.national == plain.national


# Bases


def decided(basis: YearBasis, subject: str = "pm25_annual_mean") -> dict[str, DecidedBasis]:
    return {subject: DecidedBasis(subject, basis, "省厅", "测试〔2025〕9号", "甲处长", date(2025, 3, 1), "考核办法")}


def test_a_decided_basis_moves_its_budget_only(plan: Plan, data: Path) -> None:
    fill(data, Days(date(2025, 1, 1), date(2025, 4, 9)), 20)
    fill(data, Days(date(2025, 4, 10), date(2025, 4, 10)), 220, pm10="400")
    out = Exclusion(
        "鸡西", Days(date(2025, 4, 10), date(2025, 4, 10)), ("pm25",), "dust", "总站", "3号", date(2025, 4, 20)
    )
    basis = YearBasis(dust="excluded", decimals=1, exclusions=(out,))
    found = made(plan, data, date(2025, 4, 10), exclusions=[out], decided=decided(basis))
    pm25, _, heavy = found.budgets
    assert pm25.so_far == "20.0"
    # one decimal: below 28.05: (28.05 · 364 − 1980) / 265 = 31.057…
    assert pm25.figure == "31.0"
    assert heavy.so_far == "1"  # as measured
    assert "甲处长" in found.basis_words.zh
    assert next(one for one in found.risks if one.item == "pm25").valid == 100  # a day taken out was a valid day


def test_reviewed_values_that_are_not_there_are_no_data(plan: Plan, data: Path) -> None:
    fill(data, Days(date(2025, 1, 1), date(2025, 4, 9)), 20)
    found = made(plan, data, date(2025, 4, 9), decided=decided(YearBasis(values="reviewed", decimals=0)))
    assert (found.budgets[0].so_far, found.budgets[0].figure) == (None, None)
    assert "没有有效数据" in found.budgets[0].left.zh
    values = next(one for one in made(plan, data, date(2025, 4, 9)).pairs if one.key == "values")
    assert values.absent is not None
    assert "审核后" in values.absent.zh


def test_earlier_years_stand_on_the_editions_of_this_one(plan: Plan, data: Path) -> None:
    for number in (2025, 2026):  # 70 is good under HJ 633-2012 (to 75), not under 2026 (to 60)
        fill(data, Days(date(number, 2, 1), date(number, 4, 30)), 70, pm10="80")
    found = made(plan, data, date(2026, 4, 30))
    assert [(one.year, one.figures["good_days"].text) for one in found.periods] == [(2026, "28"), (2025, "28")]
    assert found.periods[1].changes["good_days"] == "持平"
    edition = next(one for one in found.pairs if one.key == "edition")
    good = dict(edition.rows)["good_days"]
    assert (good.first.text, good.second.text, good.text) == ("89", "0", "-89")


def test_a_fixed_edition_judges_days_and_statistics(data: Path) -> None:
    fill(data, Days(date(2026, 3, 1), date(2026, 3, 10)), 70, pm10="80")
    reader = AirReader(data)
    by_date = city_year_facts(reader, "鸡西", date(2026, 3, 10))
    old = city_year_facts(reader, "鸡西", date(2026, 3, 10), replace(AS_PUBLISHED, edition="2012"))
    assert (by_date.so_far.good_days, old.so_far.good_days) == (0, 10)
    assert (by_date.editions, old.editions) == (("HJ 633-2026",), ("HJ 633-2012",))
    assert (by_date.statistics_edition, old.statistics_edition) == ("HJ 663-2026", "HJ 663-2013")


# Edges of the calendar, nothing there, text


@pytest.mark.parametrize("as_of", [date(2025, 1, 1), date(2024, 2, 29), date(2024, 12, 31), date(2025, 12, 30)])
def test_edges_of_the_calendar(plan: Plan, data: Path, as_of: date) -> None:
    fill(data, Days(date(2023, 1, 1), date(2025, 12, 31)), 20)
    found = made(plan, data, as_of)
    assert found.remaining == (date(as_of.year, 12, 31) - as_of).days
    assert [one.year for one in found.periods][:2] == [as_of.year, as_of.year - 1]
    assert len(found.budgets) == 3
    assert bool(found.scenarios) == (found.remaining > 0)
    assert str(as_of) in board_text(found)


def test_a_year_that_is_over_says_how_it_ended(plan: Plan, data: Path) -> None:
    fill(data, year(2025), 29)
    found = made(plan, data, date(2025, 12, 31))
    assert [(one.over, one.reachable) for one in found.budgets] == [(True, False), (True, True), (True, True)]
    assert found.budgets[0].left.zh == "全年已过，未达到"
    assert found.scenarios == ()
    assert "已结束" in found.quiet[0].zh
    assert all(one.over for one in found.national)


def test_out_of_reach(plan: Plan, data: Path) -> None:
    fill(data, Days(date(2025, 1, 1), date(2025, 11, 30)), 40)
    pm25 = made(plan, data, date(2025, 11, 30)).budgets[0]
    assert (pm25.reachable, pm25.figure) == (False, None)
    assert "不能达到" in pm25.left.zh


def test_without_any_day_only_the_limits_stand(plan: Plan, data: Path) -> None:
    found = made(plan, data, date(2025, 7, 1))
    assert (found.has_data, found.city, found.budgets, found.scenarios) == (False, None, (), ())
    assert [one.target for one in found.limits] == ["T03-1", "T26-1", "T03-2"]
    assert "还没有城市日均数据" in board_text(found)
    assert board_outlook(found) is None


def test_without_limits_nothing_breaks(plan: Plan, data: Path) -> None:
    fill(data, Days(date(2025, 1, 1), date(2025, 7, 1)), 20)
    bare = plan.model_copy(update={"articles": []}) if hasattr(plan, "model_copy") else replace(plan, articles=())
    found = made(bare, data, date(2025, 7, 1))
    assert (found.limits, found.budgets) == ((), ())
    assert [one.mean for one in found.scenarios][:2] == ["23", "25"]
    assert len(found.national) == 10


def test_a_limit_without_a_budget_is_told(data: Path) -> None:
    fill(data, Days(date(2025, 1, 1), date(2025, 7, 1)), 20)
    facts = city_year_facts(AirReader(data), "鸡西", date(2025, 7, 1))
    source = Text("测试", "test")
    limit = InForce("T", "pm25_annual_mean", ">=", Fraction(10), "ug/m3", source, issued=False, year=2025)
    found = target_budget(facts, limit, 0)
    assert (found.figure, found.reachable) == (None, None)
    assert "没有余量" in found.left.zh


def test_the_text_carries_the_rule_and_no_outlook(plan: Plan, data: Path) -> None:
    fill(data, Days(date(2024, 1, 1), date(2025, 7, 1)), 20)
    text = board_text(made(plan, data, date(2025, 7, 1)))
    assert RULE in text
    assert "概率" not in text
    assert "与 2024 年同期（01-01 至 07-01，同一口径）相比：PM2.5 平均浓度持平" in text


def test_the_outlook_is_held_against_the_limits_in_force(plan: Plan, data: Path) -> None:
    fill(data, Days(date(2023, 1, 1), date(2025, 9, 30)), 20)
    issued = {"T03-1": [YearLimit(2025, "<=", Fraction(15), "ug/m3", "测试〔2025〕1号")]}
    found = board_outlook(made(plan, data, date(2025, 9, 30), issued=issued))
    assert found is not None
    mean = next(one for one in found.targets if one.metric == "pm25_annual_mean")
    assert mean.goal is not None
    assert mean.goal.value == 15
    assert mean.p10 is not None
    assert mean.p90 is not None
    assert mean.p10 <= (mean.mean or 0) <= mean.p90
    assert mean.probability is not None
    assert mean.probability < 0.05
