"""Pages of the air as they were last drawn: kept until the data, the last day, the address or the viewer's rights change."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from lantian.site import clock, configured
from lantian.site.access import role_of
from lantian.site.ambient.figures import version
from lantian.site.living.kept import Kept


@dataclass(frozen=True, slots=True)
class Page:
    """A page before it is drawn: title, heading, mark of simulated data (empty for none), what its template shows."""

    title: str
    heading: str
    mark: str
    context: dict[str, Any]
    status: int = 200


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page as HTML: everything below its tabs."""

    title: str
    heading: str
    mark: str
    body: SafeString
    status: int


_PAGES: Kept[Drawn] = Kept(64)


def drawn(request: HttpRequest, template: str, make: Callable[[], Page], *more: Hashable) -> HttpResponse:
    """The page of an address; ``more`` is what else it depends on."""
    plan = configured.plan()
    address, role = request.get_full_path(), role_of(request.user)
    key = (settings.DATA, version(), clock.as_of(), plan.id, plan.edition, template, address, role, *more)

    def draw() -> Drawn:
        page = make()
        return Drawn(
            page.title, page.heading, page.mark, render_to_string(template, page.context, request), page.status
        )

    page = _PAGES.get(key, draw)
    return render(request, "ambient/page.html", {"page": page}, status=page.status)
