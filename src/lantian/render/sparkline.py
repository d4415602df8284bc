"""Small line pictures as inline SVG: a word-sized sparkline, and the year figure of a target's page.

Only classes and presentation attributes, no style: a page with a strict policy shows them, and paper prints them. Gaps
stay gaps; the vertical axis of the figure begins at zero where the values are near it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

Point = tuple[float, float | None]


@dataclass(frozen=True, slots=True)
class Line:
    """A line: label, points (x in days of the year, y None for a gap), kind now · before · outlook."""

    label: str
    points: tuple[Point, ...]
    kind: str = "before"


@dataclass(frozen=True, slots=True)
class Step:
    """A limit over a stretch of x, with the words that stand at it."""

    first: float
    last: float
    value: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Shade:
    """A stretch of x that is set off behind the lines, with the words that say why."""

    first: float
    last: float
    label: str


@dataclass(frozen=True, slots=True)
class _Frame:
    left: float
    top: float
    width: float
    height: float
    x0: float
    x1: float
    y0: float
    y1: float

    def x(self, value: float) -> float:
        return self.left + (value - self.x0) / ((self.x1 - self.x0) or 1) * self.width

    def y(self, value: float) -> float:
        return self.top + self.height - (value - self.y0) / ((self.y1 - self.y0) or 1) * self.height


def sparkline(
    lines: Sequence[Line], limits: Sequence[Step] = (), *, title: str, span: tuple[float, float] = (1, 366)
) -> str:
    """Word-sized SVG (132 × 30): lines of years, limits dashed, a dot at this year's last point; empty without points."""
    values = _values(lines, limits)
    if not any(y is not None for line in lines for _, y in line.points):
        return ""
    low, high = _room(values)
    frame = _Frame(2, 3, 122, 24, *span, low, high)
    parts = [_path(line, frame) for line in sorted(lines, key=lambda line: line.kind == "now")]
    parts += [_limit(step, frame) for step in limits]
    last = next((line for line in lines if line.kind == "now"), None)
    if last:
        known = [(x, y) for x, y in last.points if y is not None]
        if known:
            parts.append(f'<circle cx="{_n(frame.x(known[-1][0]))}" cy="{_n(frame.y(known[-1][1]))}" r="2.2"/>')
    return (
        f'<svg class="spark" viewBox="0 0 132 30" width="132" height="30" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>"
    )


MONTHS = (1, 32, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335)


def year_figure(lines: Sequence[Line], limits: Sequence[Step], *, title: str, unit: str, months: Sequence[str]) -> str:
    """SVG of a year (720 × 320): one question in its title, months below, unit at the axis, names at the lines."""
    ticks = tuple(zip(MONTHS, months, strict=True))
    return figure(lines, limits, title=title, unit=unit, span=(1, 366), ticks=ticks)


def figure(
    lines: Sequence[Line],
    limits: Sequence[Step],
    *,
    title: str,
    unit: str,
    span: tuple[float, float],
    ticks: Sequence[tuple[float, str]],
    from_zero: bool = False,
    shades: Sequence[Shade] = (),
) -> str:
    """SVG of lines over a span (720 × 320), words at the ticks below; empty without a single point.

    ``from_zero``: the axis begins at zero however far the values lie from it, as a few close ones look steep without.
    """
    values = _values(lines, limits)
    if not any(y is not None for line in lines for _, y in line.points):
        return ""
    low, high, step = _axis([0.0, *values] if from_zero else values)
    frame = _Frame(52, 34, 476, 240, *span, low, high)
    parts = [f'<text class="name" x="52" y="16">{escape(unit)}</text>']
    parts += [_shade(one, frame) for one in shades]
    parts += _grid(frame, low, high, step)
    parts += [f'<text class="axis" x="{_n(frame.x(at) + 2)}" y="292">{escape(name)}</text>' for at, name in ticks]
    parts += [_limit(one, frame) for one in limits]
    parts += [_path(line, frame) for line in sorted(lines, key=lambda line: line.kind == "now")]
    parts += _labels(lines, limits, frame)
    return (
        f'<svg class="figure" viewBox="0 0 720 300" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def _shade(one: Shade, frame: _Frame) -> str:
    left, right = frame.x(one.first), frame.x(one.last)
    return (
        f'<rect class="marked" x="{_n(left)}" y="{_n(frame.top)}" width="{_n(max(right - left, 1))}" '
        f'height="{_n(frame.height)}"><title>{escape(one.label)}</title></rect>'
    )


def _values(lines: Iterable[Line], limits: Iterable[Step]) -> list[float]:
    return [y for line in lines for _, y in line.points if y is not None] + [step.value for step in limits]


def _room(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    pad = (high - low) * 0.08 or 1
    return low - pad, high + pad


def _axis(values: Sequence[float]) -> tuple[float, float, float]:
    """Low end, high end and step of an axis on round numbers; zero is in where values come near it."""
    low, high = min(values), max(values)
    if low < 0 or low <= high * 0.6:
        low = min(0.0, low)
    step = next(
        (one * 10.0**power for power in range(-3, 7) for one in (1, 2, 5) if (high - low) / (one * 10.0**power) <= 6),
        1.0,
    )
    first = (low // step) * step
    last = -((-high) // step) * step
    return first, last if last > first else first + step, step


def _path(line: Line, frame: _Frame) -> str:
    """The line with its gaps; a point between two gaps is a small ring, a line of one point alone only bears its name."""
    parts: list[str] = []
    for run in _runs(line.points):
        corners = [f"{_n(frame.x(x))} {_n(frame.y(y))}" for x, y in run]
        ring = f"M{_n(frame.x(run[0][0]) - 2)} {_n(frame.y(run[0][1]))}a2 2 0 1 0 4 0a2 2 0 1 0 -4 0"
        parts.append(ring if len(corners) == 1 < len(line.points) else f"M{'L'.join(corners)}")
    return f'<path class="{line.kind}" fill="none" d="{"".join(parts)}"/>' if parts else ""


def _runs(points: Iterable[Point]) -> list[list[tuple[float, float]]]:
    """Points one after another without a gap."""
    found: list[list[tuple[float, float]]] = [[]]
    for x, y in points:
        if y is not None:
            found[-1].append((x, y))
        elif found[-1]:
            found.append([])
    return [run for run in found if run]


def _limit(step: Step, frame: _Frame) -> str:
    y = _n(frame.y(step.value))
    return f'<path class="limit" fill="none" d="M{_n(frame.x(step.first))} {y}H{_n(frame.x(step.last))}"/>'


def _grid(frame: _Frame, low: float, high: float, step: float) -> list[str]:
    parts = []
    for number in range(round((high - low) / step) + 1):
        value = low + number * step
        y = _n(frame.y(value))
        shown = f"{value:g}".replace("-", "−")
        parts.append(f'<path class="grid" d="M{_n(frame.left)} {y}h{_n(frame.width)}"/>')
        parts.append(f'<text class="axis end" x="{_n(frame.left - 6)}" y="{_n(frame.y(value) + 4)}">{shown}</text>')
    return parts


def _labels(lines: Sequence[Line], limits: Sequence[Step], frame: _Frame) -> list[str]:
    """Names at the ends of lines and limits, moved apart where they would lie on each other.

    A limit that ends before the figure does bears its name above its beginning, where no later one lies.
    """
    wanted: list[tuple[float, float, str, str]] = []
    for line in lines:
        known = [(x, y) for x, y in line.points if y is not None]
        if known and line.label:
            wanted.append((frame.y(known[-1][1]), frame.x(known[-1][0]), line.kind, line.label))
    ended = [step for step in limits if step.label and step.last < frame.x1]
    wanted += [(frame.y(s.value), frame.x(s.last), "limit", s.label) for s in limits if s.label and s not in ended]
    parts = [
        f'<text class="name limit" x="{_n(frame.x(s.first) + 2)}" y="{_n(frame.y(s.value) - 5)}">{escape(s.label)}</text>'
        for s in ended
    ]
    at = -100.0
    for y, x, kind, label in sorted(wanted):
        at = max(y, at + 18)
        parts.append(f'<text class="name {kind}" x="{_n(x + 6)}" y="{_n(at + 4)}">{escape(label)}</text>')
    return parts


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
