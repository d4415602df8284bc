"""Recall and false alarms of the tamper screening: ``make screen`` or ``python -m benchmarks.screening``.

Plants each pattern into clean simulated stacks (模拟数据). Seeds of the report are not those the thresholds were set on
(``--tuning`` takes the latter). Ends with 1 where a required figure is missed.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial

from lantian import rulebook
from lantian.stack.screening.rule import Screening
from lantian.work.screening_suite import FIRST, REPORT_SEED, TUNING_SEED, Result, cases, lines, outcome


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=12, help="stack-months for each pattern")
    parser.add_argument("--clean", type=int, default=100, help="clean stack-months")
    parser.add_argument("--tuning", action="store_true", help="seeds the thresholds were set on")
    parser.add_argument("--missed", action="store_true", help="list what was missed and what was raised falsely")
    parser.add_argument("--only", default="", help="one pattern alone")
    given = parser.parse_args()
    rule = rulebook.fill(Screening, FIRST)
    wanted = [
        one
        for one in cases(given.each, given.clean, TUNING_SEED if given.tuning else REPORT_SEED)
        if not given.only or one.pattern == given.only
    ]
    began = time.perf_counter()
    with ProcessPoolExecutor(min(os.cpu_count() or 1, 2)) as pool:
        result = Result(tuple(pool.map(partial(outcome, rule=rule), wanted, chunksize=4)))
    took = time.perf_counter() - began
    print(f"{datetime.now(UTC):%Y-%m-%d}  {platform.platform()}  Python {platform.python_version()}  {took:.0f} s\n")
    print("\n".join(lines(result)))
    if given.missed:
        for one in result.outcomes:
            if one.false or (one in result.planted and not one.kin):
                print(one)
    return 0 if result.recall >= 0.95 and result.false_alarms <= 1 else 1


if __name__ == "__main__":
    sys.exit(main())
