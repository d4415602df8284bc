"""The two doors: the plan for everyone, the duty desk for who is signed in; and the pages for what is not to be had."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

from lantian.site import access
from lantian.site.access import OUTSIDE, Action, Role, action
from lantian.site.desk.views import desk
from lantian.site.living.views import plan_page


@action(Action.READ_PLAN)
def home(request: HttpRequest) -> HttpResponseBase:
    """The duty desk for staff, the alarms of their outlets for people of companies, the configured plan for everyone else."""
    role = access.role_of(request.user)
    if role is Role.PUBLIC:
        return plan_page(request, settings.PLAN)
    return redirect("alarms:alarms") if role in OUTSIDE else desk(request)


@action(Action.READ_PLAN)
@require_POST
def set_language(request: HttpRequest) -> HttpResponseBase:
    """Keeps the chosen language in a cookie and goes back to the page."""
    back = request.POST.get("next", "/")
    language = request.POST.get("language", "")
    response = HttpResponse(status=303)
    response["Location"] = back if back.startswith("/") and url_has_allowed_host_and_scheme(back, None) else "/"
    if check_for_language(language):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 86400, samesite="Lax")
    return response


@action(Action.READ_PLAN)
def icon(request: HttpRequest) -> HttpResponseBase:
    """The icon, for plain-text pages on which a browser asks for it by its old name."""
    return redirect(static("lantian/icon.svg"), permanent=True)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: says which role would be needed to whom."""
    context: dict[str, Any] = {"role": access.ROLE_NAMES.get(access.role_of(request.user))}
    return render(request, "site/refused.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 in the house's words."""
    return render(request, "site/not_found.html", status=404)


def bad(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: a form too large, or an address this site does not answer to."""
    return HttpResponse(_plain("site/bad.html"), status=400)


def too_large(request: HttpRequest) -> HttpResponse:
    """413: more than any file may have."""
    return HttpResponse(_plain("site/too_large.html", {"most": settings.MAX_UPLOAD // 2**20}), status=413)


def stale(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of a form whose token is no longer the visitor's: an old page, another sign-in, cookies off."""
    return HttpResponse(_plain("site/stale.html"), status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """500 in the house's words; it asks neither database nor data folder, which may be what failed."""
    return HttpResponse(_plain("site/failed.html"), status=500)


def _plain(template: str, context: dict[str, Any] | None = None) -> str:
    """A page that needs no viewer."""
    return render_to_string(template, context)
