"""States of a whole plan from air, entries, issued limits and tasks; the document for programs; the why of a figure."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from lantian.basis.finding import Text
from lantian.basis.period import Days
from lantian.plan.state.items import TaskFact
from lantian.plan.state.model import PRESSING, Flag, Said, State, YearLimit
from lantian.rulebook import plan as plan_by_id
from lantian.rulebook.plans import Plan
from lantian.store.air import AirReader
from lantian.work.air_import import import_city_days
from lantian.work.simulate import simulate_city
from lantian.work.state_json import states_document
from lantian.work.states import PlanStates, plan_states
from lantian.work.states_air import city_air, running_lines
from lantian.work.why import METRIC_NAMES, metric_of, month_rows, why

NOW = datetime(2025, 10, 16, tzinfo=UTC)
AS_OF = date(2025, 10, 15)
KINDS = ("targets", "rules", "procedures", "duties")


@pytest.fixture(scope="module")
def air(tmp_path_factory: pytest.TempPathFactory) -> AirReader:
    data = tmp_path_factory.mktemp("states")
    simulate_city(data, "鸡西", "230300", seed=3, first=date(2021, 1, 1), last=AS_OF, now=NOW)
    return AirReader(data)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> AirReader:
    return AirReader(tmp_path_factory.mktemp("no-air"))


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_by_id("jixi-2024")


@pytest.fixture(scope="module")
def states(plan: Plan, air: AirReader) -> PlanStates:
    return plan_states(plan, air=air, as_of=AS_OF, computed_at=NOW)


def test_every_item_and_article_has_a_state(plan: Plan, states: PlanStates) -> None:
    assert len(states.articles) == 39
    assert len(states.targets) == 25
    assert len(states.items) == 68 + 35 + 41
    assert states.targets.keys() | states.items.keys() == plan.items().keys()


def test_an_article_shows_its_most_pressing_item(plan: Plan, states: PlanStates) -> None:
    for article in plan.articles:
        own = [states.targets.get(item.id) or states.items[item.id] for item in article.items()]
        wanted = min((one.state for one in own), key=PRESSING.index, default=State.NOT_COMPUTED)
        assert states.articles[article.n].state is wanted, article.n


def test_simulated_air_makes_figures_with_their_flags(states: PlanStates) -> None:
    pm25 = states.targets["T03-1"]
    assert pm25.state in (State.ON_TRACK, State.AT_RISK)
    assert {Flag.PROVISIONAL, Flag.SIMULATED} <= set(pm25.flags)
    assert pm25.determination is not None
    assert pm25.determination.period == Days(date(2025, 1, 1), AS_OF)
    assert pm25.determination.editions == ("HJ 663-2013", "HJ 633-2012")
    assert [one.year for one in pm25.comparisons] == [2022, 2023, 2024]
    assert "77" in pm25.budget[0].zh  # days left after 15 October


def test_the_same_target_has_the_same_figures(states: PlanStates) -> None:
    for one, other in (("T03-1", "T26-2"), ("T03-2", "T26-3")):
        assert states.targets[one].state is states.targets[other].state
        assert states.targets[one].value == states.targets[other].value
        assert states.targets[one].determination.inputs == states.targets[other].determination.inputs  # type: ignore[union-attr]


def test_without_air_nothing_is_zero(plan: Plan, empty: AirReader) -> None:
    answer = plan_states(plan, air=empty, as_of=AS_OF, computed_at=NOW)
    assert {one.state for one in answer.targets.values()} == {State.NO_DATA}
    assert {one.value for one in answer.targets.values()} == {None}
    assert answer.flags == ()
    assert answer.lines["T03-1"] == ()


def test_a_target_of_2025_has_no_data_in_a_later_year_without_2025(plan: Plan, tmp_path: Path) -> None:
    simulate_city(tmp_path, "鸡西", "230300", seed=4, first=date(2015, 1, 1), last=date(2015, 12, 31), now=NOW)
    answer = plan_states(plan, air=AirReader(tmp_path), as_of=date(2026, 11, 22), computed_at=NOW).targets["T26-1"]
    assert answer.state is State.NO_DATA
    assert [one.year for one in answer.comparisons] == [2015]


def test_years_with_too_few_days_are_marked_beside_a_target(plan: Plan, tmp_path: Path) -> None:
    simulate_city(tmp_path, "鸡西", "230300", seed=4, first=date(2014, 12, 1), last=date(2015, 12, 31), now=NOW)
    answer = plan_states(plan, air=AirReader(tmp_path), as_of=date(2026, 1, 31), computed_at=NOW)
    for target in ("T03-1", "T03-2", "T26-1"):
        assert [(one.year, one.valid) for one in answer.targets[target].comparisons] == [(2014, False), (2015, True)]


def test_the_whole_year_is_met_or_missed_at_the_end_of_its_last_day(plan: Plan, tmp_path: Path) -> None:
    simulate_city(tmp_path, "鸡西", "230300", seed=3, first=date(2024, 1, 1), last=date(2025, 12, 31), now=NOW)
    reader = AirReader(tmp_path)
    before = plan_states(plan, air=reader, as_of=date(2025, 12, 30), computed_at=NOW).targets["T03-2"]
    after = plan_states(plan, air=reader, as_of=date(2025, 12, 31), computed_at=NOW).targets["T03-2"]
    later = plan_states(plan, air=reader, as_of=date(2026, 6, 1), computed_at=NOW).targets["T03-2"]
    assert before.state is not State.MET
    assert after.state in (State.MET, State.MISSED)
    assert (later.state, later.value) == (after.state, after.value)


def test_issued_limits_count_for_the_same_target_too(plan: Plan, air: AirReader) -> None:
    limit = YearLimit(2025, "<=", Fraction(10), "ug/m3", "测试〔2025〕1号")
    answer = plan_states(plan, air=air, year_targets={"T26-2": [limit]}, as_of=AS_OF, computed_at=NOW)
    for target in ("T03-1", "T26-2"):
        assert answer.targets[target].state is State.MISSED
        assert answer.targets[target].limit == "10"
        assert answer.targets[target].plan_limit_text == Text("≤ 28 µg/m³", "≤ 28 µg/m³")


def test_entries_and_tasks_reach_their_items(plan: Plan, empty: AirReader) -> None:
    said = [
        Said("T11-1", date(2025, 9, 30), share=Fraction(100)),
        Said("R11-1", date(2025, 9, 30), state=State.AT_RISK),
    ]
    tasks = [
        TaskFact("淘汰锅炉", ("article-11",), "behind", date(2025, 12, 31)),
        TaskFact("x", ("P19-1",), "closed_off"),
    ]
    answer = plan_states(plan, air=empty, entries=said, tasks=tasks, as_of=AS_OF, computed_at=NOW)
    assert answer.targets["T11-1"].word.zh == "已完成（待省认定）"
    assert answer.items["R11-1"].state is State.AT_RISK
    assert answer.items["D11-1"].state is State.AT_RISK  # the only duty of article 11 takes the article's task
    assert answer.items["P19-1"].state is State.MET
    assert answer.articles[11].state is State.AT_RISK
    assert "淘汰锅炉" in answer.articles[11].reason.zh  # type: ignore[union-attr]
    assert answer.articles[19].reason is None


def test_a_recognised_final_figure_goes_before_our_own(plan: Plan, air: AirReader) -> None:
    said = [Said("T03-1", date(2025, 12, 31), value=Fraction(29), unit="ug/m3", recognised=True)]
    answer = plan_states(plan, air=air, entries=said, as_of=date(2026, 3, 1), computed_at=NOW)
    assert answer.targets["T26-2"].state is State.MISSED
    assert answer.targets["T26-2"].value == "29"


def test_a_plan_past_its_last_deadline_is_over(plan: Plan, empty: AirReader) -> None:
    assert not plan_states(plan, air=empty, as_of=date(2030, 12, 30), computed_at=NOW).over
    assert plan_states(plan, air=empty, as_of=date(2030, 12, 31), computed_at=NOW).over


def test_the_document_for_programs(plan: Plan, states: PlanStates) -> None:
    document = json.loads(json.dumps(states_document(plan, states), ensure_ascii=False))
    assert document["schema"] == "lantian-states/1"
    assert (document["plan"]["id"], document["as_of"]) == ("jixi-2024", "2025-10-15")
    assert [article["id"] for article in document["articles"]] == [f"article-{n}" for n in range(1, 40)]
    assert {kind: sum(len(one[kind]) for one in document["articles"]) for kind in KINDS} == {
        "targets": 25, "rules": 68, "procedures": 35, "duties": 41,
    }  # fmt: skip
    target = document["articles"][2]["targets"][0]
    assert (target["id"], target["limit"], target["comparator"], target["deadline"]) == ("T03-1", "28", "<=", "2025")
    assert set(target["reason"]) == {"zh", "en"}
    duty = document["articles"][3]["duties"][0]
    assert duty["inherited"] == ["county_governments"]
    assert document["articles"][25]["targets"][1]["same_as"] == "T03-1"


def test_why_explains_the_figure_of_the_state(air: AirReader, states: PlanStates) -> None:
    days = city_air(("鸡西",), air, AS_OF)
    assert days is not None
    for target in ("T03-1", "T03-2", "T26-1"):
        made = states.targets[target].determination
        assert made is not None
        answer = why(days, made.metric, made.period, NOW)
        assert (answer.determination.value, answer.determination.inputs) == (made.value, made.inputs)
        assert answer.clauses
        assert answer.simulated
    counted = why(days, "heavy_pollution_days", Days(date(2025, 1, 1), AS_OF), NOW)
    assert str(sum(row.counts is True for row in counted.days)) == counted.determination.value


def test_why_adds_up_by_hand(air: AirReader) -> None:
    days = city_air(("鸡西",), air, AS_OF)
    assert days is not None
    answer = why(days, "pm25_annual_mean", Days(date(2025, 3, 1), date(2025, 3, 31)), NOW)
    values = [Fraction(row.value) for row in answer.days if row.value is not None]
    assert answer.numbers.zh == f"{float(sum(values)):g} ÷ {len(values)}"
    assert answer.determination.value == str(round(sum(values) / len(values)))  # Python rounds fractions half to even
    assert answer.missing == 31 - len(values)


def test_names_of_metrics_in_addresses() -> None:
    assert metric_of("pm25") == "pm25_annual_mean"
    assert metric_of("no2_mean") == "no2_mean"
    assert metric_of("T03-1") is None
    assert all(metric_of(name) == name for name in METRIC_NAMES)


def test_months_and_lines_end_with_the_figure(air: AirReader, states: PlanStates) -> None:
    days = city_air(("鸡西",), air, AS_OF)
    assert days is not None
    rows = month_rows(days, "good_day_ratio", 2025)
    assert [row.first.month for row in rows] == list(range(1, 11))
    assert rows[-1].running == states.targets["T26-1"].value
    (line,) = running_lines(days, "heavy_pollution_days", [2025])
    assert line.points[-1] == (288.0, float(states.targets["T03-2"].value or -1))


def test_a_year_whose_days_cannot_be_counted_has_no_line_of_counts(data: Path) -> None:
    rows = "\n".join(f"{date(2023, 1, 1) + timedelta(days=n)},鸡西,9,20,0.6,50,{20 + n % 9}" for n in range(365))
    import_city_days(data, f"日期,城市,SO2,NO2,CO,PM10,PM2.5\n{rows}", now=NOW, user="")
    air = city_air(["鸡西"], AirReader(data), date(2024, 6, 1))
    assert running_lines(air, "good_day_ratio", [2023]) == ()
    assert running_lines(air, "heavy_pollution_days", [2023]) == ()
    assert [line.year for line in running_lines(air, "pm25_annual_mean", [2023])] == [2023]


def test_what_is_judged_inside_says_so_until_a_person_enters_it() -> None:
    from lantian.rulebook.plans import Answer
    from lantian.work.states import _otherwise

    inside = _otherwise(Answer.of_text("monitoring_screening"))
    assert inside is not None
    assert "在内部判断" in inside.zh
    to_come = _otherwise(Answer.of_text("boiler_register"))
    assert to_come is not None
    assert "建成前" in to_come.zh
    assert _otherwise(Answer.of_text("duty_tray")) is None
