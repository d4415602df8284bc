"""Jobs of the air pages: data quality of the months that changed, each night; changes of the register of stations."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.conf import settings
from django.urls import reverse

from lantian.site.access import Action
from lantian.site.ambient.asking import VALUES
from lantian.site.ambient.quality_services import QUALITY_JOB
from lantian.site.ambient.station_services import IMPORT_JOB, STATIONS_JOB, station_told, subject, told
from lantian.site.intake.models import Upload
from lantian.site.intake.services import under_its_name
from lantian.site.jobs.clock_work import ClockWork, declare
from lantian.site.jobs.registry import Handle, job
from lantian.site.journal.services import write
from lantian.store.stations import StationReader

# After the lake's upkeep at 03:20, which changes the files the checks are made from.
declare(ClockWork(QUALITY_JOB, at=time(3, 45)))


@job(QUALITY_JOB, label="检查数据质量", needs=Action.KEEP_AIR)
def check(handle: Handle, month: str = "") -> dict[str, Any]:
    """Checks the months of station hours that changed since they were checked, or one month."""
    from lantian.work.station_quality import changed_months, check_months

    rows, newest = [], ""
    for values, words in VALUES.items():
        months = [one for one in changed_months(settings.DATA, values) if month in ("", one)]
        found = check_months(settings.DATA, months, now=handle.now(), values=values, progress=handle.progress)
        rows += [[f"{one.month}（{words}）", f"{len(one.findings)} 条提示"] for one in found]
        newest = max([newest, *months])
    return {
        "summary": f"检查了 {len(rows)} 个月。" if rows else "没有月份的数据有变化。",
        "rows": rows,
        "url": reverse("ambient:quality") + (f"?month={newest}" if newest else ""),
        "link": "查看数据质量",
    }


@job(STATIONS_JOB, label="更改站点登记", needs=Action.KEEP_AIR)
def change_stations(handle: Handle, kind: str, rows: list[dict[str, Any]], note: str = "") -> dict[str, Any]:
    """Writes rows into the register or takes them out; the days of the places they count for are computed anew.

    Errors  Refusal where a row overlaps another one of its station, or another process writes
    """
    from lantian.work.station_register import keep_stations, take_out_stations

    stations = [station_told(row) for row in rows]
    before = StationReader(settings.DATA).stations()
    change = take_out_stations if kind == "take_out" else keep_stations
    user = str(handle.by or "系统")
    done = change(settings.DATA, stations, now=handle.now(), user=user, progress=handle.progress)
    for one in stations:
        known = next((old for old in before if (old.code, old.valid_from) == (one.code, one.valid_from)), None)
        if kind != "take_out" and known == one:
            continue
        written = {"before": told(known) if known else {}, "after": {} if kind == "take_out" else told(one)}
        action = "ambient.station_withdrawn" if kind == "take_out" else "ambient.station_kept"
        write(action, subject(one), by=handle.by, now=handle.now(), **written, note=note)
    said = "已撤回" if kind == "take_out" else "已写入登记"
    last = stations[-1]
    places = "、".join(done.places)
    return {
        "summary": f"{last.code} {last.name} {said}。"
        + (f"重算 {places} 共 {done.days_recomputed} 天。" if places else ""),
        "rows": [
            ["新增（行）", done.new],
            ["更改（行）", done.changed],
            ["重算的城市和县区日（天）", done.days_recomputed],
        ],
        "url": reverse("ambient:stations"),
        "link": "查看站点登记",
    }


@job(IMPORT_JOB, label="导入站点登记表", needs=Action.KEEP_AIR)
def import_register(handle: Handle, upload: int) -> dict[str, Any]:
    """Imports a kept table of stations; rows that cannot be taken stand in the import's list with their reason.

    Errors  Refusal
    """
    from lantian.work.station_register import import_stations

    kept = Upload.objects.get(pk=upload)
    user = str(handle.by or "系统")
    with under_its_name(kept) as file:
        done = import_stations(settings.DATA, file, now=handle.now(), user=user, progress=handle.progress)
    counts = {
        "新增（行）": done.new,
        "更改（行）": done.changed,
        "未变（行）": done.same,
        "未写入（行）": len(done.aside),
    }
    after = {"file": kept.name, "import": done.import_id, **counts}
    if done.new or done.changed:
        write("ambient.stations_imported", f"站点登记表 {kept.name}"[:200], by=handle.by, now=handle.now(), after=after)
    return {
        "summary": f"新增 {done.new} 行，更改 {done.changed} 行，未写入 {len(done.aside)} 行；重算 {done.days_recomputed} 天。",
        "rows": [["读到（行）", done.rows_read], *([words, number] for words, number in counts.items())],
        "url": reverse("ambient:stations"),
        "link": "查看站点登记",
    }
