"""Stations of a simulated city: told by their code, taken out of register and lake when real data of the city come."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Final

import polars as pl

from lantian.store import lake
from lantian.store.stations import Station, register

PREFIX: Final = "MN-"  # 模拟; no real code has it


def simulated_stations(database: sqlite3.Connection, cities: Collection[str]) -> list[Station]:
    """Rows of the register that are simulated stations of these cities."""
    return [one for one in register(database) if one.code.startswith(PREFIX) and one.city in cities]


def forget_stations(database: sqlite3.Connection, data: Path, codes: Collection[str], *, now: datetime) -> None:
    """Takes stations out of the register, of what was seen and of every file of the lake: nothing of them is kept."""
    for table, column in (("station", "code"), ("replaced_station", "code"), ("seen_station", "station")):
        database.executemany(
            f"DELETE FROM {table} WHERE {column} = ?",  # noqa: S608 - built from constants
            ((code,) for code in codes),
        )
    for values, month in lake.written_months(database):
        for file in lake.listed(database, values, [month])[month]:
            rows = pl.read_parquet(data / file.path)
            others = rows.filter(~pl.col("station").is_in(list(codes)))
            if others.height == rows.height:
                continue
            lake.replaced(database, [file], now=now)
            if others.height:
                lake.add(database, data, others, values, month, file.role, now=now)
