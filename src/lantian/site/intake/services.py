"""What is done with what came in: a table of city days is kept and queued; the journal says so."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction

from lantian.site import uploads
from lantian.site.intake.models import Upload
from lantian.site.jobs.models import Job
from lantian.site.jobs.services import start
from lantian.site.journal.services import register, write

if TYPE_CHECKING:
    from lantian.site.people.models import User

AIR_JOB = "intake.air"
PASTED = "粘贴的表格.txt"

register(
    {
        "intake.air_received": "上传空气数据",
        "intake.air_imported": "导入空气数据",
        "intake.simulated_removed": "删除模拟填报",
        "intake.plan_received": "上传方案文件",
        "intake.plan_imported": "识别方案文件",
        "intake.plan_settled": "处理方案差异",
        "intake.plan_changed": "修改方案内容",
        "intake.plan_finished": "完成方案",
    }
)


@transaction.atomic
def receive_air(file: UploadedFile[bytes] | None, pasted: str, *, by: User, now: datetime) -> Upload:
    """The table as it came, kept; a pasted one as a text file.

    Errors  Refusal
    """
    if file is None:
        if not pasted.strip():
            zh = "请选择文件，或把表格（连同表头）粘贴到框里。"
            raise uploads.refused("INTAKE-NOTHING", zh, "Nothing was given.", "")
        file = SimpleUploadedFile(PASTED, pasted.encode())
    kept = uploads.keep(file, uploads.AIR_TABLES, by=by, now=now)
    write(
        "intake.air_received", kept, by=by, now=now, after={"name": kept.name, "size": kept.size, "sha256": kept.digest}
    )
    return kept


def start_air(upload: Upload, cities: Sequence[str], *, by: User, now: datetime, values: str = "") -> Job:
    """The job that imports a kept table; one at a time for the same bytes. ``values`` realtime, reviewed or as the
    table says."""
    arguments = {"upload": upload.pk, "cities": list(cities), "values": values}
    label = f"导入空气数据：{upload.name}"[:200]
    return start(AIR_JOB, arguments, by=by, now=now, unique=f"{AIR_JOB}:{upload.digest}", label=label)


@contextmanager
def under_its_name(upload: Upload) -> Iterator[Path]:
    """The kept file under the name it came with, for as long as it is read; reports then name what people know."""
    with tempfile.TemporaryDirectory(prefix="lantian-intake-") as folder:
        link = Path(folder) / upload.name
        os.symlink(uploads.path_of(upload), link)
        yield link
