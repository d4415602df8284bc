"""The picture of a daily report, made by the worker: drawing libraries never come into the web process."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from lantian.site.access import Action
from lantian.site.desk.content import from_json
from lantian.site.desk.services.report import PICTURE_JOB, keep_picture
from lantian.site.jobs.registry import Handle, job


@job(PICTURE_JOB, label="生成日报图片", needs=Action.READ_DESK)
def report_picture(handle: Handle, content: dict[str, Any]) -> dict[str, Any]:
    """Keeps the picture of a report's content.

    Errors  Refusal where no Chinese font is installed
    """
    from lantian.render.report_png import report_png

    report = from_json(content)
    handle.progress(0, 1, "绘制图片")
    picture = keep_picture(report, report_png(report), now=handle.now())
    handle.progress(1, 1, "已保存")
    return {
        "summary": f"日报图片已生成（{len(picture.png) // 1024} kB）。",
        "url": reverse("desk:report", args=[report.day.isoformat()]),
        "link": "查看日报",
    }
