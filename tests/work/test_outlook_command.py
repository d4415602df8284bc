"""``lantian air outlook``: JSON and text, goals of plans, refusals, the back-test with its required figures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from lantian.air.item import ITEMS
from lantian.basis.finding import Refusal
from lantian.store.forecast_table import FILE, forecast_tables, forecast_text
from lantian.work.air_goals import goals_of, named_goals, national_goal, plan_goals
from lantian.work.air_outlook import CityOutlook, aligned, city_outlook
from lantian.work.air_outlook_source import as_json, as_text, day_of, outlook_of_file, outlook_of_store

HEAD = "date,city,so2,no2,co,o3_8h,pm10,pm25\n"


def rows(first: date, last: date, *, pm25: int = 40, city: str = "望海", leave: int = 0) -> str:
    """Days of a made-up city; winter twice the summer; every ``leave``-th day is absent."""
    lines = []
    for at in range((last - first).days + 1):
        day = first + timedelta(days=at)
        if leave and at % leave == 0:
            continue
        winter = 2 if day.month in (1, 2, 11, 12) else 1
        lines.append(f"{day},{city},10,20,0.5,90,{pm25 * winter + 20 + at % 7},{pm25 * winter + at % 5}\n")
    return "".join(lines)


def table(tmp_path: Path, *parts: str) -> Path:
    file = tmp_path / "望海.csv"
    file.write_text(HEAD + "".join(parts), "utf-8")
    return file


def outlook(file: Path, as_of: date, *goals: str) -> CityOutlook:
    return outlook_of_file(file, "望海市", as_of, goals_of("望海", as_of.year, None, named_goals(goals)), None)


def lantian(*words: object, data: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lantian.cli", *map(str, words)]
    environment = {**os.environ, "LANTIAN_DATA": str(data)}
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, timeout=120)


def test_json_holds_every_figure_with_its_interval(tmp_path: Path) -> None:
    file = table(tmp_path, rows(date(2014, 1, 1), date(2015, 12, 31)))
    found = json.loads(as_json(outlook(file, date(2015, 6, 30), "good_day_ratio=60", "heavy_pollution_days=3")))
    assert found["audience"] == "staff"
    assert (found["year"], found["remaining_days"], found["data_until"]) == (2015, 184, "2015-06-30")
    targets = {one["target"]: one for one in found["targets"]}
    assert list(targets) == ["pm25_annual_mean", "good_day_ratio", "good_days", "heavy_pollution_days"]
    for one in targets.values():
        assert one["p10"] <= one["mean"] <= one["p90"] or one["target"] == "heavy_pollution_days"
        assert one["p10"] <= one["p90"]
        assert (one["n_history_years"], one["history_years"]) == (1, [2014])
    assert targets["pm25_annual_mean"]["limit"] == 35
    assert 0 <= targets["pm25_annual_mean"]["probability"] < 0.05
    assert 0 < targets["good_day_ratio"]["probability"] < 1
    assert targets["heavy_pollution_days"]["probability"] > 0.2
    assert targets["good_days"]["probability"] is None


def test_days_after_the_day_of_the_outlook_are_not_looked_at(tmp_path: Path) -> None:
    history = rows(date(2014, 1, 1), date(2015, 6, 30))
    calm = table(tmp_path, history, rows(date(2015, 7, 1), date(2015, 12, 31), pm25=5))
    first = as_json(outlook(calm, date(2015, 6, 30)))
    dirty = table(tmp_path, history, rows(date(2015, 7, 1), date(2015, 12, 31), pm25=200))
    assert as_json(outlook(dirty, date(2015, 6, 30))) == first


def test_at_year_end_the_outlook_is_the_figure(tmp_path: Path) -> None:
    file = table(tmp_path, rows(date(2014, 1, 1), date(2015, 12, 31), leave=30))
    mean, _, good, heavy = outlook(file, date(2015, 12, 31), "heavy_pollution_days=0", "pm25_annual_mean=55").targets
    assert mean.mean == mean.p10 == mean.p90 == mean.so_far
    assert mean.probability == 1.0
    assert good.mean == good.p10 == good.p90 == good.so_far
    assert (heavy.mean, heavy.p10, heavy.p90, heavy.probability) == (0, 0, 0, 1.0)


def test_without_an_earlier_year_the_interval_is_wider_and_says_why(tmp_path: Path) -> None:
    alone = outlook(table(tmp_path, rows(date(2015, 1, 1), date(2015, 6, 30))), date(2015, 6, 30)).targets[0]
    assert alone.basis is not None
    assert "没有历史年份" in alone.basis.zh
    assert alone.history_years == ()
    both = outlook(table(tmp_path, rows(date(2014, 1, 1), date(2015, 6, 30))), date(2015, 6, 30)).targets[0]
    assert both.p90 is not None and both.p10 is not None  # noqa: PT018
    assert alone.p90 is not None and alone.p10 is not None  # noqa: PT018
    assert both.p90 / both.p10 < alone.p90 / alone.p10


def test_too_little_is_no_outlook_with_a_reason(tmp_path: Path) -> None:
    found = outlook(table(tmp_path, rows(date(2015, 1, 1), date(2015, 2, 10))), date(2015, 2, 10))
    assert all(one.mean is None and one.probability is None for one in found.targets)
    assert "至少 59 天" in (found.targets[0].reason.zh if found.targets[0].reason else "")
    assert "不作预估" in as_text(found)


def test_without_an_item_days_are_not_foretold(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    lines = rows(date(2014, 1, 1), date(2015, 6, 30)).replace(",90,", ",,")
    file.write_text(HEAD + lines, "utf-8")
    mean, ratio, good, heavy = outlook(file, date(2015, 6, 30)).targets
    assert mean.mean is not None
    assert [one.mean for one in (ratio, good, heavy)] == [None] * 3
    assert "o3_8h" in (ratio.reason.zh if ratio.reason else "")


def test_missing_days_are_told(tmp_path: Path) -> None:
    found = outlook(table(tmp_path, rows(date(2014, 1, 1), date(2015, 6, 30), leave=10)), date(2015, 7, 31))
    assert any("天没有 PM2.5 有效值" in note.zh for note in found.notes)
    assert found.latest == date(2015, 6, 30)


def test_text_says_for_whom_it_is(tmp_path: Path) -> None:
    lines = as_text(outlook(table(tmp_path, rows(date(2014, 1, 1), date(2015, 6, 30))), date(2015, 6, 30))).splitlines()
    assert lines[0] == "年终展望（仅供内部研判，不对外公布）"
    assert "八成可能在" in lines[2]
    assert "沙尘" in lines[-1]


def test_years_are_judged_under_the_edition_of_the_calendar_day() -> None:
    days = [date(2025, 2, 20), date(2025, 3, 20), date(2024, 2, 29)]
    frame = pl.DataFrame(
        {"city": ["望海"] * 3, "date": days, **{item: [100_000] * 3 for item in ITEMS}},
        schema_overrides={"date": pl.Date, **dict.fromkeys(ITEMS, pl.Int64)},
    ).with_columns(pm25=pl.lit(700_000, dtype=pl.Int64), co=pl.lit(5_000, dtype=pl.Int64))
    judged = aligned(frame, 2026)
    assert judged["date"].to_list() == sorted(days)
    assert judged["edition"].to_list() == ["HJ 633-2012", "HJ 633-2012", "HJ 633-2026"]
    assert judged["aqi"][0] <= 100 < judged["aqi"][2]


def test_goals_come_from_the_plan_then_the_standard() -> None:
    goals = {one.metric: one for one in plan_goals("鸡西市", 2025, None)}
    assert goals["pm25_annual_mean"].value == 28
    assert goals["heavy_pollution_days"].value == 2
    assert plan_goals("望海", 2025, None) == []
    assert national_goal(2015).value == 35
    assert national_goal(2027).value == 30
    own = goals_of("鸡西", 2025, None, named_goals(["pm25_annual_mean=26.5"]))
    assert [one.value for one in own if one.metric == "pm25_annual_mean"] == [Fraction("26.5")]


@pytest.mark.parametrize("word", ["pm25=28", "pm25_annual_mean", "pm25_annual_mean=-1", "pm25_annual_mean=低"])
def test_a_goal_that_is_none_is_refused(word: str) -> None:
    with pytest.raises(Refusal, match="指标=数值"):
        named_goals([word])


@pytest.mark.parametrize("text", ["2015-13-01", "昨天", "2011-01-01"])
def test_a_day_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        day_of(text)


def test_unknown_city_names_those_there_are(tmp_path: Path, data: Path) -> None:
    file = table(tmp_path, rows(date(2015, 1, 1), date(2015, 1, 3)))
    with pytest.raises(Refusal, match="望海"):
        outlook_of_file(file, "无名", date(2015, 6, 30), [], None)
    with pytest.raises(Refusal, match="还没有任何城市"):
        outlook_of_store(data, "望海", date(2015, 6, 30), [])


def test_rows_with_a_fault_refuse_the_outlook(tmp_path: Path) -> None:
    file = table(tmp_path, rows(date(2015, 1, 1), date(2015, 3, 1)), "2015-03-02,望海,10,20,0.5,90,50,-3\n")
    with pytest.raises(Refusal) as caught:
        outlook(file, date(2015, 6, 30))
    assert caught.value.findings[0].place.row is not None


def test_command_reads_file_and_store(tmp_path: Path, data: Path) -> None:
    file = table(tmp_path, rows(date(2014, 1, 1), date(2015, 6, 30)))
    from_file = lantian("air", "outlook", "望海", "--as-of", "2015-06-30", "--daily", file, "--json", data=data)
    assert from_file.returncode == 0, from_file.stderr
    assert lantian("air", "import", file, data=data).returncode == 0
    stored = lantian("air", "outlook", "望海", "--as-of", "2015-06-30", "--json", data=data)
    assert stored.returncode == 0, stored.stderr
    assert json.loads(stored.stdout) == json.loads(from_file.stdout)
    unknown = lantian("air", "outlook", "无名", "--as-of", "2015-06-30", data=data)
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "望海" in unknown.stderr


def test_simulated_days_are_named(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {"city": ["望海"], "date": [date(2015, 1, 1)], **{item: [100_000] for item in ITEMS}},
        schema_overrides={"date": pl.Date, **dict.fromkeys(ITEMS, pl.Int64)},
    )
    found = city_outlook(frame, "望海", date(2015, 1, 31), simulated=True)
    assert "模拟数据" in as_text(found)


def test_the_file_of_parameters_reads_back(tmp_path: Path) -> None:
    shipped = forecast_tables()
    assert shipped.cities >= 180
    again = tmp_path / "months.yaml"
    again.write_text(forecast_text(shipped, "2026-01-01"), "utf-8")
    assert forecast_tables(again) == shipped
    assert FILE.read_text("utf-8").startswith("# Pooled parameters")
