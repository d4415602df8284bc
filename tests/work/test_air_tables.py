"""Rankings, trends and findings of fictional cities from daily files."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from lantian.air.excluded import Exclusion
from lantian.basis.finding import Refusal
from lantian.basis.period import Days, month, year
from lantian.work.air_tables import quality_table, rank_table, trend_table, window_of

HEAD = "date,city,so2,no2,co,o3_8h,pm10,pm25\n"


def quiet(done: int, total: int, text: str) -> None:
    return None


def lines(city: str, first: date, count: int, pm25: int, pm10: int = 60) -> str:
    rows = (
        f"{first + timedelta(days=n)},{city},{11 + n % 2},{24 + n % 3},0.{4 + n % 3},{90 + n % 5},{pm10 + n % 4},{pm25 + n % 3}\n"
        for n in range(count)
    )
    return "".join(rows)


def written(folder: Path, text: str) -> list[Path]:
    file = folder / "days.csv"
    file.write_text(HEAD + text, "utf-8")
    return [file]


def test_a_ranking_with_last_year_and_a_city_apart(tmp_path: Path) -> None:
    first, before = date(2025, 4, 1), date(2024, 4, 1)
    text = lines("望海", first, 30, 30) + lines("云岭", first, 30, 40) + lines("青泽", first, 26, 20)
    text += lines("望海", before, 30, 39) + lines("云岭", before, 30, 40)
    table = rank_table(written(tmp_path, text), month(2025, 4), quiet)
    rows = {row["city"]: row for row in table.iter_rows(named=True)}
    assert [(row["place"], row["city"]) for row in rows.values()] == [("1", "望海"), ("2", "云岭"), (None, "青泽")]
    assert rows["青泽"]["note"] == "没有有效数值，不参加排名"
    assert (rows["云岭"]["change_rate"], rows["云岭"]["improvement_place"]) == ("0.0", "2")
    assert rows["望海"]["change_rate"].startswith("-")
    assert rows["望海"]["largest_item"] == "PM2.5"  # 31/35 against 61.4/70
    # 望海 attains every limit, so it does not rank by worsening; 云岭 exceeds (40 > 35)
    assert (rows["望海"]["attains"], rows["望海"]["worsening_place"]) == ("达标", None)
    assert (rows["云岭"]["attains"], rows["云岭"]["worsening_place"]) == ("超标", "1")
    everyone = rank_table(written(tmp_path, text), month(2025, 4), quiet, validity="none")
    assert everyone["city"].to_list() == ["青泽", "望海", "云岭"]


def test_days_taken_out_change_the_index_and_not_the_good_days(tmp_path: Path) -> None:
    first = date(2025, 4, 1)
    text = lines("望海", first, 28, 30) + lines("望海", date(2025, 4, 29), 2, 90, 400)
    dust = Exclusion(
        "望海", Days(date(2025, 4, 29), date(2025, 4, 30)), ("pm10", "pm25"), "dust", "总站", "7 号", date(2025, 5, 9)
    )
    files = written(tmp_path, text)
    (kept,) = rank_table(files, month(2025, 4), quiet).rows(named=True)
    (taken,) = rank_table(files, month(2025, 4), quiet, exclusions=[dust]).rows(named=True)
    assert (kept["good_days"], taken["good_days"]) == ("28", "28")
    assert (kept["pm10_mean"], taken["pm10_mean"]) == ("84", "62")
    assert float(taken["composite_index"]) < float(kept["composite_index"])


def test_choosing_cities_and_provinces(tmp_path: Path) -> None:
    files = written(tmp_path, lines("望海", date(2025, 4, 1), 30, 30) + lines("云岭市", date(2025, 4, 1), 30, 40))
    assert rank_table(files, month(2025, 4), quiet, cities=["云岭"])["city"].to_list() == ["云岭市"]
    with pytest.raises(Refusal, match="行政区划代码"):
        rank_table(files, month(2025, 4), quiet, province="23")


def test_a_trend_over_six_years(tmp_path: Path) -> None:
    text = "".join(lines("望海", date(number, 1, 1), 366, 60 - 4 * (number - 2016)) for number in range(2016, 2022))
    text = "".join(dict.fromkeys(text.splitlines(keepends=True)))
    by_day = {line.split(",")[0]: line for line in text.splitlines(keepends=True)}
    table = trend_table(written(tmp_path, "".join(by_day.values())), quiet)
    row = next(row for row in table.iter_rows(named=True) if row["statistic"] == "pm25_mean")
    assert (row["years"], row["coefficient"], row["critical"], row["trend"]) == ("6", "-1.000", "0.829", "显著下降")
    assert row["values"].startswith("2016:61 2017:57")
    assert row["three_year_means"].startswith("2018:57")


def test_findings_of_daily_files(tmp_path: Path) -> None:
    text = lines("望海", date(2025, 4, 1), 30, 30)
    assert quality_table(written(tmp_path, text), quiet).is_empty()
    wrong = text + lines("云岭", date(2025, 4, 1), 20, 80)  # PM2.5 above PM10, ten days short
    found = quality_table(written(tmp_path, wrong), quiet, days=month(2025, 4))
    assert found.select("city", "code").rows() == [
        ("云岭", "AIR-QUALITY-CAPTURE"),
        ("云岭", "AIR-QUALITY-FINE-ABOVE-COARSE"),
    ]
    assert quality_table(written(tmp_path, text), quiet, days=year(2024))["text"].str.contains("整月没有数据").all()


def test_periods_know_the_seasons() -> None:
    assert window_of("2024-winter") == Days(date(2024, 12, 1), date(2025, 2, 28))
    assert window_of("2024采暖期").first == date(2024, 10, 15)
