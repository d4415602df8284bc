"""Station hours to city days: files month by month, each month on its grid, one definition for all.

A month is computed as soon as no file still to come can touch it, and its hours are let go. The next files are read in
threads of their own meanwhile.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from lantian.store.hour_columns import HourBatch
from lantian.store.hour_files import hour_batches, hour_files, months_touched
from lantian.work.ahead import made_ahead
from lantian.work.air_hour_sums import HourDays, HourRun
from lantian.work.air_rules import load_rules

Progress = Callable[[int, int, str], None]
_AHEAD = 2  # files read while one is computed


def days_of_files(paths: Sequence[Path], progress: Progress) -> HourDays:
    """City days of files of station hours: a row for each city and day of every calendar year in which it occurs.

    Rule    HJ 663 by date; stations of a city are all that occur for it anywhere in the files
    Errors  Refusal naming what is wrong and where; nothing is kept aside here
    """
    files = hour_files(paths)
    touched = [months_touched(file) for file in files]
    run = HourRun()
    for at, batch in batches_of(files, run, progress):
        if batch is None:
            run.refuse_conflicts(files[at].name)
            run.close(touched[at + 1 :])
        else:
            run.take(batch)
    return run.finished(str(paths[0]))


def batches_of(files: Sequence[Path], run: HourRun, progress: Progress) -> Iterator[tuple[int, HourBatch | None]]:
    """Batches with the number of their file, and None after the last of each; the next files are read meanwhile."""
    sources: deque[Iterator[HourBatch]] = deque()

    def start(file: Path) -> None:
        sources.append(made_ahead(hour_batches(file, run.stations, run.notes)))

    for file in files[:_AHEAD]:
        start(file)
    load_rules()
    for at, file in enumerate(files):
        progress(at, len(files), f"读取 {file.name}")
        for following in files[at + _AHEAD : at + _AHEAD + 1]:
            start(following)
        for batch in sources.popleft():
            yield at, batch
        yield at, None
