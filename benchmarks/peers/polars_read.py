"""Polars merely reads the columns."""

from __future__ import annotations

import sys
import time

import polars as pl

COLUMNS = ["station", "city", "time", "so2", "no2", "co", "o3", "pm10", "pm25"]

if __name__ == "__main__":
    start = time.perf_counter()
    pl.read_parquet(f"{sys.argv[1]}/*.parquet", columns=COLUMNS)
    print(time.perf_counter() - start)
