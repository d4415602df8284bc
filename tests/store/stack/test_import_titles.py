"""What stands around a table: titles name its outlet and day, and a second table below is told."""

from __future__ import annotations

from datetime import datetime

import pytest
from tests.store.stack.platform_tables import BOILER, read

from lantian.store import cells

TITLES = {
    "in one cell": "企业名称：模拟热电一 监控点：1号锅炉排口 日期：2026-11-01\n",
    "in two lines": "单位名称: 模拟热电一\n排放口名称：1号锅炉排口\n",
    "value in the next cell": "企业名称：\t模拟热电一\t监测点名称：\t1号锅炉排口\n",
    "by MN": f"数采仪MN号：{'A' * 24}\n",
    "a company's only outlet": "企业名称：模拟热电一\n",
}


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
def test_a_sheet_of_one_outlet_may_name_it_in_its_title(title: str) -> None:
    table = read(
        cells.pasted(f"小时数据报表\n{title}监测时间\tSO2(mg/m3)\n2026-11-01 01:00\t1.1\n2026-11-01 02:00\t1.2\n")
    )
    assert [(one.outlet.code, one.start.hour, one.fields) for one in table.values] == [
        (BOILER.code, 1, {"avg": "1.1"}), (BOILER.code, 2, {"avg": "1.2"}),
    ]  # fmt: skip
    assert (table.rows, table.findings) == (2, [])


def test_a_column_of_outlets_goes_before_a_title() -> None:
    text = f"企业名称：模拟热电一\nMN\t监测时间\tSO2(mg/m3)\n{'A' * 24}\t2026-11-01 01:00\t1.1\n\t2026-11-01 02:00\t9\n"
    table = read(cells.pasted(text))
    assert [one.fields for one in table.values] == [{"avg": "1.1"}]
    assert [one.code for one in table.findings] == ["STACK-OUTLET-UNKNOWN"]


@pytest.mark.parametrize(
    "title", ["日期：2026-11-01", "统计时间：2026年11月1日 导出时间：2026-11-02 08:10", "监测日期:\t2026/11/1"]
)
@pytest.mark.parametrize("column", ["时间", "小时"])
def test_a_sheet_of_one_day_may_name_it_in_its_title(title: str, column: str) -> None:
    hours = ("01:00", "02:00") if column == "时间" else ("1", "2")
    rows = "".join(f"{'A' * 24}\t{hour}\t1.1\n" for hour in hours)
    table = read(cells.pasted(f"{title}\nMN\t{column}\tSO2(mg/m3)\n{rows}平均值\t\t1.1\n"))
    assert table.period == "hour"
    assert [one.start for one in table.values] == [datetime(2026, 11, 1, 1), datetime(2026, 11, 1, 2)]
    assert [one.code for one in table.findings] == ["STACK-ROW-SUMMARY"]


@pytest.mark.parametrize(
    "title",
    [
        "统计时间：2026-11-01 至 2026-11-02",
        "统计时间：2026-11-01～2026-11-02",
        "统计时间：2026-11-01 00:00 至 2026-11-02 23:00",
        "打印日期：2026-11-01",
    ],
)
def test_a_title_that_is_no_day_of_the_data_gives_none(title: str) -> None:
    table = read(cells.pasted(f"{title}\nMN\t时间\tSO2(mg/m3)\n{'A' * 24}\t01:00\t1.1\n"))
    assert (table.values, [one.code for one in table.findings]) == ([], ["STACK-TIME"])


def test_whole_times_go_before_a_day_in_the_title() -> None:
    text = f"日期：2026-11-05\nMN\t时间\tSO2(mg/m3)\n{'A' * 24}\t2026-11-01 01:00\t1.1\n{'A' * 24}\t02:00\t1.2\n"
    table = read(cells.pasted(text))
    assert [one.start for one in table.values] == [datetime(2026, 11, 1, 1)]
    assert [one.code for one in table.findings] == ["STACK-TIME"]


SECOND = {
    "other columns": "MN\t时间\tNOx(mg/m3)\n",
    "in another order": "时间\tMN\tSO2(mg/m3)\n",
    "of two lines": "MN\t时间\tNOx\n\t\tmg/m3\n",
}


@pytest.mark.parametrize("heading_of_second", SECOND.values(), ids=SECOND)
def test_a_second_table_below_is_told_and_never_read_under_the_first_heading(heading_of_second: str) -> None:
    first = f"MN\t时间\tSO2(mg/m3)\n{'A' * 24}\t2026-11-01 01:00\t1.1\n"
    second = f"{heading_of_second}{'A' * 24}\t2026-11-01 02:00\t9.9\n{'A' * 24}\t2026-11-01 03:00\t9.9\n"
    table = read(cells.pasted(first + second))
    assert [(one.start.hour, one.code, one.fields) for one in table.values] == [(1, "a21026", {"avg": "1.1"})]
    assert [(one.code, one.place.row) for one in table.findings] == [("STACK-TABLE-SECOND", 3)]
    assert table.refused == second.count("\n")


def test_a_title_below_that_names_another_outlet_ends_the_table() -> None:
    part = "监测时间\tSO2(mg/m3)\n2026-11-01 01:00\t1.1\n"
    table = read(cells.pasted(f"企业名称：模拟热电一\n{part}企业名称：模拟水泥二\n{part}"))
    assert [one.outlet.code for one in table.values] == [BOILER.code]
    assert [(one.code, one.place.row) for one in table.findings] == [("STACK-TABLE-SECOND", 4)]


def test_a_remark_below_days_leaves_them_days() -> None:
    table = read(
        cells.pasted("企业名称\t日期\tSO2(mg/m3)\n模拟热电一\t2026-11-01\t1.1\n\t制表时间：2026-11-03 08:10\t\n")
    )
    assert (table.period, [one.start for one in table.values]) == ("day", [datetime(2026, 11, 1)])
    assert [one.code for one in table.findings] == ["STACK-OUTLET-UNKNOWN"]
