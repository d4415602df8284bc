"""The demonstration: real data of Heilongjiang that stay outside the program.

City days of 2015 and 2017; the national stations of 2018 with some hours of spring 2020; the borders of Jixi's counties.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.store.geo import import_layer
from lantian.work.air_import import ImportReport, import_city_days
from lantian.work.station_import import import_station_hours
from lantian.work.station_register import RegisterReport, import_stations

FILES = (  # 2017 carries no maximum 8 h mean of ozone: its layout says so and the notes of the import show it
    Path("data/ambient/heilongjiang_city_daily_2015_aqistudy.csv"),
    Path("data/ambient/heilongjiang_city_daily_2017_datavis.csv"),
)
REGISTER = Path("data/ambient/heilongjiang_station_list_2018.csv")  # national stations, none named as reference point
HOURS = Path("data/ambient/heilongjiang_station_hourly_20200326_20200402.csv")
BORDERS = Path("data/geo/230300_full.wgs84.json")

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Demo:
    """What was loaded: imports of days and hours in their order, the register, how many areas the map has."""

    imports: list[ImportReport]
    register: RegisterReport
    areas: int


def load_demo(shared: Path, data: Path, *, now: datetime, progress: Progress) -> Demo:
    """Imports the real days, stations, hours and borders; simulated days and stations of their cities go.

    Errors  Refusal where the folder does not hold the files; nothing is imported then
    """
    wanted = (*FILES, REGISTER, HOURS, BORDERS)
    absent = [shared / file for file in wanted if not (shared / file).is_file()]
    if absent:
        names = "、".join(str(file) for file in absent)
        text = Text(
            f"找不到示范数据 {names}。请用 --shared 指向含有 data/ambient 的目录",
            f"the demonstration data are not there: {names}; point --shared at the folder that holds data/ambient",
        )
        raise Refusal(Finding("DEMO-FILES-ABSENT", Severity.REFUSED, text, Place(file=str(shared))))
    days = [import_city_days(data, shared / file, now=now, user="", progress=progress) for file in FILES]
    register = import_stations(data, shared / REGISTER, now=now, user="", role="national", progress=progress)
    hours = import_station_hours(data, shared / HOURS, now=now, user="", progress=progress)
    borders = import_layer(data, shared / BORDERS, "counties", datum="wgs84", now=now)
    return Demo([*days, hours], register, len(borders.areas))
