"""Jobs of the intake: importing air tables, the lake's nightly upkeep, reading a plan's document."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.conf import settings
from django.urls import reverse

from lantian.basis.determination import VALUES
from lantian.site.access import Action
from lantian.site.facts import simulated
from lantian.site.intake.models import Upload
from lantian.site.intake.plan_services import PLAN_JOB
from lantian.site.intake.services import AIR_JOB, under_its_name
from lantian.site.jobs.clock_work import ClockWork, declare
from lantian.site.jobs.registry import Handle, job
from lantian.site.journal.services import write

LAKE_JOB = "lake.upkeep"
_NAMED = 20


@job(AIR_JOB, label="导入空气数据", needs=Action.IMPORT_AIR)
def import_air_table(handle: Handle, upload: int, cities: list[str], values: str = "") -> dict[str, Any]:
    """Imports a kept table; simulated entries of a city that now has real days go.

    Errors  Refusal
    """
    from lantian.work.air_intake import import_air
    from lantian.work.air_kinds import KINDS

    kept = Upload.objects.get(pk=upload)
    with under_its_name(kept) as file:
        report = import_air(
            settings.DATA,
            file,
            now=handle.now(),
            user=str(handle.by or "系统"),
            values=values or None,
            cities=cities,
            progress=handle.progress,
        )
    unit = "天" if report.kind == "city_days" else "行"
    counts = {
        f"新增（{unit}）": report.rows_new,
        f"更改（{unit}）": report.rows_changed,
        f"未变（{unit}）": report.rows_same,
        "隔离（行）": len(report.quarantined),
    }
    kind = f"{KINDS[report.kind].zh}（{VALUES[report.values].zh}）"
    if not report.repeated:
        after = {"import": report.import_id, "file": kept.name, "kind": kind, **counts}
        write("intake.air_imported", f"空气数据 {kept.name}"[:200], by=handle.by, now=handle.now(), after=after)
    removed = simulated.clear_where_real()
    if removed:
        write("intake.simulated_removed", "模拟填报", by=handle.by, now=handle.now(), after={"rows": removed})
    rows = [["读到（行）", report.rows_read], *([words, number] for words, number in counts.items())]
    if report.kind in ("station_hours", "station_days"):
        rows.append(["重算的城市和县区日（天）", report.days_recomputed])
    if report.simulated_removed:
        rows.append(["删除的模拟数据（天）", report.simulated_removed])
    again = "内容与以前的一次导入相同，没有变化。" if report.repeated else ""
    names = "、".join(report.cities[:_NAMED]) + ("等" if report.cities[_NAMED:] else "")
    return {
        "summary": again
        or f"{kind}，{names or '没有城市'}：新增 {report.rows_new} {unit}，更改 {report.rows_changed} {unit}。",
        "rows": rows,
        "url": reverse("intake:air_import", args=[report.import_id]),
        "link": "查看导入结果",
    }


@job(PLAN_JOB, label="识别方案文件", needs=Action.IMPORT_PLAN)
def import_plan(handle: Handle, upload: int, as_id: str) -> dict[str, Any]:
    """Reads a kept document and joins it to a plan, or makes a new plan of it.

    Errors  Refusal
    """
    from lantian.plan.read import read
    from lantian.work.plan_import import import_document

    kept = Upload.objects.get(pk=upload)
    handle.progress(0, 2, "识别文件")
    with under_its_name(kept) as file:
        reading = read(file)
    handle.progress(1, 2, "与方案对照")
    done = import_document(settings.DATA, reading, as_id=as_id or None, now=handle.now(), name=kept.name)
    counts = {
        "条款": done.articles, "目标": done.targets, "规定": done.rules, "程序": done.procedures, "责任分组": done.groups,
        "未读懂的句子": done.unparsed, "待处理的差异": done.open,
    }  # fmt: skip
    if not done.repeated:
        after = {"file": kept.name, "new": done.new, **counts}
        write("intake.plan_imported", f"{done.plan_id} {done.title}"[:200], by=handle.by, now=handle.now(), after=after)
    handle.progress(2, 2, "完成")
    said = (
        "同一份文件已经导入过，没有变化。"
        if done.repeated
        else ("已作为新方案导入，请补充后完成。" if done.new else "已并入方案。")
    )
    address = "intake:finish" if done.new else "intake:plan"
    return {
        "summary": f"{done.title}：{said}" + "".join(finding.text.zh + "。" for finding in done.findings),
        "rows": [[words, number] for words, number in counts.items()],
        "url": reverse(address, args=[done.plan_id]),
        "link": "补充并完成方案" if done.new else "查看差异",
    }


# Deep in the night, when no hour is being imported and nobody waits for the lock.
declare(ClockWork(LAKE_JOB, at=time(3, 20)))


@job(LAKE_JOB, label="整理站点小时数据", needs=Action.IMPORT_AIR)
def tidy(handle: Handle) -> dict[str, Any]:
    """Merges the late files of station hours month by month and removes what was replaced a day ago.

    Errors  Refusal
    """
    from lantian.work.lake_upkeep import tidy_lake

    done = tidy_lake(settings.DATA, now=handle.now(), progress=handle.progress)
    return {"summary": f"合并 {done.merged} 个月，清理 {done.removed} 个旧文件。"}
