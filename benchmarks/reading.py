"""Reading a plan whose text repeats one thing: twice the text takes about twice the time, whatever it repeats."""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.figure import Figure

UNITS = ("（", "分别达到250吨、", "第一条", "一、", "1", "12.5%、", "每年", "责任单位：", "？ ")
LENGTH = 8_000
RUNS = 3
PLAN = (
    "云溪市打赢蓝天保卫战行动方案（2018—2020年）\n一、总体要求\n（一）工作目标。{repeated}\n"
    "二、重点任务\n（二）治理工业。加强监管。（市生态环境局负责）\n"
    "三、保障措施\n（三）加强领导。压实责任。（市政府办公室负责）\n"
)


def processor_time(text: str) -> float:
    """The least processor milliseconds of some readings."""
    from lantian.plan.read import read_text

    times = []
    for _ in range(RUNS):
        begin = time.process_time()
        read_text(text)
        times.append((time.process_time() - begin) * 1000)
    return min(times)


def figures() -> Iterator[Figure]:
    """Twice the text in at most 2.5 times the time, whatever repeats; where a pattern looks back over all it takes 4."""
    worst = 0.0
    of = ""
    for unit in UNITS:
        once, twice = (
            processor_time(PLAN.format(repeated=(unit * length)[:length])) for length in (LENGTH, 2 * LENGTH)
        )
        if twice / once > worst:
            worst, of = twice / once, unit
    yield Figure(f"plan read, twice the text, worst of {of!r}", worst, 2.5, "linear growth", 2.0, unit="×")
