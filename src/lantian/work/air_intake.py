"""One door for air tables: what kind of table it is, is found out here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from lantian.store.folder import prepare, refusal
from lantian.store.station_layout import station_layouts
from lantian.work.air_import import ImportReport, Progress, import_city_days, silent
from lantian.work.station_import import import_read, read_stations
from lantian.work.station_table import registers


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
            return import_read(data, read, now=now, user=user, cities=cities, progress=progress)
    if mapping is None and (found := registers(source)):
        zh = "这是站点登记表，不是监测数据。请在网站“站点登记”页导入，或用 lantian air stations FILE"
        raise refusal("AIR-IS-REGISTER", zh, "a register of stations: use lantian air stations FILE", found[0])
    return import_city_days(
        data, source, now=now, user=user, mapping=mapping, cities=cities, values=values or "realtime", progress=progress
    )
