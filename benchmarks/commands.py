"""Whole processes of the command line, against a bare interpreter start."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.figure import Figure

LANTIAN = str(Path(sys.executable).with_name("lantian"))
RUNS = 5
BARE = "python -c pass"


def whole_process(*command: str) -> float:
    """Median wall milliseconds of a command over five runs after one warm-up."""
    times = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times.append((time.perf_counter() - start) * 1000)
    return median(times[1:])


def document(folder: Path) -> Path:
    """The Jixi document where the shared data is at hand, else the fictional plan of the tests."""
    shared = Path(os.environ.get("LANTIAN_SHARED", Path(__file__).parents[2] / "shared"))
    real = shared / "data" / "plans" / "jixi-2024.txt"
    if real.exists():
        return real
    made = folder / "plan.txt"
    measure = "到2025年，全市新能源公交车占比达到{share}%，严禁新建小型燃煤锅炉。"
    bodies = "（由市生态环境局牵头，市工信局按职责分工负责）"
    articles = "".join(f"（{n}）措施{n}。{measure.format(share=n % 90 + 10)}{bodies}\n" for n in range(1, 40))
    made.write_text(f"云岭市空气质量持续改善行动方案\n\n一、总体要求\n{articles}", encoding="utf-8")
    return made


def figures() -> Iterator[Figure]:
    """Reading the plan document ≤ 1 s; ``lantian --help`` ≤ 0.4 s."""
    bare = whole_process(sys.executable, "-c", "pass")
    yield Figure("lantian --help, whole process", whole_process(LANTIAN, "--help"), 400, BARE, bare)
    with tempfile.TemporaryDirectory() as folder:
        reading = whole_process(LANTIAN, "plan", "read", str(document(Path(folder))), "--json")
    yield Figure("lantian plan read, whole process", reading, 1000, BARE, bare)
