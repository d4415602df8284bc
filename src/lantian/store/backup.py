"""One file with everything in the data folder, and the way back: whole or not at all.

The archive is a .tar.gz: ``manifest.json`` first (format, time, SHA-256 and size of every file), then the files.
Databases are copied with SQLite's backup API, so the program may run meanwhile.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from lantian.basis.finding import Refusal
from lantian.store import lake
from lantian.store.air_file import AIR_FILE, raise_version
from lantian.store.folder import FORMAT, FORMAT_FILE, SECRET_FILE, check, format_number, make, refusal
from lantian.store.stack import lake as stack_lake
from lantian.store.stack.outlets import OUTLETS_FILE
from lantian.store.stack.stack_file import STACK_FILE

MANIFEST = "manifest.json"
FOLDERS = ("plans", "layouts", "evidence", "released", "geo")
FILES = (FORMAT_FILE, SECRET_FILE, OUTLETS_FILE)
_BLOCK = 1 << 20
_MANIFEST_BYTES = 64 << 20

Progress = Callable[[int, int, str], None]


def silent(done: int, total: int, text: str) -> None:
    """A progress callback that shows nothing."""


def backup(data: Path, target: Path, *, now: datetime, progress: Progress = silent) -> Path:
    """The backup file, written beside its name and then renamed.

    Errors  Refusal where the folder does not exist, was written by a newer program, or the target cannot be written
    """
    if not data.is_dir():
        raise refusal("STORE-BACKUP-NO-DATA", "没有这个数据目录，无可备份", "there is no such data folder", data)
    number = check(data) or FORMAT
    try:
        with tempfile.TemporaryDirectory(prefix=".lantian-backup-", dir=target.parent) as folder:
            copies = Path(folder)
            sources = _copies(data, copies, progress)
            draft = copies / "archive"
            _write(draft, sources, number, now, progress)
            os.chmod(draft, 0o600)  # it holds the secret
            draft.replace(target)
    except OSError as error:
        raise refusal(
            "STORE-BACKUP-UNWRITABLE",
            f"备份文件写不了（{error.strerror or error}）。请检查目录是否存在、是否有空间和写入权限",
            f"the backup cannot be written ({error.strerror or error}); check folder, space and permissions",
            target,
        ) from None
    return target


def _copies(data: Path, copies: Path, progress: Progress) -> list[tuple[str, Path]]:
    """Name in the archive and file to read it from; databases copied first, in a consistent state."""
    sources: list[tuple[str, Path]] = []
    databases = sorted(data.glob("*.sqlite"))
    for done, file in enumerate(databases):
        progress(done, len(databases), f"复制 {file.name}")
        _copy_database(file, copies / file.name)
        sources.append((file.name, copies / file.name))
    for name in FILES:
        if (data / name).is_file():
            sources.append((name, data / name))
    for name in FOLDERS:
        found = sorted(file for file in (data / name).rglob("*") if file.is_file() and not file.is_symlink())
        sources += [(file.relative_to(data).as_posix(), file) for file in found]
    return sources + [(path, data / path) for path in _lake_files(copies)]


def _lake_files(copies: Path) -> list[str]:
    """Files of both lakes that count by the copied manifests: no draft, none that was replaced."""
    return [*_counting(copies / AIR_FILE, lake.counting), *_counting(copies / STACK_FILE, stack_lake.counting)]


def _counting(manifest: Path, counting: Callable[[sqlite3.Connection], list[str]]) -> list[str]:
    if not manifest.is_file():
        return []
    with contextlib.closing(sqlite3.connect(f"file:{manifest}?mode=ro", uri=True)) as database:
        return counting(database)


def _copy_database(file: Path, copy: Path) -> None:
    with (
        contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=20)) as source,
        contextlib.closing(sqlite3.connect(copy)) as goal,
    ):
        source.backup(goal)


def _write(draft: Path, sources: list[tuple[str, Path]], number: int, now: datetime, progress: Progress) -> None:
    files = {name: {"sha256": _digest(file), "bytes": file.stat().st_size} for name, file in sources}
    manifest = {"schema": "lantian-backup/1", "format": number, "made_at": now.isoformat(), "files": files}
    text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    with draft.open("wb") as raw, tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6) as archive:
        head = tarfile.TarInfo(MANIFEST)
        head.size, head.mode, head.mtime = len(text), 0o600, int(now.timestamp())
        archive.addfile(head, io.BytesIO(text))
        for done, (name, file) in enumerate(sources):
            progress(done, len(sources), name)
            archive.add(file, arcname=name, recursive=False)
        progress(len(sources), len(sources), "")
    with draft.open("rb") as written:
        os.fsync(written.fileno())


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def restore(
    file: Path, data: Path, *, now: datetime, replace: bool = False, progress: Progress = silent
) -> Path | None:
    """Puts a backup back; returns where the former folder was kept, None where there was none.

    Everything is unpacked beside the folder and verified before anything is moved.
    Errors  Refusal for a damaged or newer archive, and for a folder that is not empty unless ``replace``
    """
    occupied = data.is_dir() and any(data.iterdir())
    if occupied and not replace:
        raise refusal(
            "STORE-RESTORE-NOT-EMPTY",
            "数据目录不是空的，没有恢复。请换一个目录，或加 --replace（原目录改名留存）",
            "the data folder is not empty, nothing was restored; name another, or add --replace (the old one is kept)",
            data,
        )
    make(data.parent)
    fresh = Path(tempfile.mkdtemp(prefix=f".{data.name}-restore-", dir=data.parent))
    try:
        _unpack(file, fresh, progress)
        _touch_versions(fresh, now, file)
        return _swap(fresh, data, now, occupied)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _swap(fresh: Path, data: Path, now: datetime, occupied: bool) -> Path | None:
    kept = None
    if occupied:
        kept = data.with_name(f"{data.name}.before-restore-{now:%Y%m%dT%H%M%S}")
        data.rename(kept)
    elif data.is_dir():
        data.rmdir()
    os.chmod(fresh, 0o700)
    fresh.rename(data)
    return kept


def _damaged(file: Path, zh: str, en: str) -> Refusal:
    return refusal(
        "STORE-BACKUP-DAMAGED",
        f"{zh}，没有恢复任何内容。请换一份备份",
        f"{en}; nothing was restored. Use another backup",
        file,
    )


def _unpack(file: Path, fresh: Path, progress: Progress) -> None:
    try:
        with tarfile.open(file, mode="r:gz") as archive:
            members = iter(archive)
            listed = _manifest(archive, next(members, None), file)
            found: set[str] = set()
            for member in members:
                name = _safe(member, listed, file)
                progress(len(found), len(listed), name)
                _extract(archive, member, fresh / name, listed[name], file)
                found.add(name)
    except FileNotFoundError:
        raise refusal("STORE-BACKUP-ABSENT", "没有这个备份文件。请检查路径", "there is no such file", file) from None
    except (tarfile.TarError, EOFError, OSError) as error:
        raise _damaged(file, f"备份文件读不完（{error}）", f"the archive cannot be read ({error})") from None
    missing = sorted(listed.keys() - found)
    if missing:
        raise _damaged(file, f"备份里缺少 {missing[0]}", f"the archive lacks {missing[0]}")


def _manifest(archive: tarfile.TarFile, member: tarfile.TarInfo | None, file: Path) -> dict[str, Any]:
    """Files the archive says it holds."""
    stream = archive.extractfile(member) if member and member.name == MANIFEST and member.isfile() else None
    if stream is None or member is None or member.size > _MANIFEST_BYTES:
        raise _damaged(file, "这不是本程序的备份文件", "this is no backup of this program")
    try:
        whole = json.loads(stream.read())
        files = whole["files"]
        format_number(json.dumps({"format": whole["format"]}), file)
        if whole["schema"] != "lantian-backup/1" or not isinstance(files, dict):
            raise ValueError
    except (ValueError, KeyError, TypeError):
        raise _damaged(file, "备份清单读不懂", "its manifest cannot be read") from None
    return files


def _safe(member: tarfile.TarInfo, listed: dict[str, Any], file: Path) -> str:
    """Name of a member that may be written: a listed plain file inside the folder."""
    path = PurePosixPath(member.name)
    inside = not path.is_absolute() and ".." not in path.parts and "\\" not in member.name
    if not inside or not member.isfile() or member.name not in listed:
        raise _damaged(file, f"备份里有不该有的内容 {member.name}", f"it holds {member.name}, which does not belong")
    return member.name


def _extract(archive: tarfile.TarFile, member: tarfile.TarInfo, goal: Path, want: Any, file: Path) -> None:
    goal.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    stream = archive.extractfile(member)
    whole = hashlib.sha256()
    handle = os.open(goal, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        for block in _blocks(stream):
            whole.update(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    if not isinstance(want, dict) or whole.hexdigest() != want.get("sha256"):
        raise _damaged(file, f"{member.name} 与清单的校验值不符", f"{member.name} does not match its digest")


def _blocks(stream: Any) -> Iterator[bytes]:
    while block := stream.read(_BLOCK):
        yield block


def _touch_versions(fresh: Path, now: datetime, archive: Path) -> None:
    """Raises the data version of restored air data, so that what was kept of the former folder is not taken for it."""
    if not (fresh / AIR_FILE).is_file():
        return
    try:
        with contextlib.closing(sqlite3.connect(fresh / AIR_FILE)) as database, database:
            raise_version(database, now)
    except sqlite3.Error as error:
        raise _damaged(archive, f"{AIR_FILE} 打不开（{error}）", f"{AIR_FILE} cannot be opened ({error})") from None
