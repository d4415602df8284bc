"""One door for air tables: what kind of table it is, is found out here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from lantian.basis.finding import Text
from lantian.store.folder import prepare
from lantian.store.station_layout import station_layouts
from lantian.work.air_import import ImportReport, Progress, import_city_days, silent
from lantian.work.station_import import import_read, read_stations

KINDS: Final = {
    "city_days": Text("城市日均值", "city days"),
    "station_hours": Text("站点小时值", "station hours"),
    "station_days": Text("站点日均值", "station days"),
    "city_months": Text("月表", "monthly figures"),
    "stations": Text("站点登记", "register of stations"),
    "simulated": Text("模拟数据", "simulated"),
}
VALUES: Final = {"realtime": Text("实况", "real-time"), "reviewed": Text("审核后", "reviewed")}


def import_air(
    data: Path,
    source: Path | str | Sequence[Path],
    *,
    now: datetime,
    user: str,
    values: str | None = None,
    mapping: str | None = None,
    cities: Sequence[str] = (),
    progress: Progress = silent,
) -> ImportReport:
    """Imports tables of station hours, station days, months or city days, whichever they are, in one transaction.

    Errors  Refusal as ``station_import.import_station_hours`` and ``air_import.import_city_days``
    """
    prepare(data, now=now)
    if mapping is None or mapping in station_layouts(data):
        read = read_stations(data, source, now=now, values=values, mapping=mapping, progress=progress)
        if read is not None:
            return import_read(data, read, now=now, user=user, progress=progress)
    return import_city_days(
        data, source, now=now, user=user, mapping=mapping, cities=cities, values=values or "realtime", progress=progress
    )


def kind_of(text: str) -> tuple[Text, Text | None]:
    """What a line of the import manifest says it was: kind of table, and of values where they are reviewed."""
    kind, _, values = text.partition("/")
    return KINDS.get(kind, Text(kind, kind)), VALUES.get(values)
