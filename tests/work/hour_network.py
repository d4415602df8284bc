"""Hours of fictional networks as files, and their evaluation."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from lantian.work.air_evaluate import Evaluation, evaluated_hours
from lantian.work.air_import import silent

ITEMS = ("so2", "no2", "co", "o3", "pm10", "pm25")
SCALES = {**dict.fromkeys(ITEMS, 0), "co": 1}
Hour = dict[str, int | None]


def network(seed: int, first: date, days: int, stations: dict[str, int], gaps: float = 0.06) -> pl.DataFrame:
    """Hours of a fictional network: station, city, time, the items (co in tenths), sorted, gaps null."""
    rnd = random.Random(seed)
    rows = []
    for city, count in stations.items():
        for number in range(count):
            level = rnd.randint(20, 140)
            for hour in range(24 * days):
                stamp = datetime(first.year, first.month, first.day) + timedelta(hours=hour + 1)
                wave = 40 if hour % 24 in range(11, 19) else 0
                numbers = [
                    max(0, level // part + rnd.randint(-8, 8) + (wave if item == "o3" else 0))
                    for item, part in zip(ITEMS, (9, 4, 16, 1, 1, 2), strict=True)
                ]
                silent_hour = rnd.random() < gaps / 2
                values = [None if silent_hour or rnd.random() < gaps else one for one in numbers]
                rows.append((f"{city}{number}", city, stamp, *values))
    schema = {"station": pl.String, "city": pl.String, "time": pl.Datetime("ms"), **dict.fromkeys(ITEMS, pl.Int16)}
    return pl.DataFrame(rows, schema=schema, orient="row")


def write_parquet(hours: pl.DataFrame, file: Path, *, rows: int = 100_000, unit: str = "0.1 mg/m3") -> Path:
    table = hours.to_arrow()
    fields = [field.with_metadata({"unit": unit if field.name == "co" else "ug/m3"}) if field.name in ITEMS else field
              for field in table.schema]  # fmt: skip
    pq.write_table(table.cast(pa.schema(fields)), file, row_group_size=rows)
    return file


def write_csv(hours: pl.DataFrame, file: Path, stamp: Callable[[datetime], str] = "{:%Y-%m-%d %H:%M}".format) -> Path:
    lines = ["station,city,time,so2,no2,co,o3,pm10,pm25"]
    for row in hours.iter_rows(named=True):
        values = {item: "" if row[item] is None else str(row[item]) for item in ITEMS}
        if values["co"]:
            values["co"] = f"{row['co'] // 10}.{row['co'] % 10}"
        lines.append(",".join([row["station"], row["city"], stamp(row["time"]), *values.values()]))
    text = "\n".join(lines) + "\n"
    file.write_bytes(gzip.compress(text.encode()) if file.suffix == ".gz" else text.encode())
    return file


def old_midnight(moment: datetime) -> str:
    if moment.hour == 0:
        return f"{moment - timedelta(days=1):%Y/%m/%d} 24:00"
    return f"{moment:%Y/%m/%d} {moment.hour}:00"


def evaluated(*paths: Path) -> Evaluation:
    return evaluated_hours(paths, silent)


def same(one: Evaluation, two: Evaluation) -> bool:
    return one.days.equals(two.days) and one.years.equals(two.years)


# ---- expected tables and a slow model
