"""The monthly bulletin of a city: its month and year so far, its counties, the province's cities, the state of the data.

Everything comes in as arguments: days, places, decisions. What comes out is printed text, and the pictures by name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from lantian.air.excluded import Exclusion
from lantian.air.item import ITEMS, PRINTED
from lantian.air.windows import year_to_date
from lantian.basis.determination import VALUES
from lantian.basis.finding import Finding, Refusal, Severity, Text
from lantian.basis.period import Days, month
from lantian.render.bulletin import Bulletin, Part, Table
from lantian.rulebook.dated import TOTAL_FROM
from lantian.store.air import AirReader
from lantian.work.air_bulletin_figures import ORDER, CityPeriod, city_period
from lantian.work.air_bulletin_parts import items_part, month_part, ranking_part, so_far_words
from lantian.work.air_drawings import bulletin_drawings
from lantian.work.air_quality import checked
from lantian.work.air_rules import statistics_rule
from lantian.work.air_standings import Candidate, Measure, Standings, standings
from lantian.work.air_unverified import COMPOSITE, INDEX, TAKEN_OUT, unverified_notes
from lantian.work.drawing import Drawing
from lantian.work.duty import full_name


@dataclass(frozen=True, slots=True)
class Places:
    """Whom a bulletin is about: the plan's city, its counties, and the province's cities with data (the city itself too)."""

    city: str
    counties: tuple[Candidate, ...] = ()
    cities: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Drafted:
    """A bulletin, and the drawings of its pictures by key."""

    bulletin: Bulletin
    drawings: dict[str, Drawing]


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the days come from, of one kind of values."""

    reader: AirReader
    values: str

    def table(self, place: str, days: Days) -> pl.DataFrame:
        return self.reader.table(place, days, values=self.values)


def bulletin(
    reader: AirReader,
    places: Places,
    first: date,
    as_of: date,
    *,
    exclusions: Sequence[Exclusion] = (),
    values: str = "realtime",
) -> Drafted:
    """The bulletin of the month that begins on ``first``, up to ``as_of`` where it is not over.

    ``exclusions`` the decisions about this city; ``values`` realtime or reviewed.
    Rule    HJ 633, HJ 663 and GB 3095 by date; a year with a change of edition is judged day by day
    Errors  Refusal for a month that has not begun, lies before the rules, or has no data of the city
    """
    whole = month(first.year, first.month)
    days = whole.until(as_of)
    _checked(reader, places.city, days, as_of, values)
    source = _Source(reader, values)
    now = city_period(places.city, days, source.table, exclusions)
    so_far = city_period(places.city, year_to_date(days.last), source.table, exclusions)
    province = _both(places.cities, source, days)
    counties = _both(places.counties, source, days)
    drawings = bulletin_drawings(
        reader, places.city, days.last, values, province[0] if province else None, counties[0] if counties else None
    )
    names = [places.city, *(one.name for one in (*places.counties, *places.cities))]
    parts = (
        month_part(now, so_far, province, places.city, drawings),
        items_part(now, so_far, drawings),
        ranking_part("各县（市）区", counties, places.city, drawings.get("counties")),
        ranking_part("全省各市（地）", province, places.city, drawings.get("province")),
        _data_part(now, so_far, source, places.city),
    )
    made = Bulletin(
        city=full_name(places.city),
        days=days,
        as_of=as_of,
        complete=days == whole,
        simulated=any(reader.simulated(name) for name in dict.fromkeys(names)),
        parts=tuple(part for part in parts if part is not None),
        notes=tuple(_notes(now, so_far, values, complete=days == whole)),
    )
    return Drafted(made, drawings)


def _checked(reader: AirReader, city: str, days: Days, as_of: date, values: str) -> None:
    if not len(days):
        raise _refused(
            "AHEAD", f"{days.first:%Y-%m} 还没有开始：数据截至 {as_of}。请选已经开始的月份", "the month has not begun"
        )
    if days.first.year <= TOTAL_FROM.year:
        zh = f"{days.first:%Y-%m} 太早：规则库从 {TOTAL_FROM} 开始，同比还需要前一年。请选 {TOTAL_FROM.year + 1} 年及以后的月份"
        raise _refused("EARLY", zh, "the month lies before the rules and a year of comparison")
    if reader.table(city, days, values=values).is_empty():
        zh = f"{city} 在 {days.first:%Y-%m} 没有{VALUES[values].zh}的日均值，月报无从写起。请先在“数据导入”中导入这个月的数据"
        raise _refused("EMPTY", zh, f"no {values} city days of {city} in this month")


def _refused(code: str, zh: str, en: str) -> Refusal:
    return Refusal(Finding(f"BULLETIN-MONTH-{code}", Severity.REFUSED, Text(zh, en)))


def _both(candidates: Sequence[Candidate], source: _Source, days: Days) -> tuple[Standings, Standings] | None:
    """Standings of the month and of the year so far by composite index; None without anyone to compare."""
    if not candidates:
        return None
    spans = (days, year_to_date(days.last))
    month_found, year_found = (standings(candidates, source.table, span, Measure.INDEX) for span in spans)
    return month_found, year_found


# ---- the data


def _data_part(now: CityPeriod, so_far: CityPeriod, source: _Source, city: str) -> Part:
    told = []
    for words, one in (("本月", now), (so_far_words(so_far.days), so_far)):
        valid = "、".join(f"{PRINTED[item]} {one.figures.counts[item]}" for item in ORDER)
        told.append(f"{words}共 {len(one.days)} 天，有效天数：{valid}。{_validity_words(one)}")
    doubts = _doubts(source, city, now.days)
    if doubts:
        told.append(f"本月日均值中有 {sum(doubts.values())} 处提示值得核对（提示不改变任何数值，见“数据质量”页）。")
    else:
        told.append("本月日均值未发现值得核对之处。")
    rows = tuple((name, str(count)) for name, count in doubts.items())
    return Part("数据情况", tuple(told), (Table("数据质量提示", ("提示", "处"), rows),) if rows else ())


def _validity_words(one: CityPeriod) -> str:
    if not one.doubts:
        return ""
    names = "、".join(f"{PRINTED[item]}（{days} 天）" for item, days in one.doubts)
    return f"{names}的有效天数不满足 GB 3095 对月份的要求，其统计值仅供参考。"


_KINDS = {
    "STUCK": "连续相同值", "ZERO": "零值", "JUMP": "突升", "FINE": "PM2.5 高于 PM10", "NEGATIVE": "负值",
    "DETECTION": "多在检出限附近", "NEIGHBOUR": "与同城其他站点不一致", "CAPTURE": "获取率不足",
}  # fmt: skip


def _doubts(source: _Source, city: str, days: Days) -> dict[str, int]:
    """How many findings of each kind the quality checks have about the month's days."""
    table = source.table(city, days).rename({"date": "time"})
    table = table.select("city", pl.lit(None, dtype=pl.String).alias("station"), "time", *ITEMS)
    counts = Counter(_kind(one.code) for one in checked(table, days))
    return dict(sorted(counts.items()))


def _kind(code: str) -> str:
    return next((name for part, name in _KINDS.items() if part in code), code)


# ---- notes


def _notes(now: CityPeriod, so_far: CityPeriod, values: str, *, complete: bool) -> Iterator[str]:
    rule = statistics_rule(now.days.last)
    if values == "realtime":
        yield "数据为实况，未经审核，暂定。"
    else:
        yield "数据为审核后数据。"
    if not complete:
        yield f"本月未结束，数据截至 {now.days.last}，暂定。"
    yield f"日评价：{'、'.join(so_far.editions)}，按日期适用；统计：{rule.edition}；浓度由未修约日均值统计，修约一次。"
    if len(so_far.editions) > 1:
        yield "年初以来跨标准版本：每天按当日适用的版本评价，与去年同期比较时去年也按今年同日的版本重新评价。"
    yield "“全市”为城市日均值所含国控站点；年终研判中为考核登记的口径不用于本报。"
    taken = TAKEN_OUT if so_far.taken else ()
    yield from (f"{one}。" for one in unverified_notes((*INDEX, *COMPOSITE, *taken), so_far.days))
