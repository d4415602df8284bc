"""Platform tables become records, once; corrections are revisions, a batch can be taken back, refused lines keep their reasons."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from lantian.basis.finding import Refusal
from lantian.store.stack import compact
from lantian.store.stack.imports import batches, withdraw
from lantian.store.stack.outlets import Outlet
from lantian.store.stack.quarantine import quarantined
from lantian.store.stack.records import records
from lantian.work.stack_import import ImportResult, import_table, preview, read_table
from lantian.work.stack_import_reasons import returned

MN = "A" * 24
OUTLETS = (
    Outlet("M1-DA001", "1号锅炉排口", "模拟热电一", "230302", mn=MN),
    Outlet("M2-DA001", "窑尾", "模拟水泥二", "230306"),
)
NOW = datetime(2026, 11, 3, 1, tzinfo=UTC)
TABLE = (
    "企业名称\t排放口名称\t监测时间\tSO2实测浓度\tSO2折算浓度\t颗粒物浓度\t标记\n"
    "模拟热电一\t1号锅炉排口\t2026-11-01 00:00\t12.3\t15.6\t3.0\t正常\n"
    "模拟热电一\t1号锅炉排口\t2026-11-01 01:00\t13\t16\t3.1\t校准\n"
    "模拟水泥二\t窑尾\t2026-11-01 01:00\t30\t\t8\t\n"
)


def silent(done: int, total: int, text: str) -> None:
    """No progress shown."""


def take(data: Path, table: str, now: datetime = NOW) -> ImportResult:
    return import_table(data, table, OUTLETS, by="王一", now=now, progress=silent)


def standing(data: Path) -> list[tuple[str, str, datetime, str, str | None, str | None]]:
    found = records(data, datetime(2026, 11, 1), datetime(2026, 11, 2))
    return found.select("mn", "cn", "start", "code", "avg", "flag").rows()


def test_a_table_becomes_records_beside_those_of_devices(data: Path) -> None:
    result = take(data, TABLE)
    assert (result.rows, result.new, result.revised, result.same, result.refused) == (3, 6, 0, 0, 0)
    assert result.periods == ("hour",)
    assert result.batch == 1
    assert standing(data) == [
        (MN, "2061", datetime(2026, 11, 1, 0), "a21026", "12.3", "N"),
        (MN, "2061", datetime(2026, 11, 1, 0), "a34013", "3.0", "N"),
        (MN, "2061", datetime(2026, 11, 1, 1), "a21026", "13", "C"),
        (MN, "2061", datetime(2026, 11, 1, 1), "a34013", "3.1", "C"),
        ("outlet:M2-DA001", "2061", datetime(2026, 11, 1, 1), "a21026", "30", None),
        ("outlet:M2-DA001", "2061", datetime(2026, 11, 1, 1), "a34013", "8", None),
    ]


def test_the_same_again_changes_nothing_whatever_file_it_comes_in(data: Path) -> None:
    take(data, TABLE)
    before = standing(data)
    for again in (TABLE, TABLE.replace("实测浓度", "实测值"), "\n".join(TABLE.splitlines()[:2]) + "\n"):
        result = take(data, again, NOW + timedelta(hours=1))
        assert (result.new, result.batch) == (0, None)
    assert standing(data) == before
    assert len(batches(data)) == 1


def test_a_preview_writes_nothing(data: Path) -> None:
    result = preview(data, TABLE, OUTLETS, now=NOW)
    assert (result.new, result.batch) == (6, None)
    assert not (data / "stack.sqlite").exists()


def test_a_differing_value_is_a_revision_and_the_older_one_stays_known(data: Path) -> None:
    take(data, TABLE)
    later = NOW + timedelta(days=1)
    result = take(data, TABLE.replace("12.3", "12.4"), later)
    assert (result.new, result.revised, result.same, result.batch) == (1, 1, 5, 2)
    assert standing(data)[0][4] == "12.4"
    earlier = records(data, datetime(2026, 11, 1), datetime(2026, 11, 2), as_known_at=NOW)
    assert earlier["avg"][0] == "12.3"


@pytest.mark.parametrize("merged", [False, True])
def test_an_import_taken_back_leaves_what_it_had_replaced(data: Path, merged: bool) -> None:
    take(data, TABLE)
    before = standing(data)
    take(data, TABLE.replace("12.3", "12.4"), NOW + timedelta(days=1))
    if merged:
        assert compact.merge(data, today=(NOW + timedelta(days=2)).date(), now=NOW + timedelta(days=2)) == 1
    assert withdraw(data, 2, now=NOW + timedelta(days=3)) == 1
    assert standing(data) == before
    with pytest.raises(KeyError):
        withdraw(data, 2, now=NOW)
    assert [one.withdrawn_at is None for one in batches(data)] == [False, True]
    assert take(data, TABLE.replace("12.3", "12.4"), NOW + timedelta(days=4)).batch == 3  # and may come again


def test_lines_not_taken_are_kept_with_their_cells_and_reasons(data: Path) -> None:
    bad = TABLE + "模拟热电九\t排口\t2026-11-01 02:00\t1\t1\t1\t\n模拟水泥二\t窑尾\t2026-11-01 02:00\t一\t\t二\t\n"
    result = take(data, bad)
    assert result.refused == 2
    kept = list(quarantined(data, None))
    assert [one.raw.decode().split("\t")[0] for one in kept] == ["模拟热电九", "模拟水泥二"]
    assert [[told["code"] for told in one.findings] for one in kept] == [
        ["STACK-OUTLET-UNKNOWN"],
        ["STACK-VALUE-NUMBER", "STACK-VALUE-NUMBER"],
    ]
    assert kept[1].findings[0]["place"]["row"] == 6
    take(data, bad)
    assert len(list(quarantined(data, None))) == 2  # the same file again says nothing new


def test_rows_not_taken_come_back_with_their_reasons_and_can_be_mended(data: Path, tmp_path: Path) -> None:
    bad = TABLE + "模拟热电九\t排口\t2026-11-01 02:00\t1\t1\t2\t\n模拟水泥二\t窑尾\t2026-11-01 02:00\t一\t\t二\t\n"
    take(data, bad)
    book = load_workbook(io.BytesIO(returned(read_table(data, bad, OUTLETS, now=NOW))))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0][:5] == ("行", "问题", "企业名称", "排放口名称", "监测时间")
    assert [row[0] for row in rows[1:3]] == [5, 6]
    assert "没有“模拟热电九 排口”" in str(rows[1][1])
    assert "SO2实测浓度：“一”不是数字" in str(rows[2][1])
    book.worksheets[0]["C2"], book.worksheets[0]["D2"] = "模拟水泥二", "窑尾"
    book.worksheets[0]["F3"], book.worksheets[0]["H3"] = 7, 8
    book.worksheets[0]["E3"] = "2026-11-01 03:00"
    mended = tmp_path / "改好.xlsx"
    book.save(mended)
    again = import_table(data, mended, OUTLETS, by="王一", now=NOW + timedelta(hours=1), progress=silent)
    assert (again.new, again.refused, again.findings) == (4, 0, ())


def test_a_file_without_a_platform_s_heading_is_refused_and_says_what_is_needed(data: Path) -> None:
    with pytest.raises(Refusal, match="排放口"):
        take(data, "城市\t日期\tPM2.5\n鸡西\t2026-11-01\t35\n")
    with pytest.raises(Refusal, match="没有对照文件“nowhere”"):
        preview(data, TABLE, OUTLETS, now=NOW, layout="nowhere")


def test_a_mapping_file_of_the_user_wins_by_its_id(data: Path) -> None:
    folder = data / "layouts" / "stack"
    folder.mkdir(parents=True)
    built_in = Path(__file__).parents[2] / "src/lantian/store/stack/layouts/platform.yaml"
    folder.joinpath("mine.yaml").write_text(
        built_in.read_text("utf-8").replace("颗粒物, 烟尘,", "颗粒物, 尘尘,"), "utf-8"
    )
    table = TABLE.replace("颗粒物浓度", "尘尘浓度")
    assert "尘尘浓度" not in preview(data, table, OUTLETS, now=NOW).ignored
    folder.joinpath("mine.yaml").unlink()
    assert preview(data, table, OUTLETS, now=NOW).ignored == ("尘尘浓度",)


def test_every_sheet_of_a_workbook_is_taken_or_told(data: Path, tmp_path: Path) -> None:
    heading = ["企业名称", "排放口名称", "监测时间", "SO2实测(mg/m3)"]
    book = Workbook()
    book.active.append(heading)
    book.active.append([OUTLETS[0].company, OUTLETS[0].name, datetime(2026, 11, 1, 1), 1.1])
    second = book.create_sheet("续表")
    second.append(heading)
    second.append([OUTLETS[0].company, OUTLETS[0].name, datetime(2026, 11, 1, 1), 9.9])
    second.append([OUTLETS[0].company, OUTLETS[0].name, datetime(2026, 11, 1, 2), 1.2])
    strange = book.create_sheet("别的表")
    strange.append(["出口", "取数时刻", "数值"])
    strange.append(["甲", datetime(2026, 11, 1, 1), 1])
    book.create_sheet("说明").append(["本表由平台导出"])
    file = tmp_path / "三张表.xlsx"
    book.save(file)
    result = import_table(data, file, OUTLETS, by="王一", now=NOW, progress=silent)
    assert [(one.code, one.place.sheet) for one in result.findings] == [
        ("STACK-ROW-DIFFERS", "续表"),
        ("STACK-SHEET-UNKNOWN", "别的表"),
    ]
    assert (result.new, result.refused, result.periods) == (2, 3, ("hour",))
    assert [(one[2].hour, one[4]) for one in standing(data)] == [(1, "1.1"), (2, "1.2")]
