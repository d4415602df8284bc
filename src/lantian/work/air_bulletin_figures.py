"""Figures of a month and of its year so far for one city, each beside last year's on one basis, as printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from lantian.air.attainment import DaysAttained, attained_days
from lantian.air.basis_choice import BY_DATE, Material, OnBasis, figures_on
from lantian.air.excluded import Exclusion
from lantian.air.item import ITEMS, PRINTED
from lantian.air.parameters import StatisticsRule
from lantian.air.period import PeriodFigures, printed_value
from lantian.air.ranking import PrimaryDays, primary_days
from lantian.air.windows import window_validity, year_before
from lantian.basis.determination import Basis
from lantian.basis.period import Days
from lantian.work import air_law
from lantian.work.air_rules import MEAN_ITEMS, statistics_rule
from lantian.work.air_standings import TableOf, too_few
from lantian.work.duty import day_change, percent, point_change, symbol

ORDER = ("pm25", "pm10", "so2", "no2", "co", "o3_8h")  # as monthly reports list them


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a period beside last year's, as printed; the change is taken from the printed figures."""

    key: str
    name: str
    unit: str
    value: str | None
    last: str | None
    change: str | None


@dataclass(frozen=True, slots=True)
class ItemDays:
    """Days of one item: valid, above the limit of their date, the worst of them, primary pollutant on so many."""

    item: str
    valid: int
    exceeded: int
    worst: str | None
    primary: int


@dataclass(frozen=True, slots=True)
class CityPeriod:
    """What a period of one city says.

    ``comparable`` last year has days enough; ``doubts`` items whose period is not valid, with their days;
    ``taken`` days taken out by item, ``as_measured`` the figures with them where there are any.
    """

    days: Days
    last_days: Days
    figures: PeriodFigures
    rows: tuple[Figure, ...]
    items: tuple[ItemDays, ...]
    comparable: bool
    doubts: tuple[tuple[str, int], ...]
    taken: dict[str, int]
    as_measured: tuple[Figure, ...]
    exclusions: tuple[Exclusion, ...]
    editions: tuple[str, ...]
    primary: PrimaryDays

    @property
    def has_data(self) -> bool:
        """Whether any item has a valid day."""
        return any(self.figures.counts.values())

    def of(self, key: str) -> Figure:
        """The figure of a key."""
        return next(row for row in self.rows if row.key == key)


def city_period(city: str, days: Days, table_of: TableOf, exclusions: Sequence[Exclusion] = ()) -> CityPeriod:
    """Figures of a city's days without those taken out by decision, beside last year's.

    Rule    HJ 633 and HJ 663 by date; last year judged under the editions of this year's days, its own days taken out
            left out as well; it is compared with only where it has days enough; good and heavy days as measured
    """
    rule, before = statistics_rule(days.last), year_before(days)
    own, dust = table_of(city, days), "excluded" if exclusions else "included"
    now = _on(own, days, days, exclusions, dust)
    last = _on(table_of(city, before), before, days, exclusions, dust)
    comparable = too_few(last.figures, before, rule) is None
    taken = _taken(own, days, now.figures, exclusions)
    measured = _rows(_on(own, days, days, (), "included").figures, None, rule) if taken else ()
    primary = primary_days(now.table, days, rule)
    return CityPeriod(
        days=days,
        last_days=before,
        figures=now.figures,
        rows=_rows(now.figures, last.figures if comparable else None, rule),
        items=tuple(_item_days(now.table, days, primary)),
        comparable=comparable,
        doubts=tuple(_doubts(own, days, rule)),
        taken=taken,
        as_measured=measured,
        exclusions=tuple(one for one in exclusions if one.days.first <= days.last and days.first <= one.days.last),
        editions=tuple(now.table["edition"].unique(maintain_order=True).to_list()),
        primary=primary,
    )


def _on(table: pl.DataFrame, days: Days, judged: Days, exclusions: Sequence[Exclusion], dust: str) -> OnBasis:
    material = Material({("realtime", "city"): table}, tuple(exclusions))
    found = figures_on(material, days, Basis(BY_DATE, dust=dust, validity="none"), air_law.law(), judged=judged)
    assert found is not None  # the one series there is was asked for
    return found


def _taken(table: pl.DataFrame, days: Days, counted: PeriodFigures, exclusions: Sequence[Exclusion]) -> dict[str, int]:
    if not exclusions:
        return {}
    inside = table.filter(pl.col("date").is_between(days.first, days.last))
    found = {item: int(inside[item].count()) - counted.counts[item] for item in ITEMS}
    return {item: number for item, number in found.items() if number}


def _doubts(table: pl.DataFrame, days: Days, rule: StatisticsRule) -> list[tuple[str, int]]:
    """Items that do not have the valid days a period of whole months needs, with those they have."""
    found = ((item, window_validity(table, days, item, rule.validity)) for item in ORDER)
    return [(item, one.days) for item, one in found if one.days and (one.mean if item in MEAN_ITEMS else one.percentile) is False]  # fmt: skip


def _item_days(table: pl.DataFrame, days: Days, primary: PrimaryDays) -> list[ItemDays]:
    limits = air_law.limits(days)
    judged, places = attained_days(table, limits), air_law.exceedance_places(days.last)
    return [
        ItemDays(item, judged[item].valid, judged[item].exceeded, _worst(judged[item], places), primary.by_item[item])
        for item in ORDER
    ]


def _worst(one: DaysAttained, places: int) -> str | None:
    """The day furthest above its limit and by how much."""
    if one.worst is None:
        return None
    return f"{one.worst.month}月{one.worst.day}日 {printed_value(one.worst_multiple, places)} 倍"


def _rows(now: PeriodFigures, last: PeriodFigures | None, rule: StatisticsRule) -> tuple[Figure, ...]:
    def index(one: PeriodFigures) -> str | None:
        return printed_value(one.composite_index, rule.index_places)

    def ratio(one: PeriodFigures) -> str | None:
        return printed_value(one.good_ratio, rule.ratio_places) if one.countable else None

    def valid(one: PeriodFigures) -> str | None:
        return str(one.valid_days)

    return (
        *(_item(item, now, last, rule) for item in ORDER),
        _figure("index", "综合指数", "", now, last, index, percent),
        _figure("good_days", "优良天数", "天", now, last, partial(_counted, name="good_days"), day_change),
        _figure("good_ratio", "优良天数比率", "%", now, last, ratio, point_change),
        _figure("heavy_days", "重度及以上污染天数", "天", now, last, partial(_counted, name="heavy_days"), day_change),
        _figure("valid_days", "有效天数", "天", now, last, valid, day_change),
    )


def _item(item: str, now: PeriodFigures, last: PeriodFigures | None, rule: StatisticsRule) -> Figure:
    """Mean of an item, or the percentile of one without a mean."""
    name = PRINTED[item]

    def text(one: PeriodFigures) -> str | None:
        return printed_value((one.means if item in MEAN_ITEMS else one.percentiles)[item], rule.places[item])

    if item not in MEAN_ITEMS:
        daily = "日最大 8 小时平均" if item == "o3_8h" else "日均值"
        name += f" {daily}第 {rule.percentiles[item]} 百分位数"
    return _figure(item, name, symbol(item), now, last, text, percent)


def _counted(one: PeriodFigures, name: str) -> str | None:
    """A count of days; none with an item missing throughout, where only polluted days have an AQI."""
    return str(getattr(one, name)) if one.countable else None


def _figure(
    key: str,
    name: str,
    unit: str,
    now: PeriodFigures,
    last: PeriodFigures | None,
    text: Callable[[PeriodFigures], str | None],
    change: Callable[[str, str], str],
) -> Figure:
    value, then = text(now), text(last) if last is not None else None
    told = change(value, then) if value is not None and then is not None else None
    return Figure(key, name, unit, value, then, told)
