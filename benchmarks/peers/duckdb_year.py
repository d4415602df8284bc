"""DuckDB SQL: city days (20 hours, 8-hour windows, 75 %) and annual means and percentiles, in doubles; no AQI."""

from __future__ import annotations

import sys
import time

import duckdb

MEANS = ("so2", "no2", "co", "pm10", "pm25")


def query(folder: str) -> str:
    hours = ", ".join(f"max(o3) FILTER (h = {hour}) AS o{hour}" for hour in range(1, 25))
    means = ", ".join(f"CASE WHEN count({one}) >= 20 THEN avg({one}) END AS {one}" for one in MEANS)
    windows = ", ".join(
        f"CASE WHEN {' + '.join(f'(o{hour} IS NOT NULL)::INT' for hour in range(end - 7, end + 1))} >= 6"
        f" THEN list_avg([{', '.join(f'o{hour}' for hour in range(end - 7, end + 1))}]) END"
        for end in range(8, 25)
    )
    items = (*MEANS, "o3_8h")
    city = ", ".join(
        f"CASE WHEN count({one}) >= 0.75 * any_value(members) THEN avg({one}) END AS {one}" for one in items
    )
    annual = ", ".join(f"avg({one}), quantile_cont({one}, 0.95)" for one in items)
    return f"""
    WITH hours AS (SELECT station, city, date_trunc('day', time - INTERVAL 1 HOUR) AS day,
                          hour(time - INTERVAL 1 HOUR) + 1 AS h, so2, no2, co, o3, pm10, pm25
                   FROM read_parquet('{folder}/*.parquet')),
    pivoted AS (SELECT station, city, day, {means}, {hours} FROM hours GROUP BY ALL),
    windows AS (SELECT *, [{windows}] AS w FROM pivoted),
    station_days AS (SELECT *, CASE WHEN list_count(w) >= 14 OR list_max(w) > 160 THEN list_max(w) END AS o3_8h
                     FROM windows),
    members AS (SELECT city, count(DISTINCT station) AS members FROM station_days GROUP BY city),
    city_days AS (SELECT city, day, {city} FROM station_days JOIN members USING (city) GROUP BY city, day)
    SELECT city, count(*), {annual} FROM city_days GROUP BY city ORDER BY city
    """  # noqa: S608


if __name__ == "__main__":
    start = time.perf_counter()
    rows = duckdb.sql(query(sys.argv[1])).fetchall()
    print(time.perf_counter() - start)
    print(len(rows), file=sys.stderr)
