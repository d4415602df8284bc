"""Charts for pages: made by the worker as SVG and PNG, kept under the version of the data, shown as pictures.

    chart = shown("rose", {"place": "鸡西", "first": "2026-07-01", "last": "2026-07-31"})

and in a template ``{% include "bulletin/_chart.html" %}``: the picture with its links, or the form that has it made.
Looking at a page begins nothing: the form is sent by whoever wants the chart, by itself where there is JavaScript.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from lantian import __version__
from lantian.basis.determination import digest
from lantian.site import clock
from lantian.site.jobs.models import Job, State
from lantian.site.jobs.services import start
from lantian.store.air import AirReader
from lantian.store.drawings import Drawings, KeptDrawing

CHART_JOB = "bulletin.chart"
_TOLD = (State.QUEUED, State.RUNNING, State.FAILED)


@dataclass(frozen=True, slots=True)
class Shown:
    """A chart as a page shows it: what is kept of it, or the last job about it, open or failed; its addresses."""

    kind: str
    arguments: Mapping[str, str]
    kept: KeptDrawing | None
    job: Job | None

    def _address(self, name: str) -> str:
        return f"{reverse(f'bulletin:{name}', args=[self.kind])}?{urlencode(sorted(self.arguments.items()))}"

    @property
    def svg(self) -> str:
        """Address of the drawing."""
        return self._address("chart_svg")

    @property
    def png(self) -> str:
        """Address of the picture."""
        return self._address("chart_png")

    @property
    def make(self) -> str:
        """Address that has it made, by post."""
        return self._address("make_chart")

    @property
    def part(self) -> str:
        """Address of the part of a page that shows it."""
        return self._address("chart_part")


def chart_key(kind: str, arguments: Mapping[str, str]) -> str:
    """Digest of what is asked for, up to the day the pages count to, by this version of the program."""
    return digest([[__version__, kind, sorted(arguments.items()), clock.as_of()]])


def chart(kind: str, arguments: Mapping[str, str]) -> KeptDrawing | None:
    """The chart of the data as they stand; None until the worker has made it."""
    return _drawings().found(chart_key(kind, arguments))


def chart_svg(kind: str, arguments: Mapping[str, str]) -> str | None:
    """The SVG of a chart of the data as they stand; None until made, and where there is nothing to draw."""
    found = chart(kind, arguments)
    return found.svg if found else None


def chart_png(kind: str, arguments: Mapping[str, str]) -> bytes | None:
    """The PNG of a chart, as ``chart_svg``."""
    return _drawings().png(chart_key(kind, arguments))


def shown(kind: str, arguments: Mapping[str, str]) -> Shown:
    """The chart, or where it is not there yet how far it is."""
    found = chart(kind, arguments)
    job = None if found else Job.objects.filter(unique_key=_unique(kind, arguments)).order_by("-pk").first()
    return Shown(kind, dict(arguments), found, job if job and job.state in _TOLD else None)


def ask_for_chart(kind: str, arguments: Mapping[str, str], *, now: datetime) -> Job:
    """The job that makes a chart; one open job for one state of the data."""
    given = {"kind": kind, "arguments": dict(arguments)}
    return start(CHART_JOB, given, by=None, now=now, unique=_unique(kind, arguments), label="绘制图表")


def _unique(kind: str, arguments: Mapping[str, str]) -> str:
    return f"{CHART_JOB}:{AirReader(settings.DATA).version()}:{chart_key(kind, arguments)}"


def draw(kind: str, arguments: Mapping[str, str]) -> KeptDrawing:
    """Makes a chart and keeps it; for the worker.

    Errors  Refusal for an unknown kind or arguments, or where no Chinese font is installed
    """
    from lantian.render.charts import png, svg
    from lantian.work.air_drawings import drawing

    key, kept = chart_key(kind, arguments), _drawings()
    found = drawing(kind, settings.DATA, clock.as_of(), arguments)
    made = KeptDrawing(found.caption, found.alt, svg(found.chart)) if found else KeptDrawing("", "", None)
    kept.keep(key, made, png(found.chart) if found else None)
    return made


def _drawings() -> Drawings:
    return Drawings(settings.DATA, AirReader(settings.DATA).version())
