"""Tables of station days and of months: dates, titles, ratios."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from station_reading import FIRST, codes, long, noted, read

from lantian.store.cells import pasted
from lantian.store.station_given import bits
from lantian.store.station_layout import station_layouts
from lantian.store.station_rows import read_station_rows


def test_station_days() -> None:
    rows = long("9001A,望海,2025/1/5,7,20,0.3,98,60,32", "9001A,望海,2025-01-06 05:00,7,20,0.3,98,60,32",
                head="站点编码,城市,日期,SO2,NO2,CO,O3_8h,PM10,PM2.5")  # fmt: skip
    assert rows.kind == "station_days"
    assert rows.table.select("station", "date", "o3_8h").rows() == [("9001A", date(2025, 1, 5), 980000)]
    assert codes(rows) == [("AIR-DATE-HOUR", 3, "日期")]


def test_the_monthly_table_of_a_province_pasted_from_a_spreadsheet() -> None:
    text = (
        "2025年3月全省县（市、区）环境空气质量排名\t\t\t\t\t\t\n"
        "排名\t城市\t县（市、区）\tPM2.5(μg/m³)\tCO-95per(mg/m³)\tO3-8h-90per\t综合指数\t优良天数比例(%)\n"
        "1\t望海市\t东山县\t21\t0.8\t101\t2.75\t96.8%\n2\t望海市\t西山区\t33\t1.1\t99\t3.1\t87.1\n注：数据未经审核\n"
    )
    rows = read(text)
    assert rows.kind == "city_months"
    assert rows.layout == "plain_months"
    assert rows.table.rows(named=True)[0] == {
        "place": "东山县", "city": "望海", "month": date(2025, 3, 1), "co": 8000, "o3_8h": 1010000, "pm25": 210000,
        "good_ratio": 968000, "composite_index": 27500, "rank": 1, "row": 3,
        "given": bits(("co", "o3_8h", "pm25", "good_ratio", "composite_index", "rank")),
    }  # fmt: skip
    assert rows.table["place"].to_list() == ["东山县", "西山区"]
    assert [code for code, _, _ in codes(rows)] == ["AIR-STATION-EMPTY"]


@pytest.mark.parametrize(
    ("title", "fits"), [("2025年3月", True), ("2025年1-3月", False), ("2025年1月至3月", False), ("三月", False)]
)
def test_a_title_names_one_month_or_none(title: str, fits: bool) -> None:
    found = read_station_rows(
        pasted(f"{title}全省排名,,\n城市,PM2.5,综合指数\n望海市,21,2.75\n"), station_layouts(), first=FIRST
    )
    assert (found is not None) is fits


def test_ratios_written_as_shares_become_percent() -> None:
    rows = read("城市,月份,PM2.5,优良率\n望海市,2025-03,21,0.968\n东山市,2025年3月,30,1\n")
    assert sorted(rows.table["good_ratio"].to_list()) == [968000, 1000000]
    assert "AIR-RATIO-SHARE" in noted(rows)


def test_the_month_may_be_the_name_of_the_sheet(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for number, sheet in enumerate((book.active, book.create_sheet("2025年2月")), start=1):
        sheet.title = f"2025年{number}月"
        sheet.append(["城市", "PM2.5", "综合指数"])
        sheet.append(["望海市", 20 + number, 3.25])
    book.save(tmp_path / "months.xlsx")
    rows = read(tmp_path / "months.xlsx")
    assert rows.table.select("month", "pm25").rows() == [(date(2025, 1, 1), 210000), (date(2025, 2, 1), 220000)]
