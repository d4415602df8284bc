"""The journal's page."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lantian.site.access import Action, action
from lantian.site.journal.models import Entry
from lantian.site.journal.services import ACTIONS


@action(Action.READ_JOURNAL)
def journal(request: HttpRequest) -> HttpResponse:
    """Entries, newest first, filtered by action and by text of the subject."""
    entries = Entry.objects.select_related("by")
    chosen, text = request.GET.get("action", ""), request.GET.get("q", "").strip()
    if chosen in ACTIONS:
        entries = entries.filter(action=chosen)
    if text:
        entries = entries.filter(subject__contains=text)
    page = Paginator(entries, 100).get_page(request.GET.get("page"))
    for entry in page:
        entry.words = ACTIONS.get(entry.action, entry.action)  # type: ignore[attr-defined]
    context = {"page": page, "actions": sorted(ACTIONS.items()), "chosen": chosen, "text": text}
    return render(request, "journal/journal.html", context)
