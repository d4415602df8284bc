"""Answers that are files: kept under a name, or shown as a picture that can run and load nothing."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from lantian.render.columns import MEDIA_TYPE
from lantian.render.lone_svg import lone_svg

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CSV = "text/csv; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
_SVG = "image/svg+xml"
_SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def download(content: bytes, media: str, name: str) -> HttpResponse:
    """A file to be kept under a name."""
    disposition = content_disposition_header(True, name) or "attachment"
    return HttpResponse(content, media, headers={"Content-Disposition": disposition})


def xlsx(content: bytes, name: str) -> HttpResponse:
    """A workbook to be kept under a name."""
    return download(content, MEDIA_TYPE, name)


def figure_file(svg: str, name: str, notes: Sequence[str] = ()) -> HttpResponse:
    """An inline figure as a file to be kept, with what it is and its reservations.

    Errors  Http404 where there is no figure
    """
    if not svg:
        raise Http404(name)
    return download(lone_svg(svg, notes), _SVG, f"{name}.svg")


def svg_picture(body: bytes | str) -> HttpResponse:
    """An SVG as a picture: even opened by itself it runs nothing and loads nothing."""
    answer = HttpResponse(body, _SVG)
    answer["Content-Security-Policy"] = _SVG_POLICY
    answer["Cache-Control"] = "private, max-age=86400"
    return answer
