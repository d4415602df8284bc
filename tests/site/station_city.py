"""A small city of stations for the tests of its pages: two weeks of October 2025 with one planted fault."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from lantian.store.stations import Station
from lantian.work.station_import import import_station_hours
from lantian.work.station_register import keep_stations

NOW = datetime(2025, 10, 16, tzinfo=UTC)
AS_OF = "2025-10-15"
HEAD = "station,city,time,so2,no2,co,o3,pm10,pm25,wind_direction,wind_speed"
STUCK = (datetime(2025, 10, 9, 3), datetime(2025, 10, 9, 12))
STATIONS = (
    Station("8240A", "甲号站", "鸡西", "鸡冠区", "230302", "national", 130.962, 45.2924, date(2024, 1, 1)),
    Station("8241A", "乙号站", "鸡西", "鸡冠区", "230302", "national", 130.9817, 45.305, date(2024, 1, 1)),
    Station("9001", "丁号站", "鸡西", "鸡东县", "230321", "county", 131.12, 45.26, date(2024, 1, 1)),
    Station("8001A", "丙号站", "北京", None, "110100", "national", 116.366, 39.8673, date(2024, 1, 1)),
)


def pm25(time: datetime) -> int:
    """The value of every station at an hour: never twice the same in a row."""
    return 20 + (time.day * 24 + time.hour) * 7 % 11


def make_city(data: Path) -> None:
    """Registers the stations and imports their hours; 9009 tells hours and is registered nowhere."""
    data.mkdir(parents=True, exist_ok=True)
    keep_stations(data, STATIONS, now=NOW, user="甲")
    rows, time = [HEAD], datetime(2025, 10, 1, 1)
    while time <= datetime(2025, 10, 16):
        for code in ("8240A", "8241A", "9001", "9009"):
            small = 5 + (time.hour * 5 + time.day) % 7
            coarse = 70 if code == "8241A" and STUCK[0] <= time <= STUCK[1] else 2 * pm25(time)
            wind = f"{time.hour * 15 % 360},2.5" if code == "8240A" else ","
            rows.append(
                f"{code},鸡西,{time:%Y-%m-%d %H:%M},{small},{small + 9},{small / 10},{small + 30},{coarse},{pm25(time)},{wind}"
            )
        time += timedelta(hours=1)
    put_hours(data, rows, NOW)


def put_hours(data: Path, rows: list[str], now: datetime, values: str | None = None) -> None:
    """Imports rows of hours, the head first."""
    file = data / "hours.csv"
    file.write_text("\n".join(rows), "utf-8")
    import_station_hours(data, file, now=now, user="甲", values=values)
    file.unlink()
