"""The lake of station hours: the latest and as known at an instant, merging, crashes, backup."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from lantian.basis.finding import Refusal
from lantian.basis.period import Days, month
from lantian.store import lake
from lantian.store.air_file import reading, writing
from lantian.store.backup import backup, restore
from lantian.store.folder import prepare
from lantian.store.hours import MEASURED, SCHEMA, HourReader, merge_month, write_hours
from lantian.work.lake_upkeep import tidy_lake

MARCH = month(2025, 3)
FIRST = datetime(2025, 3, 1, 1)


def rows(values: dict[tuple[str, datetime], int | None], batch: int, known_at: datetime) -> pl.DataFrame:
    """PM2.5 by station and hour, everything else missing."""
    table = pl.DataFrame(
        [(station, at, value) for (station, at), value in values.items()],
        schema={"station": pl.String, "time": pl.Datetime("ms"), "pm25": pl.Int32},
        orient="row",
    )
    others = [pl.lit(None, pl.Int32).alias(item) for item in MEASURED if item != "pm25"]
    known = pl.lit(known_at).cast(SCHEMA["known_at"]).alias("known_at")
    return table.with_columns(*others, known, pl.lit(batch, pl.Int32).alias("batch"))


def write(data: Path, values: dict[tuple[str, datetime], int | None], batch: int, at: datetime) -> None:
    prepare(data, now=at)
    with writing(data, job="test", now=at) as database:
        write_hours(database, data, rows(values, batch, at), "realtime", now=at)


def seen(table: pl.DataFrame) -> dict[tuple[str, datetime], int | None]:
    return {(station, at): value for station, at, value in table.select("station", "time", "pm25").iter_rows()}


@pytest.fixture
def filled(data: Path, now: datetime) -> Path:
    """Three imports: two hours, one of them revised, then taken back."""
    write(data, {("A", FIRST): 10, ("B", FIRST): 20}, 1, now)
    write(data, {("A", FIRST): 11, ("A", FIRST + timedelta(hours=1)): 12}, 2, now + timedelta(days=1))
    write(data, {("A", FIRST): None}, 3, now + timedelta(days=2))
    return data


STATES = (
    (0, {("A", FIRST): 10, ("B", FIRST): 20}),
    (1, {("A", FIRST): 11, ("A", FIRST + timedelta(hours=1)): 12, ("B", FIRST): 20}),
    (2, {("A", FIRST): None, ("A", FIRST + timedelta(hours=1)): 12, ("B", FIRST): 20}),
)


@pytest.mark.parametrize("merged", [False, True])
def test_the_latest_and_what_was_known_before(filled: Path, now: datetime, merged: bool) -> None:
    reader = HourReader(filled)
    if merged:
        assert tidy_lake(filled, now=now).merged == 1
    assert seen(reader.hours(MARCH)) == STATES[-1][1]
    for days, state in STATES:
        assert seen(reader.as_known_at(now + timedelta(days=days), MARCH)) == state
    assert reader.as_known_at(now - timedelta(seconds=1), MARCH).is_empty()
    assert reader.hours(MARCH).schema == pl.Schema(SCHEMA)
    assert reader.last_hour() == FIRST + timedelta(hours=1)
    assert reader.months() == ["2025-03"]
    assert reader.hours(MARCH, values="reviewed").is_empty()
    assert seen(reader.hours(MARCH, stations=["B"])) == {("B", FIRST): 20}
    assert reader.hours(Days(date(2025, 3, 2), date(2025, 4, 30))).is_empty()


def test_merging_again_and_after_a_late_row_gives_the_same(filled: Path, now: datetime) -> None:
    tidy_lake(filled, now=now)
    assert tidy_lake(filled, now=now) == (0, 0)
    late = now + timedelta(days=3)
    write(filled, {("B", FIRST): 21}, 4, late)
    before = seen(HourReader(filled).hours(MARCH))
    assert before[("B", FIRST)] == 21
    tidy_lake(filled, now=late)
    assert seen(HourReader(filled).hours(MARCH)) == before
    for days, state in STATES:
        assert seen(HourReader(filled).as_known_at(now + timedelta(days=days), MARCH)) == state


def test_a_base_stands_on_the_full_grid(filled: Path, now: datetime) -> None:
    tidy_lake(filled, now=now)
    with reading(filled) as database:
        assert database is not None
        files = lake.listed(database, "realtime", ["2025-03"])["2025-03"]
    base = next(file for file in files if file.role == "base")
    table = pl.read_parquet(filled / base.path)
    assert table.height == 2 * 31 * 24
    assert table["time"].min() == FIRST
    assert table["time"].max() == datetime(2025, 4, 1)
    assert table.select("station", "time").equals(table.select("station", "time").sort("station", "time"))


def test_replaced_files_stay_for_a_day(filled: Path, now: datetime) -> None:
    before = set((filled / "lake").rglob("*.parquet"))
    tidy_lake(filled, now=now)
    assert before < set((filled / "lake").rglob("*.parquet"))
    assert tidy_lake(filled, now=now + timedelta(hours=25)).removed == len(before)
    assert seen(HourReader(filled).hours(MARCH)) == STATES[-1][1]


def test_a_crash_between_file_and_transaction_leaves_nothing_to_see(filled: Path, now: datetime) -> None:
    def crash() -> None:
        with writing(filled, job="test", now=now) as database:
            write_hours(database, filled, rows({("C", FIRST): 99}, 9, now), "realtime", now=now)
            raise KeyboardInterrupt

    files = {file for file in (filled / "lake").rglob("*") if file.is_file()}
    with pytest.raises(KeyboardInterrupt):
        crash()
    left = {file for file in (filled / "lake").rglob("*") if file.is_file()} - files
    assert len(left) == 1
    assert seen(HourReader(filled).hours(MARCH)) == STATES[-1][1]
    tidy_lake(filled, now=now)
    assert not left & {file for file in (filled / "lake").rglob("*") if file.is_file()}
    assert seen(HourReader(filled).hours(MARCH)) == STATES[-1][1]


def test_a_file_that_cannot_be_written_rolls_everything_back(
    filled: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lake.os, "fsync", lambda handle: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(Refusal, match="磁盘已满，没有写入任何内容"):
        write(filled, {("C", FIRST): 99}, 9, now)
    monkeypatch.undo()
    assert seen(HourReader(filled).hours(MARCH)) == STATES[-1][1]
    assert not list((filled / "lake").rglob("*.draft"))


def test_a_backup_carries_the_listed_files_and_no_others(filled: Path, now: datetime, tmp_path: Path) -> None:
    tidy_lake(filled, now=now)
    (filled / "lake/hours/realtime/2025-03/stray.parquet").write_bytes(b"x")
    goal = tmp_path / "goal"
    restore(backup(filled, tmp_path / "b.tar.gz", now=now), goal, now=now)
    assert sorted(file.name.split("-")[0] for file in (goal / "lake").rglob("*.parquet")) == ["base", "history"]
    assert HourReader(goal).hours(MARCH).equals(HourReader(filled).hours(MARCH))
    for days, state in STATES:
        assert seen(HourReader(goal).as_known_at(now + timedelta(days=days), MARCH)) == state
    tidy_lake(goal, now=now + timedelta(days=2))
    assert seen(HourReader(goal).hours(MARCH)) == STATES[-1][1]


def test_hours_of_a_month_belong_to_the_day_they_end(data: Path, now: datetime) -> None:
    write(data, {("A", datetime(2025, 4, 1)): 5, ("A", datetime(2025, 4, 1, 1)): 6}, 1, now)
    assert seen(HourReader(data).hours(MARCH)) == {("A", datetime(2025, 4, 1)): 5}
    assert seen(HourReader(data).hours(month(2025, 4))) == {("A", datetime(2025, 4, 1, 1)): 6}
    with writing(data, job="test", now=now) as database:
        assert merge_month(database, data, "realtime", "2025-03", now=now)
    assert seen(HourReader(data).hours(Days(date(2025, 3, 31), date(2025, 4, 1)))) == {
        ("A", datetime(2025, 4, 1)): 5,
        ("A", datetime(2025, 4, 1, 1)): 6,
    }


def test_an_absent_folder_is_empty(data: Path) -> None:
    reader = HourReader(data / "none")
    assert reader.hours(MARCH).is_empty()
    assert reader.last_hour() is None
    assert reader.months() == []
    assert tidy_lake(data / "none", now=datetime(2025, 1, 1)) == (0, 0)
