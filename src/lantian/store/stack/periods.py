"""Which periods each device has sent, inbox and lake together; as a program (``python -m``) it prints them as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from lantian.store.stack import stack_file

# mn, cn, YYYYMMDDhh → number of different times of data in that hour (Beijing)
Periods = Mapping[tuple[str, str, str], int]


def periods(data: Path, first: datetime, until: datetime, cns: Sequence[str]) -> Periods:
    """How many different times of data each device has in each hour of [first, until)."""
    import polars as pl

    from lantian.store.stack import lake

    with stack_file.reading(data) as database:
        if database is None:
            return {}
        rows = database.execute(
            """SELECT DISTINCT mn, cn, substr(data_time, 1, 14) FROM frame
            WHERE data_time >= ? AND data_time < ? AND cn IN (SELECT value FROM json_each(?))""",
            (f"{first:%Y%m%d%H%M%S}", f"{until:%Y%m%d%H%M%S}", json.dumps(list(cns))),
        ).fetchall()
        parts = [pl.DataFrame(rows, schema={"mn": pl.String, "cn": pl.String, "time": pl.String}, orient="row")]
        for cn in cns:
            for file in lake.listed(database, cn, first=first, until=until):
                found = pl.scan_parquet(data / file.path).filter(
                    pl.col("start").is_between(first, until, closed="left")
                )
                time = pl.col("start").dt.strftime("%Y%m%d%H%M%S").alias("time")
                parts.append(found.select("mn", "cn", time).unique().collect())
    hours = pl.concat(parts).unique().group_by("mn", "cn", pl.col("time").str.slice(0, 10)).len()
    return {(mn, cn, hour): number for mn, cn, hour, number in hours.iter_rows()}


def as_json(found: Periods) -> str:
    """The periods as text."""
    return json.dumps([[*key, number] for key, number in found.items()])


def from_json(text: str | bytes) -> Periods:
    """The periods of a text."""
    return {(mn, cn, hour): number for mn, cn, hour, number in json.loads(text)}


if __name__ == "__main__":
    _, folder, *span = sys.argv
    begin, end = (datetime.strptime(one, "%Y%m%d%H%M%S") for one in span[:2])  # noqa: DTZ007  Beijing civil time
    print(as_json(periods(Path(folder), begin, end, span[2:])))
