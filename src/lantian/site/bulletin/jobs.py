"""Jobs: the bulletin of a month, its draft on the third of the next month, charts for pages."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django.conf import settings
from django.urls import reverse

from lantian.basis.finding import Refusal
from lantian.basis.period import DAY
from lantian.site import clock, configured
from lantian.site.access import Action
from lantian.site.bulletin import charts, drafting, selectors, services
from lantian.site.bulletin.models import Bulletin
from lantian.site.jobs.clock_work import ClockWork, declare
from lantian.site.jobs.registry import Handle, job
from lantian.store.air import AirReader

DRAFT_DAY = 3  # of the month after: real-time days are complete on the 1st, late tables and corrections come on the 2nd
MONTHLY = "bulletin.monthly"


@job(services.MAKE_JOB, label="生成月报", needs=Action.KEEP_AIR)
def make(handle: Handle, month: str, values: str = "realtime") -> dict[str, Any]:
    """Makes the bulletin of a month and keeps it.

    Errors  Refusal for a month without data; where no Chinese font is installed
    """
    kept, new = _made(handle, date.fromisoformat(f"{month}-01"), values)
    said = f"已生成 {kept}。" if new else f"内容与 {kept} 相同，没有另存。"
    return {"summary": said, "url": reverse("bulletin:month", args=[month]), "link": "查看月报"}


@job(MONTHLY, label="上月月报", needs=Action.KEEP_AIR)
def monthly(handle: Handle) -> dict[str, Any]:
    """From the third on, the bulletin of last month where there is none or where the data changed since."""
    today = clock.as_of() + DAY
    if today.day < DRAFT_DAY:
        return {"summary": f"每月 {DRAFT_DAY} 日起生成上月月报，今天不用做。"}
    first = drafting.last_month(today)
    newest = selectors.editions(first).first()
    if newest is not None and newest.data_version == AirReader(settings.DATA).version():
        return {"summary": f"{newest} 之后数据没有变化。"}
    if AirReader(settings.DATA).latest(configured.plan().cities[0]) is None:
        return {"summary": "还没有城市日均值，无月报可写。"}
    try:
        kept, new = _made(handle, first, newest.values_kind if newest else "realtime")
    except Refusal as refusal:
        return {"summary": str(refusal)}
    return {
        "summary": f"已生成 {kept}。" if new else f"数据有变化，但不影响 {kept} 的内容。",
        "url": reverse("bulletin:month", args=[f"{first:%Y-%m}"]),
        "link": "查看月报",
    }


def _made(handle: Handle, first: date, values: str) -> tuple[Bulletin, bool]:
    version = AirReader(settings.DATA).version()  # before the data are read: a change meanwhile is seen as one
    handle.progress(0, 3, "统计")
    drafted = drafting.drafted(first, clock.as_of(), values)
    handle.progress(1, 3, "绘图、排版")
    made = drafting.made(drafted)
    handle.progress(2, 3, "保存")
    return services.keep(made, values, data_version=version, by=handle.by, now=handle.now())


@job(charts.CHART_JOB, label="绘制图表", needs=Action.READ_AIR)
def chart(handle: Handle, kind: str, arguments: dict[str, str]) -> dict[str, Any]:
    """Makes one chart for a page.

    Errors  Refusal for an unknown kind or arguments, or where no Chinese font is installed
    """
    made = charts.draw(kind, arguments)
    return {"summary": f"{made.caption}。" if made.svg else "没有可画的数据。"}


declare(ClockWork(MONTHLY, time(6, 40)))
