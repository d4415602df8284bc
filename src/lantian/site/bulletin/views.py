"""Monthly bulletins: the list of months, one month with its charts, its files; and charts for any page."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from lantian.render.bulletin import NUMERALS, Bulletin, bulletin_text
from lantian.render.columns import MEDIA_TYPE
from lantian.site import clock
from lantian.site.access import Action, action
from lantian.site.bulletin import content, selectors, services
from lantian.site.bulletin.models import Bulletin as Edition
from lantian.site.bulletin.models import BulletinFile
from lantian.site.downloads import DOCX, TEXT, download, svg_picture
from lantian.site.jobs.models import Job, State
from lantian.site.people.models import User

_KINDS = {"docx": DOCX, "xlsx": MEDIA_TYPE}
_MONTH = re.compile(r"(20\d{2})-(0[1-9]|1[0-2])\Z")


@action(Action.READ_AIR)
def bulletin(request: HttpRequest) -> HttpResponse:
    """The months there are, those of one year."""
    lines = selectors.months(clock.as_of())
    years = sorted({line.days.first.year for line in lines}, reverse=True)
    asked = request.GET.get("year", "")
    chosen = int(asked) if asked.isdecimal() and int(asked) in years else (years[0] if years else None)
    context = {
        "lines": [line for line in lines if line.days.first.year == chosen],
        "years": years,
        "chosen": chosen,
        "kinds": selectors.kinds_of_values(),
    }
    return render(request, "bulletin/bulletin.html", context)


@action(Action.READ_AIR)
def month(request: HttpRequest, text: str) -> HttpResponse:
    """One month: the newest edition, or the one whose number is asked for, and how it differs from the one before."""
    first = _month(text)
    editions = selectors.editions(first)
    shown = _asked(request, editions)
    said = content.from_json(shown.content) if shown else None
    before = editions.filter(number__lt=shown.number).first() if shown else None
    context = {
        "month": text,
        "first": first,
        "editions": editions,
        "shown": shown,
        "said": said,
        "parts": _parts(said) if said else [],
        "text": bulletin_text(said) if said else "",
        "before": before,
        "difference": content.difference(content.from_json(before.content), said) if before and said else [],
        "line": next((line for line in selectors.months(clock.as_of()) if line.key == text), None),
        "kinds": selectors.kinds_of_values(),
        "job": _open_job(first),
    }
    return render(request, "bulletin/month.html", context)


@action(Action.KEEP_AIR)
@require_POST
def make(request: HttpRequest, text: str) -> HttpResponseBase:
    """Asks the worker for the bulletin of a month, or for a further edition of it."""
    values = request.POST.get("values", "realtime")
    if values not in selectors.kinds_of_values():
        messages.error(request, "没有这一类数据，请选列出的一种。")
        return redirect("bulletin:month", text=text)
    assert isinstance(request.user, User)
    job = services.ask_for_bulletin(_month(text), values, by=request.user, now=clock.now())
    return redirect("jobs:job", pk=job.pk)


@action(Action.READ_AIR)
def file(request: HttpRequest, text: str, number: int, kind: str) -> HttpResponse:
    """The Word document, workbook or plain text of an edition, as it was made."""
    edition = get_object_or_404(selectors.editions(_month(text)), number=number)
    said = content.from_json(edition.content)
    if kind == "txt":
        return HttpResponse(bulletin_text(said), content_type=TEXT)
    found = get_object_or_404(BulletinFile, bulletin=edition, name=kind)
    return download(bytes(found.body), _KINDS[kind], f"{said.title}{said.month} 第{edition.number}稿.{kind}")


@action(Action.READ_AIR)
def picture(request: HttpRequest, text: str, number: int, key: str) -> HttpResponse:
    """A chart of an edition, as it was made."""
    edition = get_object_or_404(selectors.editions(_month(text)), number=number)
    found = get_object_or_404(BulletinFile, bulletin=edition, name=f"{key}.svg")
    return svg_picture(bytes(found.body))


def _month(text: str) -> date:
    match = _MONTH.match(text)
    if not match:
        raise Http404(f"{text} is no month")
    first = date(int(match[1]), int(match[2]), 1)
    if first > clock.as_of():
        raise Http404(f"{text} has not begun")
    return first


def _asked(request: HttpRequest, editions: QuerySet[Edition]) -> Edition | None:
    number = request.GET.get("number", "")
    if number.isdecimal():
        return get_object_or_404(editions, number=int(number[:6]))
    return editions.first()


def _parts(said: Bulletin) -> list[tuple[str, Any]]:
    return [(NUMERALS[number], part) for number, part in enumerate(said.parts)]


def _open_job(first: date) -> Job | None:
    """The job of a month that waits, runs, or failed last."""
    newest = Job.objects.filter(unique_key=services.job_key(first)).order_by("-pk").first()
    return newest if newest and newest.state in (State.QUEUED, State.RUNNING, State.FAILED) else None
