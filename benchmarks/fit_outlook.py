"""Writes the pooled parameters of the outlook anew: ``python -m benchmarks.fit_outlook --shared FOLDER``.

PM2.5 from the days of 2013-12 … 2015 and of 2017, days of a kind from 2013-12 … 2015, cities with a valid 2014.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from benchmarks import outlook_days as source
from lantian.air.month_blocks import pool_of
from lantian.store.folder import write_whole
from lantian.store.forecast_table import FILE, ForecastTables, forecast_text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=FILE)
    given = parser.parse_args()
    early, late = source.early(given.shared), source.late(given.shared)
    cities = source.whole_year(early, 2014)  # cities of two years: only they tell how years differ
    early, late = (days.filter(pl.col("city").is_in(cities)) for days in (early, late))
    means = pool_of(source.counted(pl.concat([early, late])))
    kinds = pool_of(source.counted(early))
    tables = ForecastTables(
        means.mean_table(), kinds.kind_table("bad"), kinds.kind_table("heavy"), "2013-12–2015-12, PM2.5 also 2017",
        len(cities),
    )  # fmt: skip
    write_whole(given.out, forecast_text(tables, f"{datetime.now(UTC):%Y-%m-%d}"), 0o644)


if __name__ == "__main__":
    main()
