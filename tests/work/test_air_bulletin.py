"""The monthly bulletin: figures by hand and as published, months that are none, a change of edition inside the year."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest

from lantian.air.excluded import Exclusion
from lantian.basis.finding import Refusal
from lantian.basis.period import Days
from lantian.render.bulletin import Bulletin, Table, bulletin_lines, bulletin_text
from lantian.store.air import AirReader
from lantian.work.air_bulletin import Places, bulletin
from lantian.work.air_bulletin_figures import city_period
from lantian.work.air_drawings import drawing
from lantian.work.air_import import import_city_days
from lantian.work.air_standings import Candidate

HEAD = "日期,城市,SO2,NO2,CO,O3_8h,PM10,PM2.5"
CITIES = (Candidate("鸡西", "鸡西市"), Candidate("鹤岗", "鹤岗市"))
PLACES = Places("鸡西", (Candidate("鸡东县", "鸡东县"), Candidate("滴道区", "滴道区", own_station=False)), CITIES)
Value = Callable[[date], str]


@pytest.fixture
def given(data: Path, tmp_path: Path, now: datetime) -> Callable[..., AirReader]:
    """A function: a reader of days written by ``(city, first, last, row of a day)``."""

    def made(*parts: tuple[str, date, date, Value], at: datetime = now) -> AirReader:
        lines = [f"{day},{city},{row(day)}" for city, first, last, row in parts for day in Days(first, last)]
        file = tmp_path / "days.csv"
        file.write_text("\n".join([HEAD, *lines]) + "\n", "utf-8")
        report = import_city_days(data, file, now=at, user="")
        assert not report.quarantined
        return AirReader(data)

    return made


def row(pm25: float | str, pm10: int = 60) -> str:
    return f"8,20,0.5,80,{pm10},{pm25}"


def table(found: Bulletin, title: str) -> Table:
    return next(one for one in found.tables if title in one.title)


def cells(found: Table, name: str) -> Sequence[str | None]:
    return next(one for one in found.rows if one[0] == name)


def test_figures_of_month_and_year_so_far_stand_beside_last_years(given: Callable[..., AirReader]) -> None:
    # July: 20, but for 100 on two days; the six months before 30. Last year 40 all along.
    def this(day: date) -> str:
        if day.month < 7:
            return row(30)
        return row(100 if day.day <= 2 else 20, 160 if day.day <= 2 else 60)

    reader = given(
        ("鸡西", date(2024, 1, 1), date(2024, 7, 31), lambda day: row(40)),
        ("鸡西", date(2025, 1, 1), date(2025, 7, 31), this),
    )
    said = bulletin(reader, PLACES, date(2025, 7, 1), date(2025, 8, 10)).bulletin
    assert (said.title, said.month, said.complete, said.simulated) == (
        "鸡西市环境空气质量月报",
        "2025年7月",
        True,
        False,
    )
    main = table(said, "主要指标")
    # (2·100 + 29·20)/31 = 25.2; (181·30 + 780)/212 = 29.3; 25 against 40 is −37.5 %, 29 against 40 −27.5 %
    assert cells(main, "PM2.5")[1:] == ("µg/m³", "25", "40", "下降 37.5%", "29", "40", "下降 27.5%")
    assert cells(main, "SO2")[4] == "持平"
    assert cells(main, "优良天数")[2:5] == ("29", "31", "减少 2 天")
    assert cells(main, "优良天数比率")[2:5] == ("93.5", "100.0", "下降 6.5 个百分点")
    assert cells(main, "重度及以上污染天数")[2] == "0"
    # 8/60 + 20/40 + 66.45…/70 + 25.16…/35 + 0.5/4 + 80/160 = 2.926…
    assert cells(main, "综合指数")[2] == "2.93"
    items = table(said, "超标和首要污染物")
    assert cells(items, "PM2.5") == ("PM2.5", "31", "2", "7月1日 0.33 倍", "2", "2", "2")
    assert cells(items, "PM10")[2:4] == ("2", "7月1日 0.07 倍")
    assert "PM2.5 25 µg/m³（去年同期 40 µg/m³，下降 37.5%）" not in bulletin_text(said)
    assert "PM2.5 25 µg/m³（去年同期 40，下降 37.5%）" in bulletin_text(said)


def test_counties_and_cities_are_ranked_and_those_apart_are_told_why(given: Callable[..., AirReader]) -> None:
    july = (date(2025, 7, 1), date(2025, 7, 31))
    reader = given(("鸡西", *july, lambda day: row(30)), ("鹤岗", *july, lambda day: row(20)))
    said = bulletin(reader, PLACES, date(2025, 7, 1), date(2025, 8, 1)).bulletin
    ranking = table(said, "全省各市")
    assert [one[:2] for one in ranking.rows] == [("鹤岗市", "1"), ("鸡西市", "2")]
    text = bulletin_text(said)
    assert "在参加排名的 2 个城市中由好到差列第 2" in text
    assert "滴道区：无本地站点，不参加排名" in text
    assert re.search("鸡东县：[^；。]*没有数据", text)
    assert "去年同月、去年同期有效天数不足，不作比较" in " ".join(bulletin_lines(said))
    assert cells(table(said, "主要指标"), "PM2.5")[3] is None


def test_a_month_that_is_not_over_is_provisional(given: Callable[..., AirReader]) -> None:
    reader = given(("鸡西", date(2025, 7, 1), date(2025, 7, 12), lambda day: row(30)))
    said = bulletin(reader, PLACES, date(2025, 7, 1), date(2025, 7, 12)).bulletin
    assert (said.month, said.complete, said.days.last) == ("2025年7月（截至12日）", False, date(2025, 7, 12))
    assert any("本月未结束，数据截至 2025-07-12，暂定" in note for note in said.notes)
    assert "共 12 天" in bulletin_text(said)


def test_too_few_days_are_said(given: Callable[..., AirReader]) -> None:
    reader = given(("鸡西", date(2025, 7, 1), date(2025, 7, 20), lambda day: row(30)))
    text = bulletin_text(bulletin(reader, PLACES, date(2025, 7, 1), date(2025, 8, 1)).bulletin)
    assert "PM2.5（20 天）" in text
    assert "有效天数不满足 GB 3095" in text


@pytest.mark.parametrize(
    ("first", "as_of", "words"),
    [
        (date(2025, 8, 1), date(2025, 9, 1), "没有实况的日均值"),
        (date(2025, 9, 1), date(2025, 8, 1), "还没有开始"),
        (date(2012, 9, 1), date(2025, 8, 1), "太早"),
    ],
)
def test_months_that_have_no_bulletin(given: Callable[..., AirReader], first: date, as_of: date, words: str) -> None:
    reader = given(("鸡西", date(2025, 7, 1), date(2025, 7, 20), lambda day: row(30)))
    with pytest.raises(Refusal, match=words):
        bulletin(reader, PLACES, first, as_of)


def test_a_change_of_edition_inside_the_year_is_judged_day_by_day(given: Callable[..., AirReader]) -> None:
    # PM2.5 70: below the limit of 75 to the end of February 2026, above that of 60 from March on
    after = datetime.fromisoformat("2026-04-05T00:00:00+00:00")
    reader = given(
        ("鸡西", date(2025, 1, 1), date(2025, 3, 31), lambda day: row(70, 100)),
        ("鸡西", date(2026, 1, 1), date(2026, 3, 31), lambda day: row(70, 100)),
        at=after,
    )
    found = city_period("鸡西", Days(date(2026, 1, 1), date(2026, 3, 31)), reader.table)
    assert found.editions == ("HJ 633-2012", "HJ 633-2026")
    pm25 = next(one for one in found.items if one.item == "pm25")
    assert (pm25.valid, pm25.exceeded) == (90, 31)
    good = found.of("good_days")
    assert (good.value, good.last, good.change) == ("59", "59", "持平")  # last year under this year's editions
    said = bulletin(reader, PLACES, date(2026, 3, 1), date(2026, 4, 4)).bulletin
    assert any("年初以来跨标准版本" in note for note in said.notes)
    assert any("HJ 633-2012、HJ 633-2026" in note for note in said.notes)
    assert "限值：GB 3095-2012、GB 3095-2026 二级" in table(said, "超标和首要污染物").note
    february = bulletin(reader, PLACES, date(2026, 2, 1), date(2026, 4, 4)).bulletin
    assert not any("年初以来跨标准版本" in note for note in february.notes)


def test_days_taken_out_stand_with_and_without(given: Callable[..., AirReader]) -> None:
    reader = given(
        ("鸡西", date(2025, 4, 1), date(2025, 4, 30), lambda day: row(30, 400 if day.day <= 3 else 50)),
    )
    dust = Exclusion(
        "鸡西",
        Days(date(2025, 4, 1), date(2025, 4, 3)),
        ("pm10", "pm25"),
        "dust",
        "总站",
        "总站〔2025〕1号",
        date(2025, 5, 1),
    )
    said = bulletin(reader, PLACES, date(2025, 4, 1), date(2025, 5, 2), exclusions=(dust,)).bulletin
    beside = table(said, "本月扣除前后")
    assert cells(beside, "PM10") == ("PM10", "µg/m³", "85", "50")  # (3·400 + 27·50)/30 = 85
    assert "总站〔2025〕1号" in beside.note
    assert "PM10 3 天" in beside.note
    assert cells(table(said, "主要指标"), "PM10")[2] == "50"
    assert cells(table(said, "主要指标"), "优良天数")[2] == "27"  # as measured


def test_reviewed_values_are_a_bulletin_of_their_own(given: Callable[..., AirReader], now: datetime) -> None:
    reader = given(("鸡西", date(2025, 7, 1), date(2025, 7, 31), lambda day: row(30)))
    file = reader.data / "reviewed.csv"
    lines = [f"{day},鸡西,{row(28)}" for day in Days(date(2025, 7, 1), date(2025, 7, 31))]
    file.write_text("\n".join([HEAD, *lines]), "utf-8")
    import_city_days(reader.data, file, now=now, user="", values="reviewed")
    for values, pm25, words in (
        ("realtime", "30", "数据为实况，未经审核，暂定。"),
        ("reviewed", "28", "数据为审核后数据。"),
    ):
        said = bulletin(reader, PLACES, date(2025, 7, 1), date(2025, 8, 1), values=values).bulletin
        assert cells(table(said, "主要指标"), "PM2.5")[2] == pm25
        assert said.notes[0] == words


def test_an_item_missing_throughout_leaves_days_uncounted(given: Callable[..., AirReader]) -> None:
    reader = given(("鸡西", date(2025, 7, 1), date(2025, 7, 31), lambda day: "8,20,0.5,,60,30"))
    said = bulletin(reader, PLACES, date(2025, 7, 1), date(2025, 8, 1)).bulletin
    main = table(said, "主要指标")
    assert cells(main, "优良天数")[2] is None
    assert cells(main, "综合指数")[2] is None
    assert "优良" not in said.parts[0].paragraphs[0]


def test_jixi_in_july_2015_as_published(shared: Path, data: Path, now: datetime) -> None:
    file = shared / "data/ambient/heilongjiang_city_daily_2015_aqistudy.csv"
    import_city_days(data, file, now=now, user="")
    reader = AirReader(data)
    cities = tuple(Candidate(name, name) for name in reader.cities())
    made = bulletin(reader, Places("鸡西", (), cities), date(2015, 7, 1), date(2015, 12, 31))
    main = table(made.bulletin, "主要指标")
    published = {"PM2.5": 21, "PM10": 44, "SO2": 8, "NO2": 16}  # tolerance of the data's own README
    for name, value in published.items():
        assert abs(int(cells(main, name)[2] or 0) - value) <= 2, name
    assert cells(main, "PM2.5")[2] == "21"
    assert len(table(made.bulletin, "全省各市").rows) == 13
    assert {"calendar", "shares", "months", "course", "province"} <= set(made.drawings)
    days = made.drawings["calendar"].chart["datasets"]["days"]
    assert len(days) == 212
    assert "有效 212 天" in made.drawings["calendar"].alt


def test_drawings_are_asked_for_by_name(given: Callable[..., AirReader]) -> None:
    reader = given(("鸡西", date(2025, 7, 1), date(2025, 7, 31), lambda day: row(30)))
    until = date(2025, 7, 31)
    for kind in ("calendar", "shares", "months", "course"):
        found = drawing(kind, reader.data, until, {"place": "鸡西", "year": "2025"})
        assert found is not None
        assert "鸡西市" in found.caption
        assert found.alt.endswith("。")
        assert drawing(kind, reader.data, until, {"place": "鹤岗", "year": "2025"}) is None
    course = drawing("course", reader.data, until, {"place": "鸡西", "year": "2025", "by": "month"})
    assert course is not None
    assert course.chart["datasets"]["limits"][0]["label"].startswith("35 µg/m³")
    wind = {"place": "鸡西", "first": "2025-07-01", "last": "2025-07-31"}
    assert drawing("rose", reader.data, until, wind) is None


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [("pie", {"place": "鸡西", "year": "2025"}), ("calendar", {"place": "鸡西"}), ("course", {"place": "鸡西", "year": "x"}),
     ("course", {"place": "鸡西", "year": "2025", "item": "lead"}), ("rose", {"place": "鸡西", "first": "2025-02-30", "last": "x"})],
)  # fmt: skip
def test_what_is_no_chart_is_refused(data: Path, kind: str, arguments: dict[str, str]) -> None:
    with pytest.raises(Refusal, match="画不出"):
        drawing(kind, data, date(2025, 7, 31), arguments)
