"""A year of one place day by day: AQI and category of each, and how many days each category has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby

from lantian.air.item import ITEMS, PRINTED
from lantian.air.parameters import IndexRule
from lantian.basis.exact import rounded_text
from lantian.basis.period import Days, year
from lantian.render.calendar_svg import Cell
from lantian.store.air import CityDay
from lantian.work.air_rules import index_rules, statistics_rule

BLANK = "没有数据"
NO_INDEX = "有缺测，无有效 AQI"


@dataclass(frozen=True, slots=True)
class CategoryDays:
    """Days of one category; ``share`` of the valid days in percent as printed."""

    name: str
    colour: str
    days: int
    share: str | None


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """A year of days up to the last one; ``valid`` days with an AQI, ``without`` with values but none, ``blank`` none.

    ``good`` and ``ratio`` are None where an item is missing throughout (``absent``): then only polluted days have an AQI.
    """

    place: str
    days: Days
    cells: tuple[Cell, ...]
    categories: tuple[CategoryDays, ...]
    valid: int
    without: int
    blank: int
    good: int | None
    ratio: str | None
    absent: tuple[str, ...]
    editions: tuple[str, ...]
    simulated: bool

    @property
    def months(self) -> tuple[tuple[int, tuple[Cell, ...]], ...]:
        """Cells by month."""
        return tuple((number, tuple(own)) for number, own in groupby(self.cells, key=lambda cell: cell.day.month))


def calendar_year(place: str, number: int, last: date, rows: Sequence[CityDay]) -> CalendarYear:
    """The calendar of a year up to ``last``, each day under the edition of its date.

    Rule    HJ 633 by date; good days and their ratio as in HJ 663, of the days with an AQI
    Errors  rulebook.NoRuleError before 2012
    """
    days, by_day = year(number).until(last), {row.date: row for row in rows}
    spans, rule = index_rules(days), statistics_rule(days.last)
    cells = tuple(_cell(day, by_day.get(day), own) for span, own in spans for day in span)
    valid = [row.aqi for row in rows if row.aqi is not None]
    absent = tuple(PRINTED[item] for item in ITEMS if all(row.values.get(item) is None for row in rows))
    good = sum(aqi <= rule.good_at_most for aqi in valid)
    countable = bool(valid) and not absent
    return CalendarYear(
        place=place,
        days=days,
        cells=cells,
        categories=_counted(cells, [own for _, own in spans], rule.ratio_places),
        valid=len(valid),
        without=sum(row.aqi is None and any(v is not None for v in row.values.values()) for row in rows),
        blank=sum(cell.aqi is None and cell.told == BLANK for cell in cells),
        good=good if countable else None,
        ratio=_share(good, len(valid), rule.ratio_places) if countable else None,
        absent=absent if rows and len(absent) < len(ITEMS) else (),
        editions=tuple(dict.fromkeys(row.edition for row in rows)),
        simulated=any(row.simulated for row in rows),
    )


def _cell(day: date, row: CityDay | None, rule: IndexRule) -> Cell:
    if row is None or all(value is None for value in row.values.values()):
        return Cell(day, None, None, None, BLANK)
    if row.aqi is None:
        return Cell(day, None, None, None, NO_INDEX)
    category = rule.category(row.aqi)
    return Cell(day, row.aqi, category.zh, category.colour)


def _counted(cells: Sequence[Cell], rules: Sequence[IndexRule], places: int) -> tuple[CategoryDays, ...]:
    """Every category of the editions, in their order, those without days too."""
    counts = Counter(cell.category for cell in cells if cell.category)
    total = counts.total()
    known = {one.zh: one.colour for rule in rules for one in rule.categories}
    return tuple(
        CategoryDays(name, colour, counts[name], _share(counts[name], total, places)) for name, colour in known.items()
    )


def _share(count: int, total: int, places: int) -> str | None:
    return rounded_text(Fraction(100 * count, total), places) if total else None
