"""The register of stations as a table: what is taken, what is kept aside and why, the template and the table back."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from lantian.basis.finding import Refusal
from lantian.store.air import AirReader
from lantian.store.stations import Station, StationReader
from lantian.work.station_places import places
from lantian.work.station_register import import_stations, keep_stations
from lantian.work.station_table import returned, template

HEAD = "站点编码\t站点名称\t城市\t县区\t区划代码\t类型\t经度\t纬度\t启用日期\t停用日期\n"
GOOD = "2240A\t环保局\t鸡西市\t鸡冠区\t230302\t国控\t130.9620\t45.2924\t2013-01-01\t\n"


def row(**cells: str) -> str:
    """The good row with some cells changed."""
    names = ("code", "name", "city", "county", "region", "role", "lon", "lat", "first", "last")
    have = dict(zip(names, GOOD.rstrip("\n").split("\t"), strict=True))
    return "\t".join({**have, **cells}.values()) + "\n"


def test_a_row_as_it_is_registered(data: Path, now: datetime) -> None:
    report = import_stations(data, HEAD + GOOD, now=now, user="a")
    assert (report.rows_read, report.new, report.aside) == (1, 1, [])
    assert StationReader(data).stations() == [
        Station("2240A", "环保局", "鸡西", "鸡冠区", "230302", "national", 130.962, 45.2924, date(2013, 1, 1))
    ]
    assert StationReader(data).stations(date(2012, 12, 31)) == []
    again = import_stations(data, HEAD + GOOD, now=now, user="a")
    assert (again.new, again.changed, again.same) == (0, 0, 1)
    assert len(AirReader(data).imports()) == 1


@pytest.mark.parametrize(
    ("cells", "code", "column", "words"),
    [
        ({"code": ""}, "STATION-EMPTY", "站点编码", "空的"),
        ({"city": ""}, "STATION-EMPTY", "城市", "空的"),
        ({"role": "市控"}, "STATION-ROLE", "类型", "不认识"),
        ({"role": ""}, "STATION-ROLE", "类型", "没有类型"),
        ({"region": "2303"}, "STATION-REGION", "区划代码", "六位"),
        ({"lon": "45.2924", "lat": "130.9620"}, "STATION-SWAPPED", "经度", "写反"),
        ({"lon": "2.35", "lat": "48.85"}, "STATION-ABROAD", "经度", "不在我国"),
        ({"lon": "0", "lat": "0"}, "STATION-ABROAD", "经度", "不在我国"),
        ({"lat": ""}, "STATION-COORDINATES", "纬度", "缺纬度"),
        ({"lon": "130°57′"}, "STATION-DEGREES", "经度", "十进制度"),
        ({"last": "2012-01-01"}, "STATION-DATES", "停用日期", "早于"),
    ],
)
def test_a_bad_row_is_kept_aside_with_its_reason(
    data: Path, now: datetime, cells: dict[str, str], code: str, column: str, words: str
) -> None:
    report = import_stations(data, HEAD + row(**cells) + row(code="2241A"), now=now, user="a")
    ((finding),) = (one.finding for one in report.aside)
    assert (finding.code, finding.place.row, finding.place.column) == (code, 2, column)
    assert words in finding.text.zh
    assert [one.code for one in StationReader(data).stations()] == ["2241A"]
    sheet = load_workbook(io.BytesIO(returned(report.aside))).worksheets[0]
    assert [cell.value for cell in sheet[1]][:2] == ["问题", "站点编码"]
    assert words in str(sheet.cell(2, 1).value)


def test_overlapping_spans_are_told_and_a_closed_one_is_followed(data: Path, now: datetime) -> None:
    overlapping = import_stations(data, HEAD + GOOD + row(first="2020-01-01", name="新址"), now=now, user="a")
    assert [one.finding.code for one in overlapping.aside] == ["STATION-OVERLAP"] * 2
    import_stations(data, HEAD + GOOD, now=now, user="a")
    stored = import_stations(data, HEAD + row(first="2020-01-01", name="新址"), now=now, user="a")
    assert [one.finding.code for one in stored.aside] == ["STATION-OVERLAP"]
    both = HEAD + row(last="2019-12-31") + row(first="2020-01-01", name="新址")
    report = import_stations(data, both, now=now, user="a")
    assert (report.new, report.changed, report.aside) == (1, 1, [])
    reader = StationReader(data)
    assert [one.name for one in reader.stations(date(2019, 12, 31))] == ["环保局"]
    assert [one.name for one in reader.stations(date(2020, 1, 1))] == ["新址"]
    assert len(reader.revisions("2240A")) == 3


def test_a_person_s_row_that_overlaps_is_refused(data: Path, now: datetime) -> None:
    one = Station("A1", "甲", "甲城", None, None, "national", None, None, date(2013, 1, 1))
    keep_stations(data, [one], now=now, user="a")
    later = Station("A1", "甲", "甲城", None, None, "national", None, None, date(2014, 1, 1))
    with pytest.raises(Refusal, match="重叠"):
        keep_stations(data, [later], now=now, user="a")
    assert StationReader(data).stations() == [one]


def test_the_template_comes_back_as_it_went_out(data: Path, now: datetime, tmp_path: Path) -> None:
    import_stations(data, HEAD + GOOD + row(code="2241A", role="小微站", lon="", lat="", county=""), now=now, user="a")
    before = StationReader(data).stations()
    file = tmp_path / "stations.xlsx"
    file.write_bytes(template(before))
    report = import_stations(data, file, now=now, user="a")
    assert (report.same, report.new, report.changed, report.aside) == (2, 0, 0, [])
    assert StationReader(data).stations() == before


def test_a_table_that_is_no_register_is_refused(data: Path, now: datetime) -> None:
    with pytest.raises(Refusal, match="--template"):
        import_stations(data, "a\tb\n1\t2\n", now=now, user="a")


def test_who_counts_for_a_city_and_a_county() -> None:
    def one(code: str, city: str, county: str | None, role: str) -> Station:
        return Station(code, code, city, county, None, role, None, None, date(2013, 1, 1))

    found = places(
        [
            one("1", "鹤岗", "南山区", "national"),
            one("2", "鹤岗", "南山区", "provincial"),
            one("3", "鹤岗", "萝北县", "county"),
            one("4", "鹤岗", "绥滨县", "reference"),
            one("5", "伊春", "南山区", "micro"),
            one("6", "大庆", "南山区", "county"),
        ]
    )
    members = {name: [member.station for member in place.members] for name, place in found.items()}
    # 南山区 is two counties here, so each bears its city's name; a reference or micro station makes no county
    assert members == {"鹤岗": ["1"], "鹤岗南山区": ["1", "2"], "萝北县": ["3"], "大庆南山区": ["6"]}
