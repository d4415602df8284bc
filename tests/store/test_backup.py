"""Backup and restore: round trip, damage, newer format, names that lead outside, whole or nothing."""

from __future__ import annotations

import io
import json
import sqlite3
import tarfile
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from lantian.basis.finding import Refusal
from lantian.basis.period import Days
from lantian.store.air import AirReader
from lantian.store.backup import backup, restore
from lantian.store.folder import FORMAT, prepare, secret
from lantian.work.simulate import simulate_city

DAYS = Days(date(2025, 1, 1), date(2025, 1, 31))


@pytest.fixture
def filled(data: Path, now: datetime) -> Path:
    """A folder with air, another database, a plan, evidence and a secret."""
    prepare(data, now=now)
    secret(data)
    simulate_city(data, "鸡西", "230300", seed=1, first=DAYS.first, last=DAYS.last, now=now)
    with sqlite3.connect(data / "people.sqlite") as database:
        database.execute("CREATE TABLE t (x)")
        database.execute("INSERT INTO t VALUES (42)")
    database.close()
    for name, content in (
        ("plans/a/plan.yaml", "id: a\n"),
        ("evidence/ab/abc", "证据"),
        ("layouts/x.yaml", "id: x\n"),
        ("geo/counties.json", "{}"),
    ):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text(content, "utf-8")
    (data / "air.lock").write_text("")
    return data


def test_round_trip(filled: Path, tmp_path: Path, now: datetime) -> None:
    seen: list[str] = []
    file = backup(filled, tmp_path / "b.tar.gz", now=now, progress=lambda done, total, text: seen.append(text))
    assert file.stat().st_mode & 0o777 == 0o600
    assert "复制 air.sqlite" in seen
    goal = tmp_path / "other"
    assert restore(file, goal, now=now) is None
    assert AirReader(goal).days("鸡西", DAYS) == AirReader(filled).days("鸡西", DAYS)
    assert secret(goal) == secret(filled)
    assert goal.stat().st_mode & 0o777 == 0o700
    for name in ("plans/a/plan.yaml", "evidence/ab/abc", "layouts/x.yaml", "geo/counties.json", "format.json"):
        assert (goal / name).read_bytes() == (filled / name).read_bytes()
    with sqlite3.connect(goal / "people.sqlite") as database:
        assert database.execute("SELECT x FROM t").fetchone() == (42,)
    database.close()
    assert not (goal / "air.lock").exists()


def test_the_version_of_restored_air_is_a_new_one(filled: Path, tmp_path: Path, now: datetime) -> None:
    before = AirReader(filled).version()
    file = backup(filled, tmp_path / "b.tar.gz", now=now)
    restore(file, filled, now=now + timedelta(hours=1), replace=True)
    assert AirReader(filled).version() > before


def test_a_folder_in_use_is_kept_when_replaced(filled: Path, tmp_path: Path, now: datetime) -> None:
    file = backup(filled, tmp_path / "b.tar.gz", now=now)
    with pytest.raises(Refusal, match="不是空的"):
        restore(file, filled, now=now)
    (filled / "later").write_text("x")
    kept = restore(file, filled, now=now, replace=True)
    assert kept is not None
    assert (kept / "later").read_text() == "x"
    assert not (filled / "later").exists()


def rewritten(file: Path, goal: Path, **changes: bytes | None) -> Path:
    """The archive with files changed (bytes), left out (None) or added."""
    with tarfile.open(file) as old, tarfile.open(goal, "w:gz") as new:
        for member in old:
            content = old.extractfile(member).read()  # type: ignore[union-attr]
            if member.name in changes:
                change = changes.pop(member.name)
                if change is None:
                    continue
                content = change
            member.size = len(content)
            new.addfile(member, io.BytesIO(content))
        for name, content in changes.items():
            member = tarfile.TarInfo(name)
            member.size = len(content or b"")
            new.addfile(member, io.BytesIO(content or b""))
    return goal


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"evidence/ab/abc": b"other"}, "校验值不符"),
        ({"evidence/ab/abc": None}, "缺少 evidence/ab/abc"),
        ({"../outside": b"x"}, "不该有的内容"),
        ({"/tmp/outside": b"x"}, "不该有的内容"),
        ({"plans/extra": b"x"}, "不该有的内容"),
        ({"manifest.json": b"{}"}, "清单读不懂"),
    ],
)
def test_an_archive_that_was_touched_restores_nothing(
    filled: Path, tmp_path: Path, now: datetime, changes: dict[str, bytes | None], message: str
) -> None:
    file = rewritten(backup(filled, tmp_path / "b.tar.gz", now=now), tmp_path / "c.tar.gz", **changes)
    goal = tmp_path / "goal" / "data"
    with pytest.raises(Refusal, match=message):
        restore(file, goal, now=now)
    assert not goal.exists()
    assert list(goal.parent.iterdir()) == []
    assert not (tmp_path / "outside").exists()


def test_a_cut_archive_restores_nothing(filled: Path, tmp_path: Path, now: datetime) -> None:
    file = backup(filled, tmp_path / "b.tar.gz", now=now)
    whole = file.read_bytes()
    for share in (0, 20, len(whole) // 2, len(whole) * 2 // 3):
        cut = tmp_path / "cut.tar.gz"
        cut.write_bytes(whole[:share])
        with pytest.raises(Refusal, match="没有恢复任何内容"):
            restore(cut, tmp_path / "goal", now=now)
        assert not (tmp_path / "goal").exists()


def test_a_backup_of_a_newer_program_is_refused(filled: Path, tmp_path: Path, now: datetime) -> None:
    file = backup(filled, tmp_path / "b.tar.gz", now=now)
    with tarfile.open(file) as archive:
        manifest = json.load(archive.extractfile("manifest.json"))  # type: ignore[arg-type]
    manifest["format"] = FORMAT + 1
    newer = rewritten(file, tmp_path / "n.tar.gz", **{"manifest.json": json.dumps(manifest).encode()})
    with pytest.raises(Refusal, match="请升级程序"):
        restore(newer, tmp_path / "goal", now=now)


def test_what_cannot_be_backed_up_or_found_is_refused(tmp_path: Path, data: Path, now: datetime) -> None:
    with pytest.raises(Refusal, match="没有这个数据目录"):
        backup(tmp_path / "none", tmp_path / "b.tar.gz", now=now)
    with pytest.raises(Refusal, match="写不了"):
        backup(data, tmp_path / "none" / "b.tar.gz", now=now)
    with pytest.raises(Refusal, match="没有这个备份文件"):
        restore(tmp_path / "none.tar.gz", tmp_path / "goal", now=now)
