"""Single computations in process, against the bare reading of what they stand on."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from statistics import median

from benchmarks.figure import Figure
from benchmarks.pages import ten_years

RUNS = 20


def in_process(call: Callable[[], object]) -> float:
    """Median milliseconds of a call over twenty runs after one warm-up."""
    times = []
    for _ in range(RUNS + 1):
        begin = time.perf_counter()
        call()
        times.append((time.perf_counter() - begin) * 1000)
    return median(times[1:])


def figures() -> Iterator[Figure]:
    """Facts of one city's year with ten years behind it ≤ 30 ms; all states of the Jixi plan ≤ 500 ms, cold."""
    from datetime import UTC, datetime

    from lantian import rulebook
    from lantian.basis.period import Days
    from lantian.store.air import AirReader
    from lantian.work.air_years import city_year_facts
    from lantian.work.states import plan_states

    last, now = date(2025, 10, 15), datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        ten_years(data)
        reader, plan = AirReader(data), rulebook.plan("jixi-2024")
        city = plan.cities[0]
        bare = in_process(lambda: reader.table(city, Days(date(2022, 1, 1), last)))
        peer = "reading the same days"
        yield Figure("facts of one city-year", in_process(lambda: city_year_facts(reader, city, last)), 30, peer, bare)
        states = in_process(lambda: plan_states(plan, air=reader, as_of=last, computed_at=now))
        yield Figure("all states of the plan", states, 500, peer, bare)
