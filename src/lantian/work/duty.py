"""The duty desk's figures: yesterday by place, the year to date beside last year on one basis, what is due.

Days, rules and dates come in as arguments; what comes out is printed text ready for desk, report and picture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

import polars as pl

from lantian.air.day import evaluated
from lantian.air.item import ITEMS, PRINTED, UNITS
from lantian.air.parameters import IndexRule, StatisticsRule
from lantian.air.period import PeriodFigures, period_figures
from lantian.basis.exact import rounded, rounded_text, text_of
from lantian.basis.period import DAY, Days, same_days_of
from lantian.basis.units import UNITS as WRITTEN_UNITS
from lantian.render.daily_report import Concentration, Reading, YearRow
from lantian.render.day_strip import Bar
from lantian.store.air import CityDay, plain_city

DaysOf = Callable[[str, Days], Sequence[CityDay]]
RuleSpans = Sequence[tuple[Days, IndexRule]]

DAYS_OF_YEAR = 365
_GRADES = "一二三四五六"


@dataclass(frozen=True, slots=True)
class Yesterday:
    """Air of one day: the city, the counties that have data, and the names of those that have none."""

    day: date
    city: Reading | None
    counties: tuple[Reading, ...]
    silent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class YearSoFar:
    """The year to ``days.last`` beside the same days of last year; ``editions`` of HJ 633 both were judged under.

    ``has_last_year``: last year has valid days enough to be compared with.
    """

    days: Days
    last_days: Days
    rows: tuple[YearRow, ...]
    has_last_year: bool
    recomputed: bool
    editions: tuple[str, ...]
    simulated: bool


def full_name(city: str) -> str:
    """Name of a prefecture as in a title: 鸡西 becomes 鸡西市, 大兴安岭地区 stays."""
    return city if city.endswith(("市", "州", "盟", "地区", "县", "区", "旗")) else f"{city}市"


def reading(place: str, day: CityDay, rule: IndexRule) -> Reading:
    """One place's day as it is shown, category, grade and colour by the edition of that day."""
    found = rule.category(day.aqi) if day.aqi is not None else None
    grade = f"{_GRADES[rule.categories.index(found)]}级" if found else None
    return Reading(
        place=place,
        aqi=day.aqi,
        category=day.category,
        grade=grade,
        colour=found.colour if found else None,
        primary=tuple(day.primary),
        values=tuple(Concentration(item, PRINTED[item], day.printed.get(item), symbol(item)) for item in _ORDER),
        simulated=day.simulated,
    )


_ORDER = ("pm25", "pm10", "so2", "no2", "o3_8h", "co")  # as daily reports list them


def symbol(item: str) -> str:
    """Unit of an item as it is written."""
    return WRITTEN_UNITS[UNITS[item]].symbol


def yesterday(city: str, counties: Sequence[str], day: date, days_of: DaysOf, rule: IndexRule) -> Yesterday:
    """Air of one day in city and counties; places without a row are named, not shown as zeros."""
    one = Days(day, day)

    def of(place: str) -> Reading | None:
        found = [row for row in days_of(plain_city(place), one) if row.date == day]
        return reading(place, found[0], rule) if found else None

    readings = {place: of(place) for place in counties}
    return Yesterday(
        day=day,
        city=of(city),
        counties=tuple(found for found in readings.values() if found),
        silent=tuple(name for name, found in readings.items() if found is None),
    )


def bars(city: str, days: Days, days_of: DaysOf, spans: RuleSpans) -> tuple[Bar, ...]:
    """One bar for each calendar day, in the colour of its category; days without a valid AQI are gaps."""
    known = {day.date: day.aqi for day in days_of(city, days) if day.aqi is not None}

    def bar(day: date) -> Bar:
        rule = next(rule for span, rule in spans if day in span)
        found = rule.category(known[day]) if day in known else None
        return Bar(day, known.get(day), found.zh if found else None, found.colour if found else None)

    return tuple(bar(day) for day in days)


def day_table(days: Iterable[CityDay]) -> pl.DataFrame:
    """Days of one city as the air room takes them.

    Shape  city, date, the six items (Int64, scaled), aqi (Int64)
    """
    rows = [(day.city, day.date, *(day.values.get(item) for item in ITEMS), day.aqi) for day in days]
    schema = {"city": pl.String, "date": pl.Date, **dict.fromkeys((*ITEMS, "aqi"), pl.Int64)}
    return pl.DataFrame(rows, schema=schema, orient="row")


def on_basis_of(table: pl.DataFrame, spans: RuleSpans, last_days: Days) -> pl.DataFrame:
    """Days of last year judged under the editions that hold on the same days of this year.

    Rule  a comparison with last year recomputes both years on one basis
    """
    starts = [same_days_of(days, last_days.first.year).first for days, _ in spans]
    ends = [start - DAY for start in starts[1:]] + [last_days.last]
    parts = [
        evaluated(table.filter(pl.col("date").is_between(first, last)).drop("aqi"), rule)
        for first, last, (_, rule) in zip(starts, ends, spans, strict=True)
    ]
    return pl.concat(parts)


def year_so_far(city: str, as_of: date, days_of: DaysOf, spans: RuleSpans, rule: StatisticsRule) -> YearSoFar:
    """The year up to ``as_of`` beside the same days of last year, both judged under this year's editions.

    Rule  HJ 663, validity: last year is compared with where its valid days reach the year's minimum in proportion
    """
    days = Days(date(as_of.year, 1, 1), as_of)
    last_days = same_days_of(days, as_of.year - 1)
    now, then = list(days_of(city, days)), list(days_of(city, last_days))
    this = period_figures(day_table(now), days, rule)
    judged = on_basis_of(day_table(then), spans, last_days)
    last = period_figures(judged, last_days, rule) if then else None
    enough = last is not None and last.valid_days * DAYS_OF_YEAR >= rule.validity.year_days * len(last_days)
    editions = tuple(dict.fromkeys(rule_.edition for _, rule_ in spans))
    return YearSoFar(
        days=days,
        last_days=last_days,
        rows=year_rows(this, last, rule) if enough else _alone(year_rows(this, None, rule), last),
        has_last_year=enough,
        recomputed=dict(judged.select("date", "edition").iter_rows()) != {day.date: day.edition for day in then},
        editions=editions,
        simulated=any(day.simulated for day in now),
    )


def _alone(rows: tuple[YearRow, ...], last: PeriodFigures | None) -> tuple[YearRow, ...]:
    """Rows of this year without last year's, of which only the valid days are said: why it is not compared with."""
    days = str(last.valid_days) if last is not None else None
    return tuple(replace(row, last=days) if row.key == "valid_days" else row for row in rows)


def year_rows(this: PeriodFigures, last: PeriodFigures | None, rule: StatisticsRule) -> tuple[YearRow, ...]:
    """PM2.5 mean, good days, their ratio, heavy days and valid days of two periods, and what changed."""
    pm25, pm25_last = (_printed(one.means["pm25"] if one else None, rule.places["pm25"]) for one in (this, last))
    return (
        _row("pm25", "PM2.5 平均浓度", symbol("pm25"), pm25, pm25_last, percent),
        _row("good_days", "优良天数", "天", *_days(this, last, "good_days"), day_change),
        _row("good_ratio", "优良天数比率", "%", _printed(this.good_ratio, rule.ratio_places),
             _printed(last.good_ratio if last else None, rule.ratio_places), point_change),
        _row("heavy_days", "重度及以上污染天", "天", *_days(this, last, "heavy_days"), day_change),
        _row("valid_days", "有效天数", "天", *_days(this, last, "valid_days"), day_change),
    )  # fmt: skip


def _printed(value: Fraction | None, places: int) -> str | None:
    return None if value is None else rounded_text(value, places)


def _days(this: PeriodFigures, last: PeriodFigures | None, name: str) -> tuple[str | None, str | None]:
    """Counts of days; without a single valid day there is nothing to count, so no value rather than 0."""
    pair = [figures if figures and figures.valid_days else None for figures in (this, last)]
    return tuple(str(getattr(figures, name)) if figures else None for figures in pair)  # type: ignore[return-value]


def _row(
    key: str, name: str, unit: str, value: str | None, last: str | None, change: Callable[[str, str], str]
) -> YearRow:
    told = change(value, last) if value is not None and last is not None else None
    return YearRow(key, name, unit, value, last, told)


def percent(value: str, last: str) -> str:
    """Relative change of two printed figures, one decimal, so that a reader can check it from what is printed."""
    now, then = Fraction(value), Fraction(last)
    if now == then:
        return "持平"
    if then == 0:
        return f"上升 {value}"
    tenths = rounded(100 * abs(now - then) / then, 1)
    return f"{'上升' if now > then else '下降'} {text_of(tenths, 1)}%"


def day_change(value: str, last: str) -> str:
    """Difference of two counts of days."""
    more = int(value) - int(last)
    if not more:
        return "持平"
    return f"{'增加' if more > 0 else '减少'} {abs(more)} 天"


def point_change(value: str, last: str) -> str:
    """Difference of two printed shares in percentage points."""
    more = Fraction(value) - Fraction(last)
    places = max(len(text.partition(".")[2]) for text in (value, last))
    if not more:
        return "持平"
    return f"{'上升' if more > 0 else '下降'} {rounded_text(abs(more), places)} 个百分点"


@dataclass(frozen=True, slots=True)
class Due:
    """Something with a deadline: title, day it ends, who answers, kind (task, entry, roster), address of its page."""

    title: str
    day: date
    who: str
    kind: str
    link: str


@dataclass(frozen=True, slots=True)
class DueList:
    """What is over its date, what ends today, and what ends within the days ahead; each by date."""

    overdue: tuple[Due, ...]
    today: tuple[Due, ...]
    ahead: tuple[Due, ...]

    def __len__(self) -> int:
        return len(self.overdue) + len(self.today) + len(self.ahead)


def due_list(items: Iterable[Due], today: date, days_ahead: int = 7) -> DueList:
    """Things due, sorted into over, today and the next ``days_ahead`` days; what lies further off is left out."""
    ordered = sorted(items, key=lambda item: (item.day, item.title))
    end = today + timedelta(days=days_ahead)
    return DueList(
        overdue=tuple(item for item in ordered if item.day < today),
        today=tuple(item for item in ordered if item.day == today),
        ahead=tuple(item for item in ordered if today < item.day <= end),
    )


def roster_gaps(covered: Iterable[date], today: date, days_ahead: int = 7) -> tuple[date, ...]:
    """Days from today on that nobody is on the roster for."""
    known = set(covered)
    return tuple(day for day in Days(today, today + timedelta(days=days_ahead - 1)) if day not in known)
