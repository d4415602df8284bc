"""Platform tables in many dresses give the same values; what cannot be taken is told with its place."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from tests.store.stack.platform_tables import BOILER, KILN, PLATFORM, read

from lantian.store import cells
from lantian.store.stack.import_head import head
from lantian.store.stack.import_layout import heading
from lantian.store.stack.import_rows import ImportTable
from lantian.store.stack.import_units import number, turned


def simple(table: ImportTable) -> list[tuple[str, datetime, str, dict[str, str], str | None]]:
    return [(one.outlet.code, one.start, one.code, one.fields, one.flag) for one in table.values]


WIDE = """企业名称,排放口名称,监测时间,SO2实测浓度(mg/m3),SO2折算浓度(mg/m3),烟气流量(m3/h),标记
模拟热电一,1号锅炉排口,2026-11-01 00:00,12.30,15.6,36000,正常
模拟热电一,1号锅炉排口,2026-11-01 01:00,--,,36001.5,维护
"""


def test_one_line_of_headings_gives_factors_fields_and_units() -> None:
    table = read(cells.pasted(WIDE))
    assert table.period == "hour"
    assert (table.rows, table.refused, table.findings) == (2, 0, [])
    assert simple(table) == [
        (BOILER.code, datetime(2026, 11, 1, 0), "a21026", {"avg": "12.30", "zs_avg": "15.6"}, "N"),
        (BOILER.code, datetime(2026, 11, 1, 0), "a00000", {"avg": "10"}, "N"),
        (BOILER.code, datetime(2026, 11, 1, 1), "a21026", {}, "M"),
        (BOILER.code, datetime(2026, 11, 1, 1), "a00000", {"avg": "10.0004"}, "M"),
    ]
    assert table.values[3].more == {"Mark": "维护", "Given.avg": "36001.5 m3/h"}  # 36001.5/3600 = 10.00041…


def test_two_lines_of_headings_with_merged_cells_of_a_workbook(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    sheet.append(["自动监控小时数据"])
    sheet.append(["企业名称", "排口编号", "监测时间", "二氧化硫", None, "含氧量(%)", "颗粒物"])
    sheet.append([None, None, None, "实测(mg/m3)", "折算(mg/m3)", None, "排放量(t)"])
    sheet.append(["模拟热电一", "mn1-da001", datetime(2026, 11, 1, 5), 7.5, 9, 8.75, 0.0021])
    file = tmp_path / "小时.xlsx"
    book.save(file)
    table = read(cells.read_file(file))
    assert simple(table) == [
        (BOILER.code, datetime(2026, 11, 1, 5), "a21026", {"avg": "7.5", "zs_avg": "9"}, None),
        (BOILER.code, datetime(2026, 11, 1, 5), "a19001", {"avg": "8.75"}, None),
        (BOILER.code, datetime(2026, 11, 1, 5), "a34013", {"cou": "2.1"}, None),
    ]


def test_a_long_table_names_its_factor_in_each_row() -> None:
    text = (
        "MN号\t监测因子\t数据时间\t平均值\t折算值\t状态\n"
        f"{'a' * 24}\t氮氧化物\t2026-11-01 03时\t55\t61.2\t校准\n"
        f"{'A' * 24}\ta34013\t2026-11-01 03:00~04:00\t3.1\t\t\n"
        f"{'A' * 24}\t臭味\t2026-11-01 03:00\t3.1\t\t\n"
    )
    table = read(cells.pasted(text))
    assert simple(table) == [
        (BOILER.code, datetime(2026, 11, 1, 3), "a21002", {"avg": "55", "zs_avg": "61.2"}, "C"),
        (BOILER.code, datetime(2026, 11, 1, 3), "a34013", {"avg": "3.1"}, None),
    ]
    assert [(one.code, one.place.row, one.place.column) for one in table.findings] == [
        ("STACK-FACTOR-UNKNOWN", 4, "监测因子")
    ]
    assert table.refused == 1


@pytest.mark.parametrize("hours", [("1", "24"), ("01时", "24时")])
def test_a_table_that_counts_to_24_labels_the_ends_of_its_hours(hours: tuple[str, str]) -> None:
    text = "排口编号,日期,小时,SO2浓度\n" + "".join(f"MN1-DA001,2026-11-01,{hour},5\n" for hour in hours)
    starts = [one.start for one in read(cells.pasted(text)).values]
    assert starts == [datetime(2026, 11, 1, 0), datetime(2026, 11, 1, 23)]


def test_days_are_told_by_their_times_also_the_24th() -> None:
    text = "排口编号,监测时间,SO2浓度\nMN1-DA001,2026-11-24,5\nMN1-DA001,2026/11/25,6\n"
    table = read(cells.pasted(text))
    assert table.period == "day"
    assert [one.start for one in table.values] == [datetime(2026, 11, 24), datetime(2026, 11, 25)]


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("模拟热电九,1号锅炉排口,2026-11-01 00:00,1,1,1,", "STACK-OUTLET-UNKNOWN", "企业名称"),
        ("模拟热电一,1号锅炉排口,2026-13-01 00:00,1,1,1,", "STACK-TIME", "监测时间"),
        ("模拟热电一,1号锅炉排口,2026-11-01 00:30,1,1,1,", "STACK-TIME", "监测时间"),
        ("模拟热电一,1号锅炉排口,2026-11-01 00:00,1,1,1,,,9", "STACK-ROW-LONG", None),
        ("模拟热电一,1号锅炉排口,2026-11-01 00:00,一点二,,,", "STACK-VALUE-NUMBER", "SO2实测浓度(mg/m3)"),
    ],
)
def test_a_bad_row_is_told_and_the_rest_is_taken(row: str, code: str, column: str | None) -> None:
    good = WIDE.replace("00:00", "07:00")
    table = read(cells.pasted(f"{good}{row}\n"))
    assert [(one.code, one.place.row, one.place.column) for one in table.findings] == [(code, 4, column)]
    assert len(table.values) == 4
    assert table.refused == 1


def test_a_row_that_says_otherwise_does_not_replace_the_first() -> None:
    twice = WIDE + WIDE.splitlines()[1] + "\n" + WIDE.splitlines()[1].replace("12.30", "12.31") + "\n"
    table = read(cells.pasted(twice))
    assert len(table.values) == 4
    assert [(one.code, one.place.row) for one in table.findings] == [("STACK-ROW-DIFFERS", 5)]
    assert table.values[0].fields["avg"] == "12.30"


def test_units_turn_exactly_or_are_told() -> None:
    assert turned(Decimal("35"), "ug/m3", "mg/m3") == ("0.035", None)
    assert turned(Decimal("1.20"), "mg/m3", "mg/m3") == ("1.20", None)
    assert turned(Decimal("130.7116"), "Pa", "kPa") == ("0.1307", "130.7116 Pa")
    assert turned(Decimal("1"), "kg", "mg/m3") is None
    table = read(cells.pasted("排口编号,监测时间,SO2浓度(kg)\nMN1-DA001,2026-11-01 01:00,5\n"))
    assert [one.code for one in table.findings] == ["STACK-UNIT"]


def test_an_outlet_that_keeps_its_flow_by_the_hour_gets_it_so() -> None:
    table = read(cells.pasted("企业名称,监测时间,烟气流量(万m3/h)\n模拟水泥二,2026-11-01 01:00,3.6\n"))
    assert simple(table) == [(KILN.code, datetime(2026, 11, 1, 1), "a00000", {"avg": "36000"}, None)]


def test_a_column_in_a_unit_nobody_knows_is_told_once() -> None:
    table = read(cells.pasted("排口编号,监测时间,SO2浓度(ppm),颗粒物\nMN1-DA001,2026-11-01 01:00,5,3\n"))
    assert [(one.code, one.place.row, one.place.column) for one in table.findings] == [
        ("STACK-UNIT-UNKNOWN", 1, "SO2浓度(ppm)")
    ]
    assert [(one.code, one.fields) for one in table.values] == [("a34013", {"avg": "3"})]


def test_a_long_table_may_name_the_unit_in_a_column() -> None:
    rows = ("SO2,35,ug/m3", "烟气压力,-120,Pa", "NOx,1,ppm")
    text = "排口编号,监测时间,因子,平均值,单位\n" + "".join(f"MN1-DA001,2026-11-01 01:00,{row}\n" for row in rows)
    table = read(cells.pasted(text))
    assert [(one.code, one.fields) for one in table.values] == [
        ("a21026", {"avg": "0.035"}),
        ("a01013", {"avg": "-0.12"}),
    ]
    assert [(one.code, one.place.row) for one in table.findings] == [("STACK-UNIT", 4)]


def test_a_row_of_a_merged_cell_says_what_to_do() -> None:
    table = read(cells.pasted(WIDE + ",,2026-11-01 02:00,1,1,1,\n"))
    assert "取消合并" in table.findings[0].text.zh


@pytest.mark.parametrize(
    "time",
    [
        "2026-11-01 05:00", "2026-11-01 05时", "2026/11/1 5:00:00", "2026年11月1日 5时", "2026年11月01日05时", "2026110105",
        "2026-11-01 05:00~06:00", "2026-11-01 05:00-05:59", "2026-11-01 05:00至2026-11-01 06:00", "2026-11-01T05:00",
        datetime(2026, 11, 1, 5),
    ],
)  # fmt: skip
def test_hours_in_every_dress(time: str | datetime) -> None:
    rows = [("排口编号", "监测时间", "SO2浓度"), ("MN1-DA001", time, 5)]
    table = read(cells.Source("x", "", (cells.Sheet("x", None, rows),)))
    assert [(one.start, one.fields) for one in table.values] == [(datetime(2026, 11, 1, 5), {"avg": "5"})]
    assert table.period == "hour"


_WHO = st.sampled_from(
    [{"MN号": "A" * 24}, {"排口编码": "MN1-DA001"}, {"企业名称": "模拟热电一", "排放口名称": "1号锅炉排口"}]
)
_SAID = {"avg": ["实测浓度", "实测", "浓度", "实测值"], "zs_avg": ["折算浓度", "折算", "折算值"]}
_NAMES = {"a21026": ["SO2", "SO₂", "二氧化硫", "二氧化硫（SO2）"], "a34013": ["颗粒物", "烟尘", "颗粒物(烟尘)"]}
_UNITS = ["", "(mg/m3)", "（mg/m³）", "(mg/Nm3)", " mg/m3"]
_TITLES = [("自动监控数据",), ("统计时间：2026-11-01", "单位：mg/m3"), ()]


@given(st.data())
def test_headings_in_every_order_and_dress_give_the_same(data: st.DataObject) -> None:
    draw = data.draw
    who = draw(_WHO)
    columns: list[tuple[tuple[str, str, str], object]] = [((name, "", ""), value) for name, value in who.items()]
    columns.append(((draw(st.sampled_from(["监测时间", "数据时间", "时间"])), "", ""), "2026-11-01 05:00"))
    columns.append((("备注", "", ""), "模拟数据"))
    expected: dict[str, dict[str, str]] = {}
    groups = []
    for row, (code, names) in enumerate(_NAMES.items()):
        name, unit = draw(st.sampled_from(names)), draw(st.sampled_from(_UNITS))
        fields = draw(st.permutations(list(_SAID)))
        expected[code] = {field: f"{row}.{at}" for at, field in enumerate(fields)}
        groups.append([((name, draw(st.sampled_from(_SAID[field])), unit), expected[code][field]) for field in fields])
    for group in groups:
        at = draw(st.integers(0, len(columns)))
        if at < len(columns) and columns[at][0][1]:
            at = len(columns)  # not between the columns of another factor
        columns[at:at] = group
    lines = draw(st.sampled_from([1, 2, 3]))
    heads: list[tuple[object, ...]]
    if lines == 1:
        heads = [tuple("".join(parts) for parts, _ in columns)]
    else:
        merged = [
            None if at and parts[1] and columns[at - 1][0][:1] == parts[:1] else parts[0]
            for at, (parts, _) in enumerate(columns)
        ]
        second = [parts[1] + (parts[2] if lines == 2 else "") or None for parts, _ in columns]
        heads = [tuple(merged), tuple(second)]
        if lines == 3:
            heads.append(tuple(parts[2].strip() or None for parts, _ in columns))
    title = draw(st.sampled_from(_TITLES))
    rows = [*([title] if title else []), *heads, tuple(value for _, value in columns)]
    table = read(cells.Source("x", "", (cells.Sheet("x", None, rows),)))  # type: ignore[arg-type]
    assert {one.code: one.fields for one in table.values} == expected
    assert {(one.outlet.code, one.start) for one in table.values} == {(BOILER.code, datetime(2026, 11, 1, 5))}
    assert table.findings == []


@given(st.decimals(min_value=-9999, max_value=99999, places=3), st.sampled_from(["{}", " {} ", "{:,}"]))
def test_numbers_are_read_as_they_are_written(value: Decimal, form: str) -> None:
    assert number(form.format(value)) == value


@pytest.mark.parametrize("text", ["１２．３０", "+12.3", "12.300"])
def test_a_number_in_wide_signs_is_one(text: str) -> None:
    assert number(text) == Decimal("12.3")


@pytest.mark.parametrize("text", ["1_000", "1.2.3", "<0.5", "NaN", "Infinity", "1,23", "十", ""])
def test_what_is_no_number_is_none(text: str) -> None:
    assert number(text) is None


def test_a_table_of_something_else_is_not_taken_for_one() -> None:
    assert head(cells.pasted("城市,日期,PM2.5\n鸡西,2026-11-01,35\n").sheets[0], PLATFORM) is None
    assert heading("备注", PLATFORM) is None


def test_a_workbook_of_days_with_dates(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["排口编号", "日期", "颗粒物折算值"])
    book.active.append(["MN1-DA001", date(2026, 11, 3), 4.25])
    stream = io.BytesIO()
    book.save(stream)
    file = tmp_path / "日.xlsx"
    file.write_bytes(stream.getvalue())
    table = read(cells.read_file(file))
    assert (table.period, simple(table)) == (
        "day",
        [(BOILER.code, datetime(2026, 11, 3), "a34013", {"zs_avg": "4.25"}, None)],
    )


CELLS = {
    "35.2(M)": ("35.2", "M", "M"),
    "35.2（维护）": ("35.2", "M", "维护"),
    "35.2 [校准]": ("35.2", "C", "校准"),
    "３５．２Ｄ": ("35.2", "D", "D"),
    "35.2(均化)": ("35.2", None, "均化"),
    "停运": (None, "F", "停运"),
    "(M)": (None, "M", "(M)"),
}


@pytest.mark.parametrize("cell", CELLS)
def test_a_mark_in_the_cell_of_a_value_is_taken_with_it(cell: str) -> None:
    value, flag, mark = CELLS[cell]
    table = read(cells.pasted(f"MN\t时间\tSO2折算(mg/m3)\n{'A' * 24}\t2026-11-01 01:00\t{cell}\n"))
    assert [(one.fields, one.flag, one.more) for one in table.values] == [
        ({"zs_avg": value} if value else {}, flag, {"Mark": mark})
    ]
    assert table.findings == []


@pytest.mark.parametrize("cell", ["35.2(mg/m3)", "35.2(36.1)", "3.2T", "35.2X", "M", "<3(M)"])
def test_what_may_be_no_mark_is_told_not_guessed(cell: str) -> None:
    table = read(cells.pasted(f"MN\t时间\tSO2折算(mg/m3)\n{'A' * 24}\t2026-11-01 01:00\t{cell}\n"))
    assert (table.values, table.refused) == ([], 1)
    assert [one.code for one in table.findings] == ["STACK-VALUE-NUMBER"]


def test_two_marks_of_one_factor_are_both_kept_and_neither_is_the_letter() -> None:
    table = read(cells.pasted(f"MN\t时间\tSO2(mg/m3)\tSO2折算(mg/m3)\n{'A' * 24}\t2026-11-01 01\t3(M)\t4(D)\n"))
    assert [(one.fields, one.flag, one.more) for one in table.values] == [
        ({"avg": "3", "zs_avg": "4"}, None, {"Mark": "M、D"})
    ]


def test_summaries_and_repeated_headings_are_no_data() -> None:
    table = read(
        cells.pasted(
            "企业名称,排口名称,监测时间,SO2(mg/m3)\n"
            "模拟热电一,1号锅炉排口,2026-11-01 01:00,1.1\n"
            "企业名称,排口名称,监测时间,SO2(mg/m3)\n"
            "模拟热电一,1号锅炉排口,2026-11-01 02:00,1.2\n"
            "模拟热电一,1号锅炉排口,2026-11-01 小计,2.3\n"
            "模拟热电一,小计,,2.3\n"
            "11月平均值,,,1.15\n"
        )
    )
    assert [one.start.hour for one in table.values] == [1, 2]
    assert [(one.code, one.severity, one.place.row) for one in table.findings] == [
        ("STACK-ROW-SUMMARY", "note", row) for row in (5, 6, 7)
    ]
    assert (table.rows, table.refused) == (5, 0)


@pytest.mark.parametrize("clock", ["03:00", "3时", "03:00:00", "3:00~4:00"])
def test_a_day_and_its_time_may_stand_in_two_columns(clock: str) -> None:
    table = read(cells.pasted(f"MN\t日期\t监测时间\tSO2(mg/m3)\n{'A' * 24}\t2026-11-01\t{clock}\t1.1\n"))
    assert table.period == "hour"
    assert [one.start for one in table.values] == [datetime(2026, 11, 1, 3)]


@pytest.mark.parametrize("hour", ["3-4时", "03:00-04:00", "3时至4时"])
def test_an_hour_may_be_a_range(hour: str) -> None:
    table = read(cells.pasted(f"MN\t日期\t时段\tSO2(mg/m3)\n{'A' * 24}\t2026-11-01\t{hour}\t1.1\n"))
    assert [one.start for one in table.values] == [datetime(2026, 11, 1, 3)]


def test_a_wrong_hour_is_told_in_its_own_column() -> None:
    table = read(cells.pasted(f"MN\t日期\t小时\tSO2(mg/m3)\n{'A' * 24}\t2026-11-01\t25\t1.1\n"))
    assert [(one.code, one.place.column) for one in table.findings] == [("STACK-TIME", "小时")]


def test_a_row_without_any_value_is_not_counted_as_refused() -> None:
    table = read(cells.pasted(f"MN\t时间\tSO2(mg/m3)\n{'A' * 24}\t2026-11-01 01:00\t--\n"))
    assert (table.values, table.findings, table.refused) == ([], [], 0)


@pytest.mark.parametrize("mn", ["'" + "A" * 24, '"=""' + "A" * 24 + '"""'])
def test_a_number_kept_as_text_is_the_number(mn: str) -> None:
    table = read(cells.pasted(f"MN,时间,SO2(mg/m3)\n{mn},2026-11-01 01:00,1.1\n"))
    assert [one.outlet.code for one in table.values] == [BOILER.code]


def test_a_time_of_a_workbook_is_cut_somewhere(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["MN", "时间", "SO2(mg/m3)"])
    book.active.append(["A" * 24, datetime(2026, 11, 1, 2, 0, 0, 400_000), 1.1])
    file = tmp_path / "小时.xlsx"
    book.save(file)
    assert [one.start for one in read(cells.read_file(file)).values] == [datetime(2026, 11, 1, 2)]


def test_a_first_column_that_says_how_values_were_made_is_no_summary() -> None:
    table = read(
        cells.pasted(f"统计方式\tMN\t时间\tSO2(mg/m3)\n均值\t{'A' * 24}\t2026-11-01 01:00\t1.1\n均值\t\t\t1.1\n")
    )
    assert [one.fields for one in table.values] == [{"avg": "1.1"}]
    assert [(one.code, one.place.row) for one in table.findings] == [("STACK-ROW-SUMMARY", 3)]
