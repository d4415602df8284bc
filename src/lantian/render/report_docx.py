"""The daily report as a Word document in the layout of GB/T 9704, a draft that nobody signed."""

from __future__ import annotations

from lantian.render.daily_report import NUMERALS, DailyReport, Reading, YearRow, long_date, names_joined, sections
from lantian.render.official_docx import (
    HEADING_FONT,
    SIZE_2,
    SIZE_3,
    SUBTITLE_FONT,
    TITLE_FONT,
    line,
    saved,
    sheet,
    table,
)

_COUNTY_HEAD = ("县（市）区", "AQI", "级别", "PM2.5", "首要污染物")
_YEAR_HEAD = ("指标", "今年以来", "去年同期", "变化")


def report_docx(report: DailyReport) -> bytes:
    """The daily report as a .docx file; the same report gives the same bytes."""
    document = sheet(f"{report.title} {report.day}")
    line(document, report.title, TITLE_FONT, SIZE_2, centred=True)
    line(document, long_date(report.day), SUBTITLE_FONT, SIZE_3, centred=True)
    line(document, "")
    for number, part in enumerate(sections(report)):
        line(document, f"{NUMERALS[number]}、{part.heading}", HEADING_FONT, indent=True, with_next=True)
        line(document, part.text, indent=True)
        if part.heading == "昨日实况" and report.counties:
            table(document, _COUNTY_HEAD, [_county(one) for one in report.counties])
        if part.heading == "今年以来":
            table(document, _YEAR_HEAD, [_year_row(row) for row in report.year_rows])
    line(document, "注：" + "".join(report.notes), indent=True)
    line(document, "（拟稿，未经核稿和签发）", SUBTITLE_FONT, indent=True)
    return saved(document)


def _county(one: Reading) -> tuple[str, ...]:
    aqi = str(one.aqi) if one.aqi is not None else "—"
    return one.place, aqi, one.category or "—", one.value("pm25") or "—", names_joined(one.primary) or "—"


def _year_row(row: YearRow) -> tuple[str, ...]:
    return f"{row.name}（{row.unit}）", row.value or "—", row.last or "—", row.change or "—"
