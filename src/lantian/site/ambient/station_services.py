"""Changes of the register of stations asked for: kept as jobs, since the days they touch are computed anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction

from lantian.site import uploads
from lantian.site.intake.models import Upload
from lantian.site.intake.services import PASTED
from lantian.site.jobs.models import Job
from lantian.site.jobs.services import start
from lantian.site.journal.services import register
from lantian.site.people.models import User
from lantian.store.stations import ROLES, Station

STATIONS_JOB = "ambient.stations"
IMPORT_JOB = "ambient.stations_import"
TABLES = uploads.TABLES | {"txt"}

register(
    {
        "ambient.station_kept": "登记或更改站点",
        "ambient.station_withdrawn": "撤回站点登记",
        "ambient.stations_imported": "导入站点登记表",
    }
)


@transaction.atomic
def ask_to_keep(rows: Sequence[Station], note: str, *, by: User, now: datetime) -> Job:
    """The job that writes rows a person entered."""
    return _asked("keep", rows, note, by=by, now=now)


@transaction.atomic
def ask_to_take_out(row: Station, reason: str, *, by: User, now: datetime) -> Job:
    """The job that takes a row out which was entered by mistake."""
    return _asked("take_out", [row], reason, by=by, now=now)


def _asked(kind: str, rows: Sequence[Station], note: str, *, by: User, now: datetime) -> Job:
    arguments = {"kind": kind, "rows": [told(one) for one in rows], "note": note.strip()}
    code = rows[-1].code
    label = f"{'撤回' if kind == 'take_out' else '登记或更改'}站点 {code}"
    return start(STATIONS_JOB, arguments, by=by, now=now, unique=f"{STATIONS_JOB}:{code}", label=label[:200])


def receive(file: UploadedFile[bytes] | None, pasted: str, *, by: User, now: datetime) -> Upload:
    """The table as it came, kept; a pasted one as a text file.

    Errors  Refusal
    """
    if file is None:
        if not pasted.strip():
            zh = "请选择文件，或把表格（连同表头）粘贴到框里。"
            raise uploads.refused("STATIONS-NOTHING", zh, "Nothing was given.", "")
        file = SimpleUploadedFile(PASTED, pasted.encode())
    return uploads.keep(file, TABLES, by=by, now=now)


def ask_to_import(upload: Upload, *, by: User, now: datetime) -> Job:
    """The job that imports a kept table of stations."""
    arguments = {"upload": upload.pk}
    label = f"导入站点登记表：{upload.name}"[:200]
    return start(IMPORT_JOB, arguments, by=by, now=now, unique=f"{IMPORT_JOB}:{upload.digest}", label=label)


def subject(one: Station) -> str:
    """A station as the journal names it."""
    return f"站点 {one.code} {one.name}"[:200]


def told(one: Station) -> dict[str, Any]:
    """A row as JSON can hold it."""
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(one).items()}


def station_told(row: dict[str, Any]) -> Station:
    """The row that was told.

    Errors  ValueError for another role
    """
    if row["role"] not in ROLES:
        raise ValueError(row["role"])
    until = row["valid_until"]
    ends = {
        "valid_from": date.fromisoformat(row["valid_from"]),
        "valid_until": date.fromisoformat(until) if until else None,
    }
    return Station(**{**row, **ends})
