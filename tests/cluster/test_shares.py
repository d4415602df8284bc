"""Shares of a cluster without a cluster: however the hours are cut, mixed and brought together, the result is the same."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest
from network_hours import month_of
from typer.testing import CliRunner

import lantian
from lantian.basis.finding import Refusal
from lantian.cli import app, cluster
from lantian.work.air_cluster import days_of_shares, file_rows, group_share, told_share
from lantian.work.air_evaluate import Evaluation, evaluated_hours, evaluation
from lantian.work.air_hour_sums import Share
from lantian.work.air_import import silent


def by_shares(files: list[Path], months: int, seed: int = 1, version: str = lantian.__version__) -> Evaluation:
    """The evaluation by groups that come in any order, with their rows in any order, as a cluster hands them over."""
    batches = [part for at, file in enumerate(files) for part in file_rows(at, file, months, version)]
    groups: dict[tuple[str | None, int], list[dict[str, object]]] = {}
    for row in pa.Table.from_batches(batches).to_pylist():
        groups.setdefault((row["city"], row["period"]), []).append(row)
    chance = random.Random(seed)
    names, keys, shares = [str(file) for file in files], list(groups), list[Share]()
    chance.shuffle(keys)
    for key in keys:
        chance.shuffle(groups[key])
        rows = pa.Table.from_pylist(groups[key], schema=batches[0].schema)
        shares.append(told_share(rows) if key[0] is None else group_share(rows, names))
    return evaluation(days_of_shares(shares, str(files[0])))


@pytest.fixture(scope="module")
def hours() -> pl.DataFrame:
    """Two cities from December to February: the change of year, and a station that does not report in January."""
    december = month_of(12, stations=10, cities=2, year=2025)
    return pl.concat([december, month_of(1, stations=10, cities=2), month_of(2, stations=10, cities=2)]).filter(
        pl.col("station").str.slice(3).cast(pl.Int32) % 3 == 0
    )


@pytest.mark.parametrize("months", [1, 12])
@pytest.mark.parametrize("cut", ["months", "stations", "rows mixed"])
def test_however_hours_are_cut_the_result_is_that_of_one_process(
    hours: pl.DataFrame, tmp_path: Path, months: int, cut: str
) -> None:
    whole = tmp_path / "whole.parquet"
    hours.write_parquet(whole)
    expected = evaluated_hours([whole], silent)
    mixed = hours.sample(fraction=1, shuffle=True, seed=3) if cut == "rows mixed" else hours
    key = {"months": pl.col("time").dt.month(), "stations": pl.col("station")}.get(cut, pl.col("so2").fill_null(0) % 3)
    files = []
    for part in _parts(mixed, key):
        files.append(tmp_path / f"{len(files)}.parquet")
        part.write_parquet(files[-1])
    found = by_shares(files, months)
    assert found.days.equals(expected.days)
    assert found.years.equals(expected.years)
    assert found.days.height == 2 * 2 * 365


def _parts(hours: pl.DataFrame, key: pl.Expr) -> list[pl.DataFrame]:
    return [part.drop("part") for part in hours.with_columns(part=key).partition_by("part")]


def test_repeated_rows_and_absent_items_are_told_as_in_one_process(hours: pl.DataFrame, tmp_path: Path) -> None:
    files = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    hours.drop("pm25").write_parquet(files[0])
    hours.slice(50, 30).drop("pm25").write_parquet(files[1])
    expected, found = evaluated_hours(files, silent), by_shares(files, 1)
    assert found.days.equals(expected.days)
    assert sorted(note.text.zh for note in found.notes) == sorted(note.text.zh for note in expected.notes)
    assert any("30 行" in note.text.zh for note in found.notes)


def refused(files: list[Path], version: str = lantian.__version__) -> str:
    with pytest.raises(Refusal) as told:
        by_shares(files, 12, version=version)
    return str(told.value)


def test_faults_are_refused_with_the_messages_of_one_process(hours: pl.DataFrame, tmp_path: Path) -> None:
    good, other, unit, text, early, zeros = (
        tmp_path / name for name in ("a.parquet", "b.parquet", "c.csv", "d.csv", "e.csv", "f.parquet")
    )
    hours.write_parquet(good)
    hours.slice(100, 3).with_columns(pl.col("co(0.1 mg/m3)").fill_null(0) + 1).write_parquet(other)
    unit.write_text("station,city,time,so2(ppm)\nS1,市,2026-01-01 01:00,5\n", encoding="utf-8")
    text.write_text("station,city,time,so2\nS1,市,2026-01-01 01:00,坏\n", encoding="utf-8")
    early.write_text("station,city,time,so2\nS1,市,2011-01-01 01:00,5\n", encoding="utf-8")
    hours.with_columns(pl.col("so2") * 0).write_parquet(zeros)
    for files in ([good, other], [unit], [text], [early], [zeros]):
        with pytest.raises(Refusal) as expected:
            evaluated_hours(files, silent)
        assert refused(files) == str(expected.value)


def test_another_version_on_a_worker_is_refused(hours: pl.DataFrame, tmp_path: Path) -> None:
    hours.write_parquet(tmp_path / "a.parquet")
    assert "0.0.0 版" in refused([tmp_path / "a.parquet"], version="0.0.0")


def test_what_is_missing_is_said_before_anything_is_computed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = ["air", "evaluate", "--out", str(tmp_path / "out"), "--cluster", "spark://127.0.0.1:1"]
    hourly = [*command, "--hourly", str(tmp_path)]

    def answer(*own: str) -> str:
        found = CliRunner().invoke(app, own).exception
        assert isinstance(found, Refusal)
        return str(found)

    assert "--cluster 只用于站点小时值" in answer(*command, "--daily", str(tmp_path))
    monkeypatch.setattr(cluster, "find_spec", lambda name: None)
    assert "lantian[cluster]" in answer(*hourly)
    monkeypatch.setattr(cluster, "find_spec", lambda name: name)
    monkeypatch.setattr(cluster.shutil, "which", lambda name: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    assert "Java 17" in answer(*hourly)
    monkeypatch.setenv("JAVA_HOME", "/usr")
    assert "没有应答" in answer(*hourly)
