"""Bar charts: months beside last year's, shares of the categories, places ranked. Bars begin at zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lantian.render.charts import ACCENT, INK, SOFT, WIDTH, dressed, filled
from lantian.render.ink import ink_on

_ROW = 24  # height of a ranked place


@dataclass(frozen=True, slots=True)
class MonthPair:
    """A month's figure this year and last, as printed; None where there is none."""

    month: int
    now: str | None
    before: str | None


@dataclass(frozen=True, slots=True)
class Share:
    """Days of one category in a month or year; ``colour`` None for days without an AQI."""

    period: str
    category: str
    days: int
    colour: str | None


@dataclass(frozen=True, slots=True)
class RankedBar:
    """One place of a ranking: its words (place and name), value as printed, whether it is the reader's own."""

    name: str
    value: str
    own: bool


@lru_cache(maxsize=1)  # the specification does not change while a process runs; building it loads altair
def months_specification() -> dict[str, Any]:
    """Data sets ``bars`` (month, year, kind, value, text) and ``names`` (x, text, kind)."""
    import altair as alt

    bars, names = alt.NamedData(name="bars"), alt.NamedData(name="names")
    x = alt.X(
        "month:O", title=None, sort=None, axis=alt.Axis(labelAngle=0, ticks=False), scale=alt.Scale(domain=_MONTHS)
    )
    beside = alt.XOffset("kind:N", sort=["before", "now"], scale=alt.Scale(domain=["before", "now"]))
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=True, nice=True), axis=alt.Axis(tickCount=6))
    colour = alt.Color("kind:N", legend=None, scale=alt.Scale(domain=["before", "now"], range=[_PALE, ACCENT]))
    drawn = alt.Chart(bars).mark_bar().encode(x=x, xOffset=beside, y=y, color=colour)
    ink = alt.Color("kind:N", legend=None, scale=alt.Scale(domain=["before", "now"], range=[SOFT, ACCENT]))
    figures = (
        alt.Chart(bars)
        .transform_filter("isValid(datum.value)")
        .mark_text(baseline="bottom", dy=-2, fontSize=10)
        .encode(x=x, xOffset=beside, y=y, text="text:N", color=ink)
    )
    place = alt.Chart(names).encode(x=alt.X("x:Q", scale=None, axis=None), y=alt.value(-6))
    squares = place.mark_square(size=90, opacity=1).encode(color=colour)
    words = place.mark_text(align="left", dx=9, fontSize=11).encode(text="text:N", color=alt.value(INK))
    bars_drawn = alt.layer(drawn, figures).resolve_scale(color="independent")
    chart = alt.layer(bars_drawn, squares, words).resolve_scale(x="independent", color="independent")
    return dressed(chart.properties(width=WIDTH - 50, height=220))


_MONTHS = [f"{number}月" for number in range(1, 13)]
_PALE = "#b4bec8"


def months(pairs: Sequence[MonthPair], year: int, *, title: str, subtitle: str) -> dict[str, Any]:
    """Monthly figures of a year beside those of the year before."""
    rows = [
        {"month": f"{pair.month}月", "kind": kind, "value": None if text is None else float(text), "text": text}
        for pair in pairs
        for kind, text in (("before", pair.before), ("now", pair.now))
    ]
    names = [{"x": 8, "text": f"{year - 1}年", "kind": "before"}, {"x": 78, "text": f"{year}年", "kind": "now"}]
    return filled(months_specification(), title, subtitle, bars=rows, names=names)


@lru_cache(maxsize=1)  # as above
def shares_specification() -> dict[str, Any]:
    """Data sets ``parts`` (period, first, last, middle, text, colour, ink) and ``key`` (x, text, colour)."""
    import altair as alt

    parts, key = alt.NamedData(name="parts"), alt.NamedData(name="key")
    x = alt.X("period:O", title=None, sort=None, axis=alt.Axis(labelAngle=0, ticks=False))
    y = alt.Y("first:Q", title=None, scale=alt.Scale(zero=True, nice=False), axis=alt.Axis(tickCount=6))
    fill = alt.Fill("colour:N", scale=None)
    drawn = (
        alt.Chart(parts).mark_bar(stroke="#b8c1ca", strokeWidth=0.6, size=34).encode(x=x, y=y, y2="last:Q", fill=fill)
    )
    figures = (
        alt.Chart(parts)
        .mark_text(baseline="middle", fontSize=10.5)
        .encode(x=x, y=alt.Y("middle:Q"), text="text:N", color=alt.Color("ink:N", scale=None))
    )
    place = alt.Chart(key).encode(x=alt.X("x:Q", scale=None, axis=None), y=alt.value(-10))
    squares = place.mark_square(size=110, opacity=1, stroke="#b8c1ca", strokeWidth=0.6).encode(fill=fill)
    words = place.mark_text(align="left", dx=10, fontSize=11, color=INK).encode(text="text:N")
    chart = alt.layer(alt.layer(drawn, figures), squares, words).resolve_scale(x="independent")
    return dressed(chart.properties(width=WIDTH - 50, height=250))


def shares(parts: Sequence[Share], *, title: str, subtitle: str) -> dict[str, Any]:
    """Days of each category stacked by month or year, in the order given; days without an AQI stay white on top.

    Shape   parts of one period follow one another
    """
    rows: list[dict[str, Any]] = []
    key: dict[str, str] = {}
    reached: dict[str, int] = {}
    for part in parts:
        colour, first = part.colour or "#ffffff", reached.get(part.period, 0)
        reached[part.period] = last = first + part.days
        key.setdefault(part.category, colour)
        if part.days:
            middle, text = (first + last) / 2, str(part.days) if part.days > 1 else ""
            rows.append(
                {"period": part.period, "first": first, "last": last, "middle": middle, "text": text,
                 "colour": colour, "ink": ink_on(colour)}
            )  # fmt: skip
    squares = [{"x": 8 + at * 84, "text": name, "colour": colour} for at, (name, colour) in enumerate(key.items())]
    return filled(shares_specification(), title, subtitle, parts=rows, key=squares)


@lru_cache(maxsize=1)  # as above
def ranking_specification() -> dict[str, Any]:
    """Data set ``bars`` (name, value, text, own), best place on top."""
    import altair as alt

    bars = alt.NamedData(name="bars")
    y = alt.Y(
        "name:N", title=None, sort=None, axis=alt.Axis(ticks=False, domain=False, labelFontSize=12, labelLimit=220)
    )
    x = alt.X("value:Q", title=None, scale=alt.Scale(zero=True, nice=True), axis=None)
    colour = alt.Color("own:N", legend=None, scale=alt.Scale(domain=[False, True], range=[_PALE, ACCENT]))
    drawn = alt.Chart(bars).mark_bar(height=15).encode(x=x, y=y, color=colour)
    figures = alt.Chart(bars).mark_text(align="left", dx=5, fontSize=11, color=INK).encode(x=x, y=y, text="text:N")
    return dressed(alt.layer(drawn, figures).properties(width=WIDTH - 170, height=alt.Step(_ROW)), right=50)


def ranking(bars: Sequence[RankedBar], *, title: str, subtitle: str) -> dict[str, Any]:
    """Places as bars in the order of the ranking, the reader's own in the accent."""
    rows = [{"name": one.name, "value": float(one.value), "text": one.value, "own": one.own} for one in bars]
    return filled(ranking_specification(), title, subtitle, bars=rows)
