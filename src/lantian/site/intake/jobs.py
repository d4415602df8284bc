"""Jobs of the intake: reading a table of city days, reading a plan's document."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

from lantian.site.access import Action
from lantian.site.facts import simulated
from lantian.site.intake.models import Upload
from lantian.site.intake.services import AIR_JOB, under_its_name
from lantian.site.jobs.registry import Handle, job
from lantian.site.journal.services import write


@job(AIR_JOB, label="导入空气数据", needs=Action.IMPORT_AIR)
def import_air(handle: Handle, upload: int, cities: list[str]) -> dict[str, Any]:
    """Imports a kept table; simulated entries of a city that now has real days go.

    Errors  Refusal
    """
    from lantian.work.air_import import import_city_days

    kept = Upload.objects.get(pk=upload)
    with under_its_name(kept) as file:
        report = import_city_days(
            settings.DATA, file, now=handle.now(), user=str(handle.by or "系统"), cities=cities, progress=handle.progress
        )
    counts = {
        "新增（天）": report.rows_new,
        "更改（天）": report.rows_changed,
        "未变（天）": report.rows_same,
        "隔离（行）": len(report.quarantined),
    }
    if not report.repeated:
        after = {"import": report.import_id, "file": kept.name, **counts}
        write("intake.air_imported", f"空气数据 {kept.name}"[:200], by=handle.by, now=handle.now(), after=after)
    removed = simulated.clear_where_real()
    if removed:
        write("intake.simulated_removed", "模拟填报", by=handle.by, now=handle.now(), after={"rows": removed})
    rows = [["读到（行）", report.rows_read], *([words, number] for words, number in counts.items())]
    if report.simulated_removed:
        rows.append(["删除的模拟数据（天）", report.simulated_removed])
    again = "内容与以前的一次导入相同，没有变化。" if report.repeated else ""
    return {
        "summary": again or f"{'、'.join(report.cities) or '没有城市'}：新增 {report.rows_new} 天，更改 {report.rows_changed} 天。",
        "rows": rows,
        "url": reverse("intake:air_import", args=[report.import_id]),
        "link": "查看导入结果",
    }
