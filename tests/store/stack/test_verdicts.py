"""Verdicts are kept with their run; what says the same again stays as it is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from lantian.basis.finding import Refusal
from lantian.store.stack import verdicts
from lantian.store.stack.verdict_file import REFEREE_FILE, writing
from lantian.store.stack.verdicts import DayVerdict, Hit, HourVerdict, Run, Screened

NOW = datetime(2026, 11, 28, tzinfo=UTC)
DAY = date(2026, 11, 26)
START = datetime(2026, 11, 26)
END = datetime(2026, 11, 27)
RUN = Run("referee", DAY, DAY, date(2026, 11, 28), NOW, "digest", ("stack.cems.validity 2012-01-01",))
HOUR = HourVerdict(
    "DA001", "a21026", START + timedelta(hours=3), 60, True, Decimal("12.300"), Decimal("20.500"), None, False, Decimal(35),
    False, "open", ("启炉",), ("no_flow",), "排污许可证", "abc", NOW,
)  # fmt: skip
OF_DAY = DayVerdict(
    "DA001", "a21026", DAY, 19, False, None, None, Decimal("1.5"), None, None, 0, "closed", ("hours_short",), "d", NOW
)
HIT = Hit("DA001", "TIM-01", "a21026", START, START + timedelta(hours=5), "warning", "疑似", "suspected", {"hours": 5})
SEEN = Screened(
    "DA001", "flat", "a21026", START, START + timedelta(hours=5), "0.97", "疑似恒值", "看校准记录", {"n": 300}
)


def test_nothing_before_the_first_run(data: Path) -> None:
    assert verdicts.hours(data, START, END) == verdicts.days(data, DAY, DAY) == []
    assert verdicts.hits(data, START, END) == verdicts.screened(data, START, END) == []
    assert verdicts.referee_version(data) == 0


def test_what_was_written_is_read_as_it_was(data: Path) -> None:
    assert verdicts.write_verdicts(data, RUN, [HOUR], [OF_DAY]) == 2
    assert verdicts.hours(data, START, END) == [HOUR]
    assert verdicts.days(data, DAY, DAY + timedelta(days=1)) == [OF_DAY]
    assert verdicts.hours(data, START, HOUR.start) == []
    assert verdicts.hours(data, START, END, outlet="DA001", factor="a21026") == [HOUR]
    assert verdicts.hours(data, START, END, factor="a21002") == []
    assert (data / REFEREE_FILE).stat().st_mode & 0o077 == 0


def test_the_same_again_keeps_its_run_and_the_version(data: Path) -> None:
    verdicts.write_hours(data, [HOUR], RUN)
    later = replace(RUN, computed_at=NOW + timedelta(hours=1))
    assert verdicts.write_hours(data, [replace(HOUR, computed_at=later.computed_at)], later) == 0
    assert verdicts.hours(data, START, END) == [HOUR]
    assert verdicts.referee_version(data) == 1
    with closing(sqlite3.connect(data / REFEREE_FILE)) as database:
        assert database.execute("SELECT count(*) FROM run").fetchone() == (1,)
    other = replace(HOUR, exceeded=None, computed_at=later.computed_at)
    assert verdicts.write_hours(data, [other], later) == 1
    assert verdicts.hours(data, START, END) == [other]
    assert verdicts.referee_version(data) == 2


def test_hits_of_the_runs_days_are_replaced(data: Path) -> None:
    before = replace(HIT, first=START - timedelta(hours=2), last=START + timedelta(hours=1))
    elsewhere = replace(HIT, outlet="DA002")
    assert verdicts.write_hits(data, [before], replace(RUN, first=DAY - timedelta(days=1))) == 1
    assert verdicts.write_hits(data, [HIT, elsewhere], RUN) == 2
    assert verdicts.hits(data, START, END) == [before, HIT, elsewhere]  # the one that reaches into the day too
    assert verdicts.write_hits(data, [], RUN, outlets={"DA001"}) == 1
    assert verdicts.hits(data, START, END) == [before, elsewhere]
    assert verdicts.write_hits(data, [], RUN) == 1
    assert verdicts.hits(data, START, END) == [before]  # it begins before the run's days


def test_screened_patterns_likewise(data: Path) -> None:
    assert verdicts.write_screened(data, [SEEN], RUN) == 1
    assert verdicts.write_screened(data, [SEEN], RUN) == 0
    assert verdicts.screened(data, START, END) == [SEEN]
    assert verdicts.write_screened(data, [replace(SEEN, score="0.5")], RUN) == 1
    assert verdicts.screened(data, START, END)[0].score == "0.5"
    assert verdicts.write_screened(data, [], RUN) == 1
    assert verdicts.screened(data, START, END) == []


def _half_done(data: Path) -> None:
    with writing(data) as database:
        database.execute("INSERT INTO run VALUES (NULL, 'referee', '', '', '', '', '', '')")
        raise KeyError


def test_an_error_leaves_nothing(data: Path) -> None:
    verdicts.write_hours(data, [HOUR], RUN)
    with pytest.raises(KeyError):
        _half_done(data)
    with closing(sqlite3.connect(data / REFEREE_FILE)) as database:
        assert database.execute("SELECT count(*) FROM run").fetchone() == (1,)


def test_a_file_that_is_none_is_told(data: Path) -> None:
    (data / REFEREE_FILE).mkdir()
    with pytest.raises(Refusal) as refused:
        verdicts.write_hours(data, [HOUR], RUN)
    assert refused.value.findings[0].code == "STORE-REFEREE-UNREACHED"
    assert "没有写入任何内容" in refused.value.findings[0].text.zh
