"""This program: from the files to printed city days with AQI and annual figures, exact."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from lantian.work.air_evaluate import evaluated_hours

if __name__ == "__main__":
    start = time.perf_counter()
    found = evaluated_hours([Path(sys.argv[1])], lambda done, total, text: None)
    print(time.perf_counter() - start)
    print(found.days.height, found.years.height, file=sys.stderr)
