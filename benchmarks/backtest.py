"""Back-test of the year-end outlook: ``make backtest`` or ``python -m benchmarks.backtest --shared FOLDER``.

Each province is judged with parameters made without it, and never with days of the year that is judged after the day
named in each table. Prints one table a year and figure; ends with 1 where a required figure is missed.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import outlook_days as source
from benchmarks.outlook_losses import losses, readings
from benchmarks.outlook_runs import REQUIRED_RUNS, Run, other_runs, required, runs
from benchmarks.outlook_score import Line, met, table, verdict


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("LANTIAN_SHARED", "../shared")))
    parser.add_argument("--groups", type=int, default=0, help="groups of provinces; 0: each province on its own")
    given = parser.parse_args()
    if not (given.shared / "data" / "ambient").is_dir():
        print(f"没有找到试验数据目录 {given.shared}，请用 --shared 指定。", file=sys.stderr)
        return 2
    print(f"{datetime.now(UTC):%Y-%m-%d}  {platform.platform()}  Python {platform.python_version()}\n")
    done = []
    for run in (*runs(given.shared, given.groups), *other_runs(given.shared)):
        done.append(run)
        print(_shown(run), flush=True)
    wanted = required(done)
    print(table("要求 required (1 Jul – 1 Dec pooled)", wanted))
    print("\n".join(map(verdict, wanted)))
    judged = done[:REQUIRED_RUNS]
    print(f"\n{readings(judged, source.provinces(given.shared))}\n")
    print("\n".join(losses(run) for run in judged if run.title.startswith("PM2.5")))
    return 0 if all(met(line) for line in wanted) else 1


def _shown(run: Run) -> str:
    lines: list[Line] = [*run.lines(), run.pooled()]
    return f"{table(run.title, lines)}\n{run.note}\n"


if __name__ == "__main__":
    sys.exit(main())
