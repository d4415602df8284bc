"""Headers every answer bears."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def content_security_policy(answer: Callable[[HttpRequest], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Middleware: nothing from another host, no inline script or style, no frames."""

    def with_policy(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return with_policy


def kept_by_none_but_the_reader(answer: Callable[[HttpRequest], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Middleware: pages of who is signed in are asked for anew each time and kept by no cache on the way."""

    def marked(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return marked


_FORM = 2**20  # what a form may have beside its file
_DROPPED = 2**28


def body_limit(answer: Callable[[HttpRequest], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Middleware: more than the largest file is refused and nothing of it kept.

    What comes is read to its end and dropped, as far as that is bearable: a browser shows no answer before it has sent
    everything, only that the connection broke.
    """
    from lantian.site import home  # the pages' module, which needs the apps to be there

    def within(request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.MAX_UPLOAD + _FORM:
            _drop(request, min(int(length), _DROPPED))
            return home.too_large(request)
        return answer(request)

    return within


def _drop(request: HttpRequest, length: int) -> None:
    stream = request.META.get("wsgi.input")
    while length > 0 and stream is not None and (part := stream.read(min(length, 2**20))):
        length -= len(part)
