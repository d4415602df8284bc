"""The daily report: its page, text, Word file and picture; and keeping it as released."""

from __future__ import annotations

import difflib
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from lantian.render.daily_report import DailyReport as Content
from lantian.render.daily_report import report_text, word_count
from lantian.rulebook import NoRuleError
from lantian.site import clock, configured
from lantian.site.access import Action, action
from lantian.site.desk import content, selectors
from lantian.site.desk.days import day_or_404
from lantian.site.desk.models import DailyReport, ReportPicture
from lantian.site.desk.services import report as services
from lantian.site.desk.views import viewer
from lantian.site.downloads import DOCX, TEXT, download
from lantian.site.jobs.models import Job, State


@action(Action.READ_DESK)
def newest(request: HttpRequest) -> HttpResponseBase:
    """The report of the day asked for, else of yesterday."""
    asked = request.GET.get("day")
    return redirect("desk:report", day=(day_or_404(asked) if asked else clock.as_of()).isoformat())


@action(Action.READ_DESK)
def report(request: HttpRequest, day: str) -> HttpResponse:
    """The report of a day: text to copy, Word, picture, and what was kept of it."""
    found = _present(request, day)
    kept = selectors.released(found.day, configured.plan().region)
    text = report_text(found)
    context = {
        "report": found,
        "text": text,
        "length": word_count(text),
        "kept": kept,
        "difference": _difference(kept[0].text, text) if kept and kept[0].text != text else None,
        "same_as_kept": bool(kept) and kept[0].inputs == content.digest_of(found),
        "is_latest": found.day == clock.as_of(),
        **_picture(found),
    }
    return render(request, "desk/report.html", context)


@action(Action.READ_DESK)
def picture_part(request: HttpRequest, day: str) -> HttpResponse:
    """The part of the report's page that holds the picture or the progress of making it."""
    found = _present(request, day)
    return render(request, "desk/_picture.html", {"report": found, **_picture(found)})


@action(Action.READ_DESK)
def text(request: HttpRequest, day: str) -> HttpResponse:
    """The report as plain text."""
    return HttpResponse(report_text(_asked(request, day)), content_type=TEXT)


@action(Action.READ_DESK)
def docx(request: HttpRequest, day: str) -> HttpResponse:
    """The report as a Word file."""
    from lantian.render.report_docx import report_docx  # imported when a file is asked for

    found = _asked(request, day)
    return download(report_docx(found), DOCX, f"{found.title} {found.day}.docx")


@action(Action.READ_DESK)
def png(request: HttpRequest, day: str, digest: str) -> HttpResponse:
    """A picture the worker made."""
    picture = get_object_or_404(ReportPicture, digest=digest, day=day_or_404(day))
    name = f"日报 {picture.day}.png"
    if request.GET.get("download"):
        return download(bytes(picture.png), "image/png", name)
    answer = HttpResponse(bytes(picture.png), content_type="image/png")
    answer["Cache-Control"] = "private, max-age=86400"
    return answer


@action(Action.READ_DESK)
@require_POST
def make_picture(request: HttpRequest, day: str) -> HttpResponseBase:
    """Asks the worker for the picture."""
    services.ask_for_picture(_present(request, day), by=viewer(request), now=clock.now())
    return redirect("desk:report", day=day)


@action(Action.KEEP_DESK)
@require_POST
def release(request: HttpRequest, day: str) -> HttpResponseBase:
    """Keeps the report as released."""
    kept = services.release(_present(request, day), by=viewer(request), now=clock.now())
    messages.success(request, f"已留存：{kept.day} 日报第 {kept.number} 次。以后数据有变化，本页会列出差异。")
    return redirect("desk:report", day=day)


def _picture(found: Content) -> dict[str, Any]:
    digest = content.digest_of(found)
    job = Job.objects.filter(unique_key=f"{services.PICTURE_JOB}:{digest}").order_by("-pk").first()
    picture = ReportPicture.objects.filter(digest=digest).defer("png").first()
    making = job if picture is None and job and job.state in (State.QUEUED, State.RUNNING, State.FAILED) else None
    return {"picture": picture, "job": making}


def _present(request: HttpRequest, text: str) -> Content:
    """The report of a day as the data stand now; days that have not ended, or lie before the law, have none."""
    day = day_or_404(text)
    if day > clock.as_of():
        raise Http404(f"no report yet of {day}")
    try:
        return selectors.report(day, viewer(request))
    except NoRuleError as error:
        raise Http404(str(error)) from None


def _asked(request: HttpRequest, day: str) -> Content:
    """The present report, or the kept one whose number is asked for."""
    number = request.GET.get("number", "")
    if not number.isdecimal():
        return _present(request, day)
    region = configured.plan().region
    kept = get_object_or_404(DailyReport, region=region, day=day_or_404(day), number=int(number))
    return content.from_json(kept.content)


def _difference(kept: str, present: str) -> list[tuple[str, str]]:
    """Lines that differ: what was kept (−) and what stands now (+)."""
    lines = difflib.ndiff(kept.splitlines(), present.splitlines())
    return [("kept" if line[0] == "-" else "now", line[2:]) for line in lines if line[0] in "-+"]
