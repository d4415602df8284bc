"""The daily report as a picture for a group message: an SVG sheet, and the PNG the worker makes of it.

Colours of categories come with the readings (HJ 633); state marks differ by shape as well as colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from html import escape

from lantian.basis.finding import Finding, Refusal, Severity, Text
from lantian.render.daily_report import (
    DailyReport,
    ForecastDay,
    Goal,
    Reading,
    YearRow,
    long_date,
    names_joined,
    short_date,
)

WIDTH = 1080
EDGE = 56
FONTS = "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, WenQuanYi Micro Hei, sans-serif"
INK, SOFT, LINE, ACCENT = "#1d2733", "#55616e", "#d9dfe5", "#1268a8"
_MARKS = {
    "on_track": ("●", "#1b7a3d"), "at_risk": ("▲", "#9a5b00"), "missed": ("■", "#b3261e"),
    "met": ("✓", "#1b7a3d"), "no_data": ("○", "#6b7682"), "not_computed": ("◇", "#6b7682"),
}  # fmt: skip


def report_png(report: DailyReport) -> bytes:
    """The picture of a report as PNG bytes, 1080 pixels wide at scale 1; made by the worker only.

    Errors  Refusal where this machine has no font with Chinese characters
    """
    import vl_convert  # heavy: imported by the worker when a picture is asked for

    if not draws_chinese():
        text = Text(
            "本机没有中文字体，图片中的汉字会缺失，未生成。请安装字体后重试，例如 Debian：apt install fonts-noto-cjk",
            "No Chinese font on this machine: the picture was not made. Install one, e.g. apt install fonts-noto-cjk",
        )
        raise Refusal(Finding("REPORT-FONT-MISSING", Severity.REFUSED, text))
    return bytes(vl_convert.svg_to_png(report_svg(report), scale=1))


@lru_cache(maxsize=1)  # fonts do not come and go while a process runs
def draws_chinese() -> bool:
    """Whether a Chinese character leaves ink on this machine: a missing one is left blank."""
    import vl_convert

    shell = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text y="9" font-family="{}">{}</text></svg>'
    with_ink, blank = (vl_convert.svg_to_png(shell.format(FONTS, text)) for text in "永 ")
    return bool(with_ink != blank)


def report_svg(report: DailyReport) -> str:
    """The sheet as SVG text; its height follows from what there is to say."""
    sheet = _Sheet()
    _head(sheet, report)
    _day(sheet, report)
    _counties(sheet, report.counties)
    _year(sheet, report)
    _goals(sheet, report.goals)
    _forecast(sheet, report.forecast, report.forecast_issuer)
    for heading, parts in (("到期事项", report.due), ("值班", report.duty)):
        if parts:
            sheet.heading(heading)
            sheet.wrapped("；".join(parts) + "。", 26)
    sheet.gap(20)
    sheet.rule()
    sheet.wrapped("".join(report.notes), 22, SOFT)
    return sheet.svg()


class _Sheet:
    """Parts of a picture set from top to bottom; ``y`` is where the next one begins."""

    def __init__(self) -> None:
        self.y = EDGE
        self._parts: list[str] = []

    def text(
        self, x: float, y: float, text: str, size: int, fill: str = INK, anchor: str = "start", weight: int = 400
    ) -> None:
        self._parts.append(
            f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{fill}" text-anchor="{anchor}" '
            f'font-weight="{weight}">{escape(text)}</text>'
        )

    def box(self, x: float, y: float, width: float, height: float, fill: str, stroke: str = "none") -> None:
        self._parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="10" fill="{fill}" stroke="{stroke}"/>'
        )

    def rule(self, colour: str = LINE) -> None:
        self._parts.append(f'<line x1="{EDGE}" x2="{WIDTH - EDGE}" y1="{self.y}" y2="{self.y}" stroke="{colour}"/>')

    def gap(self, height: int) -> None:
        self.y += height

    def heading(self, text: str) -> None:
        self.gap(30)
        self.rule()
        self.text(EDGE, self.y + 44, text, 28, ACCENT, weight=700)
        self.gap(58)

    def wrapped(self, text: str, size: int, fill: str = INK) -> None:
        for line in wrapped(text, size, WIDTH - 2 * EDGE):
            self.text(EDGE, self.y + size * 1.3, line, size, fill)
            self.gap(round(size * 1.6))

    def svg(self) -> str:
        height = self.y + EDGE // 2
        size = f'width="{WIDTH}" height="{height}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {WIDTH} {height}" font-family="{FONTS}">'
            f'<rect {size} fill="#ffffff"/>{"".join(self._parts)}</svg>'
        )


def width_of(text: str, size: int) -> float:
    """Estimated width of a line: a Chinese character is one em, a Latin one a little more than half."""
    return size * sum(1.0 if ord(sign) > 0x2E7F else 0.58 for sign in text)


def wrapped(text: str, size: int, width: float) -> list[str]:
    """Lines of a text that fit a width; a line never begins with a closing mark."""
    lines, line = [], ""
    for sign in text:
        if line and width_of(line + sign, size) > width and sign not in "，。；、）：":
            lines.append(line)
            line = ""
        line += sign
    return [*lines, line] if line else lines


def _head(sheet: _Sheet, report: DailyReport) -> None:
    sheet.text(EDGE, sheet.y + 40, report.title, 42, weight=700)
    sheet.text(EDGE, sheet.y + 88, long_date(report.day), 28, SOFT)
    if report.simulated:
        sheet.box(WIDTH - EDGE - 150, sheet.y + 58, 150, 42, "#ffffff", "#7a3fa0")
        sheet.text(WIDTH - EDGE - 75, sheet.y + 88, "模拟数据", 26, "#7a3fa0", "middle")
    sheet.gap(116)


def _day(sheet: _Sheet, report: DailyReport) -> None:
    reading = report.reading
    if reading is None:
        sheet.wrapped(f"{short_date(report.day)}全市无有效数据。", 28, SOFT)
        return
    colour = reading.colour or "#eef1f4"
    ink = reading.ink
    sheet.box(EDGE, sheet.y, 290, 210, colour)
    middle = EDGE + 145
    sheet.text(middle, sheet.y + 46, "AQI", 26, ink, "middle")
    sheet.text(middle, sheet.y + 130, str(reading.aqi) if reading.aqi is not None else "—", 88, ink, "middle", 700)
    sheet.text(middle, sheet.y + 184, reading.category or "无有效值", 34, ink, "middle", 700)
    for number, one in enumerate(reading.values):
        x, y = EDGE + 340 + (number % 3) * 215, sheet.y + (number // 3) * 84
        sheet.text(x, y + 26, f"{one.label}  {one.unit}", 20, SOFT)
        sheet.text(x, y + 66, one.value or "—", 36, weight=700)
    primary = names_joined(reading.primary)
    sheet.text(EDGE + 340, sheet.y + 200, f"首要污染物  {primary or '无'}", 26)
    sheet.gap(220)


def _counties(sheet: _Sheet, counties: Sequence[Reading]) -> None:
    if not counties:
        return
    sheet.gap(16)
    for number, one in enumerate(counties):
        x, y = EDGE + (number % 3) * 325, sheet.y + (number // 3) * 62
        colour = one.colour or "#eef1f4"
        sheet.box(x, y, 80, 48, colour)
        sheet.text(x + 40, y + 34, str(one.aqi) if one.aqi is not None else "—", 28, one.ink, "middle", 700)
        sheet.text(x + 94, y + 22, one.place, 22)
        sheet.text(x + 94, y + 46, f"PM2.5 {one.value('pm25') or '—'}  {one.category or '无有效值'}", 18, SOFT)
    sheet.gap((len(counties) + 2) // 3 * 62)


_COLUMNS = (EDGE, 560, 760, WIDTH - EDGE)


def _year(sheet: _Sheet, report: DailyReport) -> None:
    rows = [row for row in report.year_rows if row.value is not None]
    if not rows:
        return
    sheet.heading(f"今年以来（1月1日至{short_date(report.day)}）")
    _cells(sheet, ("", "今年", "去年同期", "变化"), 22, SOFT)
    for row in rows:
        _cells(sheet, _year_row(row), 26, INK)


def _year_row(row: YearRow) -> tuple[str, str, str, str]:
    return f"{row.name}（{row.unit}）", row.value or "—", row.last or "—", row.change or "—"


def _cells(sheet: _Sheet, texts: Sequence[str], size: int, fill: str) -> None:
    for number, (x, text) in enumerate(zip(_COLUMNS, texts, strict=True)):
        sheet.text(x, sheet.y + size + 4, text, size, fill, "end" if number else "start", 700 if number == 1 else 400)
    sheet.gap(round(size * 1.65))


def _goals(sheet: _Sheet, goals: Sequence[Goal]) -> None:
    if not goals:
        return
    sheet.heading("目标与余量")
    for goal in goals:
        mark, colour = _MARKS[goal.state]
        sheet.text(EDGE, sheet.y + 32, mark, 26, colour)
        sheet.text(EDGE + 40, sheet.y + 32, f"{goal.name} {goal.limit}", 26, weight=700)
        sheet.text(WIDTH - EDGE, sheet.y + 32, goal.word, 24, colour, "end")
        sheet.gap(44)
        if goal.rest:
            sheet.text(EDGE + 40, sheet.y + 22, goal.rest, 22, SOFT)
            sheet.gap(36)


def _forecast(sheet: _Sheet, days: Sequence[ForecastDay], issuer: str) -> None:
    if not days:
        return
    sheet.heading(f"未来三天预报（{issuer}发布）" if issuer else "未来三天预报")
    width = (WIDTH - 2 * EDGE) / max(3, len(days))
    deepest = sheet.y
    for number, one in enumerate(days):
        x, y = EDGE + number * width, sheet.y
        sheet.text(x, y + 28, short_date(one.day), 24, SOFT)
        sheet.text(x, y + 64, one.category, 28, weight=700)
        primary = f"首要污染物 {one.primary}" if one.primary else ""
        facts = (f"AQI {one.aqi}" if one.aqi else "", primary, one.diffusion or "")
        lines = [line for fact in facts for line in wrapped(fact, 22, width - 24)]
        for step, line in enumerate(lines):
            sheet.text(x, y + 100 + step * 34, line, 22)
        deepest = max(deepest, y + 84 + len(lines) * 34)
    sheet.y = deepest
