"""The daily report 日报: what stands in it, and its text as officials send it in a message.

The shapes here are data that someone else computed; every number is already printed text. Figures are real-time
(实况), not reviewed: the text says so, and says 模拟数据 where that holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from lantian.render.ink import ink_on

REALTIME_NOTE = "数据为实况，未经审核。"
SIMULATED_NOTE = "本报含模拟数据，不代表真实空气质量。"
_WORDS = re.compile(r"[⺀-鿿　-〿＀-￯]|[^\s⺀-鿿　-〿＀-￯]+")
NUMERALS = "一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Concentration:
    """One item of a day: key, printed name, value as printed (None: no valid value), unit."""

    item: str
    name: str
    value: str | None
    unit: str

    @property
    def label(self) -> str:
        """Name as reports write it: ozone says that it is the 8-hour mean."""
        return "O3-8h" if self.item == "o3_8h" else self.name


@dataclass(frozen=True, slots=True)
class Reading:
    """Air of one place on one day; ``aqi`` None where the day has no valid AQI."""

    place: str
    aqi: int | None
    category: str | None
    grade: str | None
    colour: str | None
    primary: tuple[str, ...]
    values: tuple[Concentration, ...]
    simulated: bool

    @property
    def ink(self) -> str:
        """Colour of text on the colour of its category."""
        return ink_on(self.colour) if self.colour else "#1d2733"

    def value(self, item: str) -> str | None:
        """Printed value of one item."""
        return next((one.value for one in self.values if one.item == item), None)


@dataclass(frozen=True, slots=True)
class YearRow:
    """One figure of the year to date beside the same days of last year, on one basis; None: no value."""

    key: str
    name: str
    unit: str
    value: str | None
    last: str | None
    change: str | None


@dataclass(frozen=True, slots=True)
class Goal:
    """One target as the desk shows it: limit and value as printed, state, and what is left of the budget."""

    target: str
    name: str
    limit: str
    value: str | None
    unit: str
    state: str
    word: str
    flags: tuple[str, ...]
    rest: str | None


@dataclass(frozen=True, slots=True)
class ForecastDay:
    """One day ahead as it was officially issued and typed in."""

    day: date
    category: str
    aqi: str | None
    primary: str | None
    diffusion: str | None


@dataclass(frozen=True, slots=True)
class DailyReport:
    """Everything the report of one day says; empty parts are left out of it."""

    city: str
    day: date
    reading: Reading | None
    counties: tuple[Reading, ...] = ()
    year_rows: tuple[YearRow, ...] = ()
    has_last_year: bool = False
    goals: tuple[Goal, ...] = ()
    forecast: tuple[ForecastDay, ...] = ()
    forecast_issuer: str = ""
    due: tuple[str, ...] = ()
    duty: tuple[str, ...] = ()
    simulated: bool = False

    @property
    def title(self) -> str:
        """Title of the document."""
        return f"{self.city}环境空气质量日报（实况）"

    @property
    def notes(self) -> tuple[str, ...]:
        """The reservations the report is read under."""
        return (REALTIME_NOTE, SIMULATED_NOTE) if self.simulated else (REALTIME_NOTE,)


@dataclass(frozen=True, slots=True)
class Section:
    """One numbered part of the report."""

    heading: str
    text: str


def sections(report: DailyReport) -> tuple[Section, ...]:
    """The parts of the report that have something to say, in the order officials expect."""
    parts = (
        Section("昨日实况", _reading(report)),
        Section("今年以来", _year(report)),
        Section("目标与余量", _goals(report)),
        Section(_forecast_heading(report), _forecast(report)),
        Section("到期事项", "；".join(report.due) + "。" if report.due else ""),
        Section("值班", "，".join(report.duty) + "。" if report.duty else ""),
    )
    return tuple(part for part in parts if part.text)


def report_text(report: DailyReport) -> str:
    """The report as plain text to copy into a message, about 300 characters.

    Shape  title, date, numbered paragraphs, one line of reservations; lines end LF
    """
    lines = [report.title, long_date(report.day)]
    lines += [f"{NUMERALS[n]}、{part.heading}：{part.text}" for n, part in enumerate(sections(report))]
    lines.append("注：" + "".join(report.notes))
    return "\n".join(lines) + "\n"


def word_count(text: str) -> int:
    """Number of characters as a word processor counts them: a Latin word or a number is one."""
    return len(_WORDS.findall(text))


def long_date(day: date) -> str:
    """2025年10月15日."""
    return f"{day.year}年{day.month}月{day.day}日"


def short_date(day: date) -> str:
    """10月15日."""
    return f"{day.month}月{day.day}日"


def names_joined(names: tuple[str, ...]) -> str:
    """Names of pollutants joined as in running text."""
    return "、".join(names)


def air_sentence(reading: Reading) -> str:
    """AQI, level and primary pollutant of one place."""
    if reading.aqi is None:
        return "AQI 无有效值"
    level = f"{reading.grade}（{reading.category}）" if reading.grade else reading.category or ""
    primary = f"首要污染物 {names_joined(reading.primary)}" if reading.primary else "无首要污染物"
    return f"AQI {reading.aqi}，{level}，{primary}"


def _reading(report: DailyReport) -> str:
    if report.reading is None:
        return f"{short_date(report.day)}全市无有效数据。"
    values = [one for one in report.reading.values if one.value is not None]
    by_unit: dict[str, list[str]] = {}
    for one in values:
        by_unit.setdefault(one.unit, []).append(f"{one.label} {one.value}")
    concentrations = "；".join(f"{'、'.join(texts)} {unit}" for unit, texts in by_unit.items())
    text = f"{short_date(report.day)}全市 {air_sentence(report.reading)}。"
    if concentrations:
        text += f"浓度：{concentrations}。"
    known = [one for one in report.counties if one.aqi is not None]
    if known:
        text += "各县（市）区 AQI：" + "、".join(f"{one.place} {one.aqi}（{one.category}）" for one in known) + "。"
    return text


def _year(report: DailyReport) -> str:
    rows = {row.key: row for row in report.year_rows if row.value is not None}
    if not rows:
        return ""
    told = []
    if "pm25" in rows:
        told.append(_compared("PM2.5 平均浓度", _with_unit(rows["pm25"]), rows["pm25"].last, rows["pm25"].change))
    if "good_days" in rows and "good_ratio" in rows:
        days, ratio = rows["good_days"], rows["good_ratio"]
        last = f"{days.last} 天、{ratio.last}%" if days.last is not None and ratio.last is not None else None
        told.append(_compared("优良", f"{days.value} 天、比率 {ratio.value}%", last, None))
    if "heavy_days" in rows:
        last = rows["heavy_days"].last
        told.append(_compared("重度及以上污染", f"{rows['heavy_days'].value} 天", f"{last} 天" if last else None, None))
    basis = "（两年同口径）" if report.has_last_year else "（去年同期有效数据不足，不作比较）"
    return f"1月1日至{short_date(report.day)}，{'；'.join(told)}{basis}。"


def _with_unit(row: YearRow) -> str:
    return f"{row.value} {row.unit}"


def _compared(name: str, value: str, last: str | None, change: str | None) -> str:
    if last is None:
        return f"{name} {value}"
    return f"{name} {value}（去年同期 {last}{'，' + change if change else ''}）"


def _goals(report: DailyReport) -> str:
    return "；".join(_goal(goal) for goal in report.goals) + "。" if report.goals else ""


def _goal(goal: Goal) -> str:
    rest = f"，{goal.rest}" if goal.rest else ""
    return f"{goal.name} {goal.limit}，{goal.word}{rest}"


def _forecast_heading(report: DailyReport) -> str:
    return f"未来三天预报（{report.forecast_issuer}发布）" if report.forecast_issuer else "未来三天预报"


def _forecast(report: DailyReport) -> str:
    return "；".join(_forecast_day(one) for one in report.forecast) + "。" if report.forecast else ""


def _forecast_day(one: ForecastDay) -> str:
    bracket = "，".join(part for part in (f"AQI {one.aqi}" if one.aqi else "", one.primary) if part)
    note = f"，{one.diffusion}" if one.diffusion else ""
    return f"{short_date(one.day)}{one.category}{f'（{bracket}）' if bracket else ''}{note}"
