"""Station hours into city and county days: any order, split or repetition gives what one import and the evaluation give."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lantian.air.city_rounding import held_days, points_name
from lantian.air.day import printed
from lantian.air.item import ITEMS
from lantian.basis.exact import rounded
from lantian.basis.finding import Refusal
from lantian.basis.period import Days
from lantian.store.air import AirReader
from lantian.store.hours import HourReader
from lantian.store.station_days import MonthReader
from lantian.store.stations import Station, StationReader
from lantian.work.air_evaluate import evaluated_hours
from lantian.work.air_import import import_city_days, silent
from lantian.work.air_intake import import_air
from lantian.work.lake_upkeep import tidy_lake
from lantian.work.simulate import simulate_city
from lantian.work.station_import import import_station_hours
from lantian.work.station_register import import_stations, keep_stations, take_out_stations

NOW_2026 = datetime.fromisoformat("2026-03-10T00:00:00+00:00")
SPAN = Days(date(2026, 2, 28), date(2026, 3, 1))  # the last day of one edition of HJ 633 and the first of the next
CODES = ("1001A", "1002A", "1003A", "1004A")
HEAD = "time,station,city,so2,no2,co,o3,pm10,pm25\n"


def station(
    code: str,
    *,
    role: str = "national",
    county: str | None = "东区",
    since: date = date(2013, 1, 1),
    until: date | None = None,
) -> Station:
    return Station(code, f"站{code}", "甲城", county, "230303", role, 131.0, 45.3, since, until)


def registered(data: Path, now: datetime = NOW_2026, *stations: Station) -> Path:
    keep_stations(data, stations or tuple(station(code) for code in CODES), now=now, user="a")
    return data


def lines(seed: int, first: date = SPAN.first, days: int = 2) -> list[str]:
    """Rows of four stations with gaps, made of a seed."""
    random = Random(seed)
    start = datetime(first.year, first.month, first.day)
    found = []
    for code in CODES:
        share = random.choice([0.02, 0.1, 0.25])
        for hour in range(1, 24 * days + 1):
            at = start + timedelta(hours=hour)
            cells = [
                "" if random.random() < share else text
                for text in (
                    str(random.randint(2, 60)),
                    str(random.randint(2, 90)),
                    f"{random.randint(2, 30) / 10}",
                    str(random.randint(10, 260)),
                    str(random.randint(60, 220)),
                    str(random.randint(5, 60)),
                )
            ]
            found.append(f"{at:%Y-%m-%d %H:%M},{code},甲城,{','.join(cells)}\n")
    return found


def days_of(data: Path, *, values: str = "realtime") -> list[tuple[object, ...]]:
    reader = AirReader(data)
    return [
        (one.city, one.date, one.values, one.printed, one.aqi, one.primary, one.edition, one.region)
        for city in reader.cities(values)
        for one in reader.days(city, SPAN, values=values)
    ]


@settings(
    max_examples=6, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 10**6), cut=st.integers(1, 190), late=st.sets(st.integers(0, 191), max_size=3))
def test_any_way_in_gives_the_days_of_one_import_and_of_the_evaluation(
    tmp_path_factory: pytest.TempPathFactory, seed: int, cut: int, late: set[int]
) -> None:
    folder = tmp_path_factory.mktemp("ways")
    rows = lines(seed)
    whole = folder / "whole.csv"
    whole.write_text(HEAD + "".join(rows), "utf-8")
    once, parts = registered(folder / "once"), registered(folder / "parts")
    import_station_hours(once, whole, now=NOW_2026, user="a")

    shuffled = rows[:]
    Random(seed).shuffle(shuffled)
    kept_back = [shuffled[at] for at in late]
    early = [row for at, row in enumerate(shuffled) if at not in late]
    for at, piece in enumerate((early[:cut], early[cut:], early[: cut // 2], kept_back)):
        if piece:
            import_station_hours(parts, HEAD + "".join(piece), now=NOW_2026 + timedelta(hours=at), user="a")
        if at == 1:
            tidy_lake(parts, now=NOW_2026 + timedelta(hours=at))
    assert days_of(parts) == days_of(once)
    asked = pl.col("station", "time", "so2", "no2", "co", "o3", "pm10", "pm25")
    assert HourReader(parts).hours(SPAN).select(asked).sort("station", "time").equals(
        HourReader(once).hours(SPAN).select(asked).sort("station", "time")
    )  # fmt: skip

    evaluated = evaluated_hours([whole], silent).days
    printed_days = {
        str(row["date"]): row for row in evaluated.iter_rows(named=True) if any(row[item] is not None for item in ITEMS)
    }
    mine = {str(one.date): one for one in AirReader(once).days("甲城", SPAN)}
    assert mine.keys() == printed_days.keys()
    for day, one in mine.items():
        row = printed_days[day]
        assert [one.printed[item] for item in ITEMS] == [
            None if row[item] is None else str(row[item]) for item in ITEMS
        ]
        assert str(one.aqi) == str(row["aqi"])


def test_the_same_again_changes_nothing(data: Path) -> None:
    registered(data)
    text = HEAD + "".join(lines(1))
    first = import_station_hours(data, text, now=NOW_2026, user="a")
    version, before = AirReader(data).version(), days_of(data)
    again = import_station_hours(data, text, now=NOW_2026 + timedelta(days=1), user="a")
    assert (again.repeated, again.import_id, again.rows_new, again.rows_changed) == (True, first.import_id, 0, 0)
    assert (again.rows_same, again.days_recomputed) == (first.rows_read, 0)
    assert days_of(data) == before
    assert [one.kind for one in AirReader(data).imports()] == ["station_hours", "stations"]
    assert version <= AirReader(data).version()


def test_a_city_and_its_county_by_hand(data: Path) -> None:
    """Four stations with 10, 11, 12 and 13.25 at every hour: 11.5625, kept exact; printed 12."""
    registered(data, NOW_2026, *(station(code, county="东区" if code < "1003A" else "西区") for code in CODES))
    values = dict(zip(CODES, ("10", "11", "12", "13.25"), strict=True))
    rows = [
        f"2026-01-05 {hour:02d}:00,{code},甲城,5,6,0.4,50,40,{value}\n"
        for code, value in values.items()
        for hour in range(1, 24)
    ]
    report = import_station_hours(data, HEAD + "".join(rows), now=NOW_2026, user="a")
    assert (report.rows_new, report.days_recomputed) == (92, 3)
    reader, day = AirReader(data), Days(date(2026, 1, 5), date(2026, 1, 5))
    assert reader.cities() == ["东区", "甲城", "西区"]
    pm25 = {city: reader.days(city, day)[0].values["pm25"] for city in reader.cities()}
    assert pm25 == {"甲城": 115625, "东区": 105000, "西区": 126250}
    (city,) = reader.days("甲城", day)
    (county,) = reader.days("东区", day)
    assert (city.printed["pm25"], county.printed["pm25"], city.source) == ("12", "10", "hours")  # 10.5 to the even 10
    assert (city.region, county.region) == ("230300", "230303")


def test_a_late_hour_recomputes_its_days_only_and_old_states_stay(data: Path) -> None:
    registered(data)
    rows = lines(3)
    import_station_hours(data, HEAD + "".join(rows), now=NOW_2026, user="a")
    before = days_of(data)
    later = NOW_2026 + timedelta(hours=1)
    late = "2026-03-01 05:00,1001A,甲城,7,7,0.7,77,177,7\n"
    report = import_station_hours(data, HEAD + late, now=later, user="b")
    assert (report.rows_changed, report.rows_new, report.days_recomputed) == (1, 0, 2)  # the city and its county
    assert [one for one in days_of(data) if one[1] == SPAN.first] == [one for one in before if one[1] == SPAN.first]
    reader, at = HourReader(data), datetime(2026, 3, 1, 5)
    asked = (pl.col("station") == "1001A") & (pl.col("time") == at)
    assert reader.hours(SPAN).filter(asked)["pm25"].to_list() == [70000]
    assert reader.as_known_at(NOW_2026, SPAN).filter(asked)["pm25"].to_list() != [70000]
    found = AirReader(data).revisions("甲城", SPAN.last, source="hours")
    assert [instant for instant, _ in found] in ([NOW_2026, later], [NOW_2026])


def test_a_day_that_can_no_longer_be_computed_goes_but_is_kept_as_replaced(data: Path) -> None:
    registered(data, NOW_2026, station("1001A"))
    rows = [f"2026-01-05 {hour:02d}:00,1001A,甲城,5,6,0.4,,40,20\n" for hour in range(1, 21)]
    import_station_hours(data, HEAD + "".join(rows), now=NOW_2026, user="a")
    assert AirReader(data).latest("甲城") == date(2026, 1, 5)
    gone = HEAD + "2026-01-05 01:00,1001A,甲城,,,,,,\n"
    import_station_hours(data, gone, now=NOW_2026 + timedelta(hours=1), user="a")
    assert AirReader(data).latest("甲城") is None
    assert len(AirReader(data).revisions("甲城", date(2026, 1, 5), source="hours")) == 1


def test_realtime_and_reviewed_stand_side_by_side(data: Path) -> None:
    registered(data)
    text = HEAD + "".join(lines(4))
    import_station_hours(data, text, now=NOW_2026, user="a")
    realtime = days_of(data)
    other = HEAD + "".join(lines(5))
    report = import_station_hours(data, other, now=NOW_2026, user="a", values="reviewed")
    assert report.values == "reviewed"
    assert days_of(data) == realtime
    reviewed = days_of(data, values="reviewed")
    assert reviewed
    assert reviewed != realtime
    assert HourReader(data).last_hour("reviewed") == HourReader(data).last_hour()
    assert AirReader(data).imports()[0].kind == "station_hours/reviewed"
    days = "日期\t城市\tSO2\tNO2\tCO\tO3-8h\tPM10\tPM2.5\n2026-02-28\t甲城\t1\t2\t0.5\t60\t70\t30\n"
    import_city_days(data, days, now=NOW_2026, user="a", values="reviewed")
    assert AirReader(data).days("甲城", SPAN, values="reviewed")[0].printed["pm25"] == "30"
    assert days_of(data) == realtime


def test_an_imported_city_day_goes_before_the_computed_one_and_the_difference_is_told(data: Path) -> None:
    registered(data)
    import_station_hours(data, HEAD + "".join(lines(6)), now=NOW_2026, user="a")
    computed = AirReader(data).days("甲城", SPAN)
    head = "日期\t城市\tSO2\tNO2\tCO\tO3-8h\tPM10\tPM2.5\n"
    report = import_city_days(data, head + "2026-02-28\t甲城\t1\t2\t0.5\t60\t70\t199\n", now=NOW_2026, user="a")
    assert [note.code for note in report.notes] == ["AIR-DAY-DIFFERS"]
    reader = AirReader(data)
    shown = {one.date: one for one in reader.days("甲城", SPAN)}
    assert (shown[SPAN.first].source, shown[SPAN.first].printed["pm25"]) == ("table", "199")
    assert reader.of_source("甲城", SPAN, "hours") == computed
    assert reader.table("甲城", SPAN).height == len(shown)


def test_real_hours_remove_the_simulated_days_of_their_city(data: Path) -> None:
    simulate_city(data, "甲城", "230300", seed=1, first=SPAN.first, last=SPAN.last, now=NOW_2026)
    registered(data)
    assert AirReader(data).simulated("甲城")
    report = import_station_hours(data, HEAD + "".join(lines(7)), now=NOW_2026, user="a")
    assert report.simulated_removed == len(list(SPAN))
    assert not AirReader(data).simulated("甲城")
    assert {one.source for one in AirReader(data).days("甲城", SPAN)} == {"hours"}


def test_unregistered_stations_are_kept_told_and_counted_once_registered(data: Path) -> None:
    text = HEAD + "".join(lines(8))
    report = import_station_hours(data, text, now=NOW_2026, user="a")
    assert [note.code for note in report.notes if "STATION" in note.code] == ["AIR-STATION-UNREGISTERED"]
    assert StationReader(data).unregistered() == list(CODES)
    assert AirReader(data).cities() == []
    done = keep_stations(data, [station(code) for code in CODES], now=NOW_2026, user="a")
    assert (done.places, done.days_recomputed) == (("东区", "甲城"), 4)
    registered(other := data.parent / "other")
    import_station_hours(other, text, now=NOW_2026, user="a")
    assert days_of(data) == days_of(other)
    assert StationReader(data).unregistered() == []


def test_a_change_of_the_register_recomputes_what_it_touches(data: Path) -> None:
    """With one of four stations a reference station, three are the city's; taking all out leaves no day."""
    registered(data)
    import_station_hours(data, HEAD + "".join(lines(9)), now=NOW_2026, user="a")
    report = keep_stations(data, [station("1004A", role="reference")], now=NOW_2026 + timedelta(hours=1), user="a")
    assert report.changed == 1
    registered(other := data.parent / "other", NOW_2026, *(station(code) for code in CODES[:3]))
    import_station_hours(other, HEAD + "".join(lines(9)), now=NOW_2026, user="a")
    assert days_of(data) == days_of(other)
    take_out_stations(data, StationReader(data).stations(), now=NOW_2026 + timedelta(hours=2), user="a")
    assert AirReader(data).cities() == []
    assert [one.role for _, one in StationReader(data).revisions("1004A")] == ["national", "reference"]


def test_stations_count_from_and_until_their_dates(data: Path) -> None:
    """On 28 February the first two count, on 1 March the other two; 75 % is judged by those of the day."""
    first, last = CODES[:2], CODES[2:]
    registered(data, NOW_2026,
        *(station(code, until=SPAN.first) for code in first), *(station(code, since=SPAN.last) for code in last))  # fmt: skip
    rows = [
        f"{datetime(2026, 2, 28) + timedelta(hours=hour):%Y-%m-%d %H:%M},{code},甲城,5,6,0.4,50,40,{10 * (at + 1)}\n"
        for at, code in enumerate(CODES)
        for hour in range(1, 49)
    ]
    import_station_hours(data, HEAD + "".join(rows), now=NOW_2026, user="a")
    assert [one.values["pm25"] for one in AirReader(data).days("甲城", SPAN)] == [150000, 350000]


def test_columns_a_table_does_not_have_keep_what_is_stored(data: Path) -> None:
    registered(data)
    import_station_hours(data, HEAD + "2026-01-05 01:00,1001A,甲城,1,2,0.3,4,5,6\n", now=NOW_2026, user="a")
    import_station_hours(data, "time,station,city,so2\n2026-01-05 01:00,1001A,甲城,9\n", now=NOW_2026, user="a")
    (row,) = HourReader(data).hours(Days(date(2026, 1, 5), date(2026, 1, 5))).iter_rows(named=True)
    assert (row["so2"], row["no2"], row["pm25"]) == (90000, 20000, 60000)


def test_files_that_contradict_each_other_are_kept_aside_the_rest_is_imported(data: Path, tmp_path: Path) -> None:
    registered(data)
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text(HEAD + "2026-01-05 01:00,1001A,甲城,1,2,0.3,4,5,6\n2026-01-05 02:00,1001A,甲城,1,2,0.3,4,5,6\n")
    two.write_text(HEAD + "2026-01-05 01:00,1001A,甲城,1,2,0.3,4,5,7\n2026-01-05 02:00,1001A,甲城,1,2,0.3,4,5,6\n")
    report = import_station_hours(data, [one, two], now=NOW_2026, user="a")
    assert [(found.place.file, found.place.row) for found in report.quarantined] == [("one.csv", 2), ("two.csv", 2)]
    assert (report.rows_new, report.rows_read) == (1, 4)
    assert AirReader(data).quarantine(report.import_id) == report.quarantined
    assert HourReader(data).hours(Days(date(2026, 1, 5), date(2026, 1, 5)))["time"].to_list() == [
        datetime(2026, 1, 5, 2)
    ]


def test_bad_rows_are_kept_aside_with_their_place(data: Path) -> None:
    registered(data)
    text = HEAD + "2026-01-05 01:00,1001A,甲城,1,2,0.3,4,5,-6\n2026-01-05 02:30,1001A,甲城,1,2,0.3,4,5,6\n"
    text += "2026-01-05 03:00,1001A,甲城,1,2,0.3,4,5,6\n2027-01-05 03:00,1001A,甲城,1,2,0.3,4,5,6\n"
    report = import_station_hours(data, text, now=NOW_2026, user="a")
    assert sorted(one.place.row or 0 for one in report.quarantined) == [2, 3, 5]
    assert report.rows_new == 2  # of the row with a negative value the other values count
    assert HourReader(data).hours(Days(date(2026, 1, 5), date(2026, 1, 5)))["pm25"].to_list() == [None, 60000]


def test_a_failure_while_computing_leaves_nothing(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registered(data)
    monkeypatch.setattr(
        "lantian.work.station_import.recompute", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("x"))
    )
    with pytest.raises(RuntimeError):
        import_station_hours(data, HEAD + "".join(lines(1)), now=NOW_2026, user="a")
    monkeypatch.undo()
    assert HourReader(data).hours(SPAN).is_empty()
    assert [one.kind for one in AirReader(data).imports()] == ["stations"]
    tidy_lake(data, now=NOW_2026)
    assert not list((data / "lake").rglob("*.parquet"))
    import_station_hours(data, HEAD + "".join(lines(1)), now=NOW_2026, user="a")
    assert days_of(data)


def test_station_days_make_city_days_where_there_are_no_hours(data: Path) -> None:
    registered(data)
    rows = "".join(f"2026-01-05,{code},甲城,{at + 1},2,0.5,60,70,3{at}\n" for at, code in enumerate(CODES[:3]))
    report = import_air(data, "date,station,city,so2,no2,co,o3_8h,pm10,pm25\n" + rows, now=NOW_2026, user="a")
    assert (report.kind, report.rows_new, report.days_recomputed) == ("station_days", 3, 2)
    (day,) = AirReader(data).days("甲城", Days(date(2026, 1, 5), date(2026, 1, 5)))
    assert (day.values["so2"], day.values["pm25"], day.source) == (20000, 310000, "stations")
    again = import_air(data, "date,station,city,so2,no2,co,o3_8h,pm10,pm25\n" + rows, now=NOW_2026, user="a")
    assert (again.repeated, again.rows_same) == (True, 3)


def test_monthly_tables_are_kept_as_issued_with_revisions(data: Path) -> None:
    text = "月份\t城市\tPM2.5\tPM10\tSO2\tNO2\tCO\tO3\t优良天数比例\t综合指数\t排名\n2026-01\t甲城\t35\t60\t10\t20\t0.9\t80\t90.3\t3.21\t2\n"
    report = import_air(data, text, now=NOW_2026, user="a")
    assert (report.kind, report.rows_new) == ("city_months", 1)
    (found,) = MonthReader(data).months(Days(date(2026, 1, 1), date(2026, 12, 31)))
    assert (found.place, found.month, found.rank) == ("甲城", date(2026, 1, 1), 2)
    assert (found.figures["pm25"], found.figures["good_ratio"], found.figures["composite_index"]) == (
        350000,
        903000,
        32100,
    )
    changed = import_air(data, text.replace("3.21", "3.22"), now=NOW_2026, user="a")
    assert (changed.rows_new, changed.rows_changed) == (0, 1)


def test_tables_of_several_kinds_are_refused_together(data: Path, tmp_path: Path) -> None:
    hours, days = tmp_path / "hours.csv", tmp_path / "days.csv"
    hours.write_text(HEAD + "2026-01-05 01:00,1001A,甲城,1,2,0.3,4,5,6\n")
    days.write_text("日期,城市,SO2,NO2,CO,O3-8h,PM10,PM2.5\n2026-01-05,甲城,1,2,0.5,60,70,30\n", "utf-8")
    with pytest.raises(Refusal, match="分类分次导入"):
        import_air(data, [hours, days], now=NOW_2026, user="a")
    assert AirReader(data).imports() == []


@given(st.integers(0, 10**12), st.integers(1, 20), st.integers(1, 10**5), st.integers(0, 3))
def test_the_kept_last_digit_never_changes_a_later_rounding(total: int, points: int, parts: int, places: int) -> None:
    days = pl.DataFrame({**{item: [total] for item in ITEMS}, **{points_name(item): [points] for item in ITEMS}})
    held = held_days(days, dict.fromkeys(ITEMS, parts))
    kept = held.select(printed(pl.col("pm25"), places)).item()
    exact = Fraction(total, parts * points * 10**4)
    assert kept == rounded(exact, places) * 10 ** (4 - places)


def test_the_province_of_2020(shared: Path, data: Path) -> None:
    """Heilongjiang, relayed hours of March 2020 with the national stations of 2018 as the register."""
    folder = shared / "data/ambient"
    now = datetime.fromisoformat("2020-05-01T00:00:00+00:00")
    register = import_stations(data, folder / "heilongjiang_station_list_2018.csv", now=now, user="a", role="national")
    assert (register.new, register.aside) == (56, [])
    report = import_station_hours(data, folder / "heilongjiang_station_hourly_20200326_20200402.csv", now=now, user="a")
    assert (report.rows_read, report.rows_new + report.rows_same) == (5738, 5738)
    assert len(StationReader(data).unregistered()) == 9
    jixi = HourReader(data).hours(
        Days(date(2020, 3, 26), date(2020, 4, 2)), stations=["2240A", "2241A", "2242A", "2243A"]
    )
    assert sorted(jixi["station"].unique()) == ["2240A", "2243A"]  # the other two report nothing
    assert AirReader(data).days("鸡西", Days(date(2020, 3, 26), date(2020, 4, 2))) == []  # 2 of 4 are fewer than 75 %
    assert "哈尔滨" in AirReader(data).cities()
