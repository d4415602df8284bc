"""The year chart as a Vega-Altair specification, kept once and filled with data; pictures for documents.

For the worker and the command line only: the web process draws with ``sparkline`` and never loads altair or vl-convert.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from lantian.render.sparkline import Line, Step

INK, SOFT, ACCENT, RULE = "#1d2733", "#55616e", "#1268a8", "#e7ebef"
FACES = "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, sans-serif"


@lru_cache(maxsize=1)  # the specification does not change while a process runs; building it loads altair
def specification() -> dict[str, Any]:
    """The specification with empty data sets ``lines`` (day, value, label, kind) and ``limits`` (first, last, value, label)."""
    import altair as alt

    day = alt.X(
        "day:Q",
        title=None,
        scale=alt.Scale(domain=[1, 366], nice=False),
        axis=alt.Axis(values=list(_MONTH_STARTS), labelExpr=_MONTH),
    )
    value = alt.Y("value:Q", title=None, scale=alt.Scale(zero=True, nice=True))
    colour = alt.Color("kind:N", legend=None, scale=alt.Scale(domain=["before", "now"], range=["#8492a0", ACCENT]))
    lines = alt.NamedData(name="lines")
    limits = alt.NamedData(name="limits")
    drawn = alt.Chart(lines).mark_line(strokeWidth=2).encode(x=day, y=value, color=colour, detail="label:N")
    names = (
        alt.Chart(lines)
        .transform_filter("datum.last")
        .mark_text(align="left", dx=5)
        .encode(x=day, y=value, text="label:N", color=colour)
    )
    steps = alt.Chart(limits).mark_rule(strokeDash=[4, 3], color=INK).encode(x="first:Q", x2="last:Q", y="value:Q")
    words = alt.Chart(limits).mark_text(align="left", dx=5, color=INK).encode(x="last:Q", y="value:Q", text="label:N")
    chart = alt.layer(steps, drawn, names, words).properties(width=640, height=280, padding={"right": 120})
    return dict(
        chart.configure(font=FACES)
        .configure_view(stroke=None)
        .configure_axis(gridColor=RULE, labelColor=SOFT)
        .to_dict()
    )


_MONTH_STARTS = (1, 32, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335)
_MONTH = "(indexof([1,32,60,91,121,152,182,213,244,274,305,335], datum.value) + 1) + '月'"


def year_chart(lines: Sequence[Line], limits: Iterable[Step], *, title: str, unit: str) -> dict[str, Any]:
    """The specification filled: one question in its title, names at the lines, the limit dashed with its words."""
    rows = [
        {"day": x, "value": y, "label": line.label, "kind": line.kind, "last": at == _last(line)}
        for line in lines
        for at, (x, y) in enumerate(line.points)
    ]
    steps = [{"first": one.first, "last": one.last, "value": one.value, "label": one.label} for one in limits]
    return {
        **specification(),
        "title": {"text": title, "subtitle": unit, "anchor": "start"},
        "datasets": {"lines": rows, "limits": steps},
    }


def _last(line: Line) -> int:
    """Position of the last point that has a value."""
    return max((at for at, (_, y) in enumerate(line.points) if y is not None), default=-1)


def png(chart: dict[str, Any], scale: float = 2) -> bytes:
    """The picture of a filled specification."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(chart, scale=scale))


def svg(chart: dict[str, Any]) -> str:
    """The drawing of a filled specification."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(chart))
