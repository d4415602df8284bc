"""The last days' AQI as a strip of bars in the colours of their categories (inline SVG, no script, no style)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

_WIDTH, _HEIGHT, _BASE, _TOP, _RIGHT = 600, 118, 98, 14, 40
_SOFT, _LINE, _EDGE = "#55616e", "#b8c1ca", "#7d8893"


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of the strip; a day without a valid AQI leaves a gap."""

    day: date
    aqi: int | None
    category: str | None
    colour: str | None


def day_strip(bars: Sequence[Bar], limit: int, label: str) -> str:
    """SVG text of a strip: bars from zero, a line at ``limit`` with its label, first and last day below."""
    if not bars:
        return ""
    top = max([limit, *(bar.aqi for bar in bars if bar.aqi is not None)])
    scale, step = (_BASE - _TOP) / top, (_WIDTH - _RIGHT) / len(bars)
    parts = [_bar(bar, number * step, step, scale) for number, bar in enumerate(bars)]
    height = _BASE - limit * scale
    parts.append(_line(height, _SOFT, ' stroke-dasharray="3 3"'))
    parts.append(_text(_WIDTH - _RIGHT + 4, height + 4, label))
    parts.append(_line(_BASE, _LINE))
    parts.append(_text(0, _HEIGHT - 4, f"{bars[0].day.month}月{bars[0].day.day}日"))
    parts.append(_text(_WIDTH - _RIGHT, _HEIGHT - 4, f"{bars[-1].day.month}月{bars[-1].day.day}日", "end"))
    known = [bar for bar in bars if bar.aqi is not None]
    told = f"近 {len(bars)} 天 AQI，有效 {len(known)} 天"
    if known:
        worst = max(known, key=lambda bar: bar.aqi or 0)
        told += f"，最高 {worst.aqi}（{worst.day}）"
    return (
        f'<svg class="strip" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(told)}">'
        f"{''.join(parts)}</svg>"
    )


def _bar(bar: Bar, x: float, step: float, scale: float) -> str:
    if bar.aqi is None:
        return ""
    height = max(1.0, bar.aqi * scale)
    told = escape(f"{bar.day} AQI {bar.aqi} {bar.category or ''}".strip())
    return (
        f'<rect x="{x + 1.5:.1f}" y="{_BASE - height:.1f}" width="{step - 3:.1f}" height="{height:.1f}" '
        f'fill="{bar.colour or "#eef1f4"}" stroke="{_EDGE}" stroke-width=".5"><title>{told}</title></rect>'
    )


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="12" fill="{_SOFT}" text-anchor="{anchor}">{escape(text)}</text>'


def _line(y: float, colour: str, more: str = "") -> str:
    return f'<line x1="0" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{colour}"{more}/>'
