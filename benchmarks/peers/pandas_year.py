"""pandas: city days (20 hours, 8-hour windows, 75 %) and annual means and percentiles, in floats; no AQI, no rounding."""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd

ITEMS = ["so2", "no2", "co", "pm10", "pm25"]


def month(file: str) -> pd.DataFrame:
    hours = pd.read_parquet(file)
    stations, count = hours["station"].nunique(), len(hours)
    grid = (stations, count // stations // 24, 24)  # rows sorted on the full grid, as the maker writes them
    heads = hours.iloc[:: grid[1] * 24][["station", "city"]]
    days = pd.DataFrame(
        {
            "station": np.repeat(heads["station"].to_numpy(), grid[1]),
            "city": np.repeat(heads["city"].to_numpy(), grid[1]),
            "date": np.tile((hours["time"].iloc[: grid[1] * 24 : 24] - pd.Timedelta(hours=1)).dt.normalize(), stations),
        }
    )
    for item in ITEMS:
        values = hours[item].to_numpy(np.float64, na_value=np.nan).reshape(-1, 24)
        enough = (~np.isnan(values)).sum(axis=1) >= 20
        days[item] = np.where(enough, pd.DataFrame(values).mean(axis=1), np.nan)
    o3 = pd.DataFrame(hours["o3"].to_numpy(np.float64, na_value=np.nan).reshape(-1, 24)).T
    windows = o3.rolling(8, min_periods=6).mean().iloc[7:].T
    valid, largest = windows.notna().sum(axis=1), windows.max(axis=1)
    days["o3_8h"] = largest.where((valid >= 14) | (largest > 160))
    return days


def year(folder: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    from pathlib import Path

    days = pd.concat([month(str(file)) for file in sorted(Path(folder).glob("*.parquet"))])
    items = [*ITEMS, "o3_8h"]
    groups = days.groupby(["city", "date"], observed=True)[items]
    members = days.groupby("city", observed=True)["station"].nunique()
    city = groups.mean()
    share = groups.count().div(members, level="city", axis=0)
    city = city.where(share >= 0.75)
    annual = city.groupby("city", observed=True)
    return city, pd.concat([annual.mean(), annual.quantile(0.95)], axis=1)


if __name__ == "__main__":
    start = time.perf_counter()
    found = year(sys.argv[1])
    print(time.perf_counter() - start)
    print(len(found[0]), len(found[1]), file=sys.stderr)
