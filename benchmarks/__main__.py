"""``make bench``: prints each figure with its limit and its peer of the same run; ends with 1 where one is missed."""

from __future__ import annotations

import platform
import sys
from datetime import UTC, datetime

from benchmarks import (
    air_national,
    aqi_table,
    commands,
    gateway,
    hj212,
    pages,
    reading,
    rooms,
    stack_curve,
    stack_referee,
    station_hours,
)
from benchmarks.figure import Figure, table


def main() -> int:
    print(f"{datetime.now(UTC):%Y-%m-%d}  {platform.platform()}  Python {platform.python_version()}\n")
    parts = (
        commands,
        reading,
        rooms,
        station_hours,
        pages,
        aqi_table,
        air_national,  # before those that hold much: a child's peak memory begins with its parent's
        hj212,
        gateway,
        stack_curve,
        stack_referee,
    )
    figures: list[Figure] = [figure for part in parts for figure in part.figures()]
    print(table(figures))
    return 1 if any(figure.missed for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main())
