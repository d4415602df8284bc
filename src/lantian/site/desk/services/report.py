"""Keeping a daily report as released, and asking the worker for its picture."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from lantian.render.daily_report import DailyReport as Content
from lantian.render.daily_report import report_text
from lantian.site.desk import content
from lantian.site.desk.models import DailyReport, ReportPicture
from lantian.site.desk.services.record import record
from lantian.site.jobs.models import Job
from lantian.site.jobs.services import start
from lantian.site.journal.services import register
from lantian.site.people.models import User
from lantian.site.people.services import region

register({"desk.report_released": "留存日报"})

PICTURE_JOB = "desk.report_png"
PICTURES_KEPT = 60


@transaction.atomic
def release(report: Content, *, by: User, now: datetime) -> DailyReport:
    """The report kept as released; the same content again gives the one already kept."""
    known = DailyReport.objects.filter(region=region(), day=report.day)
    inputs = content.digest_of(report)
    newest = known.order_by("-number").first()
    if newest and newest.inputs == inputs:
        return newest
    number = (known.aggregate(last=Max("number"))["last"] or 0) + 1
    made = DailyReport.objects.create(
        region=region(),
        day=report.day,
        number=number,
        text=report_text(report),
        content=content.as_json(report),
        inputs=inputs,
        simulated=report.simulated,
        by=by,
        at=now,
    )
    record("desk.report_released", made, by=by, now=now, after={"day": report.day, "number": number, "inputs": inputs})
    return made


def ask_for_picture(report: Content, *, by: User, now: datetime) -> Job:
    """The job that makes the picture of a report; one open job for one content."""
    digest = content.digest_of(report)
    return start(
        PICTURE_JOB,
        {"content": content.as_json(report)},
        by=by,
        now=now,
        unique=f"{PICTURE_JOB}:{digest}",
        label=f"生成日报图片 {report.day}",
    )


@transaction.atomic
def keep_picture(report: Content, png: bytes, *, now: datetime) -> ReportPicture:
    """The picture kept under its content's digest; only the newest are kept, others can be made again."""
    picture, _ = ReportPicture.objects.update_or_create(
        digest=content.digest_of(report), defaults={"region": region(), "day": report.day, "png": png, "at": now}
    )
    old = ReportPicture.objects.order_by("-at").values_list("pk", flat=True)[PICTURES_KEPT:]
    ReportPicture.objects.filter(pk__in=list(old)).delete()
    return picture
