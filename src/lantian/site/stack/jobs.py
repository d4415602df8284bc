"""Jobs about outlets: taking in a platform's table."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from lantian.site.access import Action
from lantian.site.intake.models import Upload
from lantian.site.intake.services import under_its_name
from lantian.site.jobs.registry import Handle, job
from lantian.site.stack import services

IMPORT_JOB = "stack.import"


@job(IMPORT_JOB, label="导入污染源平台数据", needs=Action.KEEP_STACK)
def import_platform_table(handle: Handle, upload: int) -> dict[str, Any]:
    """Takes a kept table in.

    Errors  Refusal
    """
    from lantian.store.stack.imports import days_of
    from lantian.store.stack.outlets import outlets
    from lantian.work.stack_import import import_table

    kept = Upload.objects.get(pk=upload)
    with under_its_name(kept) as file:
        done = import_table(
            settings.DATA,
            file,
            outlets(settings.DATA),
            by=str(handle.by or "系统"),
            now=handle.now(),
            progress=handle.progress,
        )
    if done.batch:
        counts = {"batch": done.batch, "new": done.new, "revised": done.revised, "refused": done.refused}
        services.table_imported(kept.name, counts, by=handle.by, now=handle.now())
        services.judge_again(days_of(settings.DATA, done.batch), by=handle.by, now=handle.now())
    summary = f"新值 {done.new} 个（其中更正 {done.revised} 个），整行未采用 {done.refused} 行。"
    return {
        "summary": summary if done.batch else "内容都已导入过，没有变化。",
        "rows": [
            ["读到（行）", done.rows],
            ["新值（个）", done.new],
            ["更正（个）", done.revised],
            ["已有（个）", done.same],
            ["未采用（行）", done.refused],
        ],
        "url": reverse("stack:intake"),
        "link": "查看导入记录",
    }
