"""The data folder: made private, with a format number and a secret, refused where a newer program wrote it.

Layout: ``format.json``, ``secret`` (0600), ``people.sqlite`` (site/), ``air.sqlite``, ``lake/``, ``plans/``,
``layouts/``, ``evidence/``. Format 2: station hours in ``lake/``, city days in series (kind of values, source).
"""

from __future__ import annotations

import json
import os
import secrets
from datetime import datetime
from pathlib import Path

from lantian.basis.finding import Finding, Place, Refusal, Severity, Text

FORMAT = 2  # raised with an upgrade step when the layout of the folder changes
FORMAT_FILE = "format.json"
SECRET_FILE = "secret"


def refusal(code: str, zh: str, en: str, file: Path | str | None = None) -> Refusal:
    """A refusal with one finding about a file."""
    place = Place(file=str(file) if file is not None else None)
    return Refusal(Finding(code, Severity.REFUSED, Text(zh, en), place))


def prepare(data: Path, *, now: datetime) -> Path:
    """The data folder, made (0700) with its format file where absent; one of an older format is brought up.

    Errors  Refusal where the folder cannot be made, is not a folder, or a newer program wrote it
    """
    from lantian.store import upgrade  # makes a backup first, which reads this module

    make(data)
    if (number := check(data)) != FORMAT:
        upgrade.bring_up(data, now=now)
        made = {"format": FORMAT, "made_at": now.isoformat()}
        if number is not None:
            made = {"format": FORMAT, "upgraded_from": number, "upgraded_at": now.isoformat()}
        write_whole(data / FORMAT_FILE, json.dumps(made) + "\n")
    return data


def make(data: Path) -> None:
    """Makes the folder with mode 0700; one that exists keeps its mode.

    Errors  Refusal where it cannot be made or is a file
    """
    if data.is_dir():
        return
    try:
        data.mkdir(parents=True, mode=0o700, exist_ok=True)
    except OSError as error:
        raise refusal(
            "STORE-FOLDER-UNUSABLE",
            f"数据目录建不了（{error.strerror}）。请检查路径和写入权限，或用 --data 指定别的目录",
            f"the data folder cannot be made ({error.strerror}); check path and permissions, or use --data",
            data,
        ) from None


def check(data: Path) -> int | None:
    """Format number of the folder; None where it has none yet.

    Errors  Refusal where a newer program wrote it or the file is damaged
    """
    try:
        text = (data / FORMAT_FILE).read_text("utf-8")
    except FileNotFoundError:
        return None
    return format_number(text, data / FORMAT_FILE)


def format_number(text: str, file: Path | str) -> int:
    """Format number in the text of a format file.

    Errors  Refusal where it is newer than this program knows, or not readable
    """
    try:
        number = json.loads(text)["format"]
        if not isinstance(number, int) or number < 1:
            raise ValueError(number)
    except (ValueError, KeyError, TypeError):
        raise refusal(
            "STORE-FORMAT-DAMAGED",
            '格式文件读不懂。请从备份恢复，或在确认数据完好后写入 {"format": 2}',
            'the format file cannot be read; restore a backup, or write {"format": 2} if the data are good',
            file,
        ) from None
    if number > FORMAT:
        raise refusal(
            "STORE-FORMAT-NEWER",
            f"数据目录的格式号是 {number}，本程序只认识到 {FORMAT}：由更新的版本写成。请升级程序后再使用",
            f"the data folder has format {number}, this program knows {FORMAT}: a newer version wrote it. Upgrade",
            file,
        )
    return int(number)


def secret(data: Path) -> str:
    """The installation's secret, made once (0600).

    Errors  Refusal where the folder cannot be made or a newer program wrote it
    """
    make(data)
    check(data)
    file = data / SECRET_FILE
    try:
        return file.read_text("utf-8").strip()
    except FileNotFoundError:
        pass
    draft = data / f".{SECRET_FILE}.{os.getpid()}.{secrets.token_hex(4)}"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as stream:
        stream.write(secrets.token_urlsafe(48) + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(draft, file)  # fails where another process was first: its secret stands, whole
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return file.read_text("utf-8").strip()


def make_private(file: Path) -> None:
    """Makes an empty file of its owner alone (a database to be), its name on the disk.

    One that is there is not touched: closing it would free the locks of this process's other connections to it, and another
    process that closes a database as the last one would then remove its log under them.
    """
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name is there too after a loss of power
    finally:
        os.close(folder)


def write_whole(file: Path, content: str | bytes, mode: int = 0o600) -> None:
    """Writes a file so that readers see the old or the new content, never a part."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content.encode() if isinstance(content, str) else content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
