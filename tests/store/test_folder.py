"""The data folder: private, with a format number, a secret made once."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest

from lantian.basis.finding import Refusal
from lantian.store.folder import FORMAT, check, prepare, secret, write_whole


def test_a_new_folder_is_private_and_carries_its_format(tmp_path: Path, now: datetime) -> None:
    folder = prepare(tmp_path / "a" / "data", now=now)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert json.loads((folder / "format.json").read_text())["format"] == FORMAT == check(folder)


def test_preparing_again_changes_nothing(data: Path, now: datetime) -> None:
    prepare(data, now=now)
    before = (data / "format.json").read_bytes()
    prepare(data, now=now.replace(year=2030))
    assert (data / "format.json").read_bytes() == before


def test_a_newer_format_is_refused(data: Path, now: datetime) -> None:
    write_whole(data / "format.json", json.dumps({"format": FORMAT + 1}))
    with pytest.raises(Refusal, match="请升级程序"):
        prepare(data, now=now)
    with pytest.raises(Refusal, match="请升级程序"):
        secret(data)


@pytest.mark.parametrize("text", ["", "{}", '{"format": "1"}', '{"format": 0}', "[1]"])
def test_a_damaged_format_file_is_refused(data: Path, text: str) -> None:
    write_whole(data / "format.json", text)
    with pytest.raises(Refusal, match="读不懂"):
        check(data)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path, now: datetime) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(Refusal, match="数据目录建不了"):
        prepare(tmp_path / "file" / "data", now=now)


def test_the_secret_is_made_once_and_private(data: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: secret(data), range(16)))
    assert len(found) == 1
    assert len(found.pop()) >= 50
    assert stat.S_IMODE((data / "secret").stat().st_mode) == 0o600
    assert [file.name for file in data.iterdir()] == ["secret"]
