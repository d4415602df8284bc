"""The demonstration: real days of Heilongjiang's cities in 2015 and 2017, data that stay outside the program."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.work.air_import import ImportReport, import_city_days

FILES = (  # 2017 carries no maximum 8 h mean of ozone: its layout says so and the notes of the import show it
    Path("data/ambient/heilongjiang_city_daily_2015_aqistudy.csv"),
    Path("data/ambient/heilongjiang_city_daily_2017_datavis.csv"),
)

Progress = Callable[[int, int, str], None]


def load_demo(shared: Path, data: Path, *, now: datetime, progress: Progress) -> list[ImportReport]:
    """Imports the real days, one report a file; simulated days of their cities go.

    Errors  Refusal where the folder does not hold the files; nothing is imported then
    """
    files = [shared / file for file in FILES]
    absent = [file for file in files if not file.is_file()]
    if absent:
        names = "、".join(str(file) for file in absent)
        text = Text(
            f"找不到示范数据 {names}。请用 --shared 指向含有 data/ambient 的目录",
            f"the demonstration data are not there: {names}; point --shared at the folder that holds data/ambient",
        )
        raise Refusal(Finding("DEMO-FILES-ABSENT", Severity.REFUSED, text, Place(file=str(shared))))
    return [import_city_days(data, file, now=now, user="", progress=progress) for file in files]
