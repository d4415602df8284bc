"""Layouts: which headings fit, units in headings, a user's own files."""

from __future__ import annotations

from pathlib import Path

import pytest

from lantian.rulebook import RulebookError
from lantian.store.layout import heading_unit, layouts, match, plain_heading, unit_for

PLAIN = ["日期", "城市", "PM2.5", "PM10", "SO2", "NO2", "CO", "O3-8h"]


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (["date", "city", "adcode", "pm25", "pm10", "so2", "no2", "co", "o3_8h", "aqi_site", "aqi_hourly_range",
          "level_site"], "aqistudy"),
        (["date", "city", "aqi", "level", "pm25", "pm10", "so2", "no2", "co", "o3_8h", "rank_of_day"], "aqistudy_aqi"),
        (["date", "province", "city", "adcode", "pm25", "pm10", "so2", "no2", "co", "o3_1h_mean", "aqi_hourly_mean"],
         "datavis"),
        (["date", "city", "aqi", "level", "rank_of_day", "pm25", "pm10", "so2", "no2", "co"], "tianqihoubao"),
        (PLAIN, "plain"),
        (["监测日期", "城市名称", "二氧化硫", "PM2.5(μg/m³)", "备注"], "plain"),
    ],
)  # fmt: skip
def test_the_best_layout_for_a_heading(headings: list[str], expected: str) -> None:
    found = [fit for layout in layouts().values() if (fit := match(headings, layout))]
    assert max(found, key=lambda fit: fit.score).layout.id == expected


def test_no_layout_takes_months_hours_or_an_unnamed_ozone() -> None:
    for headings in (["city", "month", "pm25"], ["time_beijing", "station_code", "pm25"], ["date", "pm25"], []):
        assert not [layout.id for layout in layouts().values() if match(headings, layout)]
    found = match(["日期", "城市", "PM2.5", "O3"], layouts()["plain"])
    assert found is not None
    assert "o3_8h" not in found.places
    assert found.ignored == ("O3",)


def test_units_named_in_a_heading_win() -> None:
    found = match(["日期", "城市", "CO(μg/m³)", "PM2.5（mg/m3）", "O3(8h)"], layouts()["plain"])
    assert found is not None
    assert [unit_for(found, item).id for item in ("co", "pm25", "o3_8h")] == ["ug/m3", "mg/m3", "ug/m3"]
    assert heading_unit("O3(8h)")[1] is None
    assert plain_heading("PM２.５ ") == plain_heading("pm_2.5") == "pm25"


def test_a_table_without_a_city_needs_one() -> None:
    assert match(["日期", "PM2.5"], layouts()["plain"]) is None
    assert match(["日期", "PM2.5"], layouts()["plain"], city_given=True) is not None


def test_a_users_layout_is_found_and_a_broken_one_names_its_line(data: Path) -> None:
    folder = data / "layouts"
    folder.mkdir()
    good = (
        "id: ours\ntitle: {zh: 本市, en: ours}\ncolumns:\n  date: {names: [采样日]}\n  city: {names: [地点]}\n"
        "  co: {names: [一氧化碳], unit: ug/m3}\nignores: {}\nzero: value\n"
    )
    (folder / "ours.yaml").write_text(good, "utf-8")
    found = match(["采样日", "地点", "一氧化碳"], layouts(data)["ours"])
    assert found is not None
    assert unit_for(found, "co").id == "ug/m3"
    for broken, message in (
        (good.replace("co:", "co2:"), "co2"),
        (good.replace(", unit: ug/m3", ""), "浓度单位"),
        (good.replace("zero: value", "zero: no"), "no"),
        (good.replace("  date: {names: [采样日]}\n", ""), "日期列"),
    ):
        (folder / "ours.yaml").write_text(broken, "utf-8")
        with pytest.raises(RulebookError, match=message):
            layouts(data)
