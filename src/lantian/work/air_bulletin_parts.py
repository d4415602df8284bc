"""Parts of a monthly bulletin as sentences, tables and pictures: the city, its items, places beside one another."""

from __future__ import annotations

from collections.abc import Iterator

from lantian.air.item import PRINTED
from lantian.basis.period import Days
from lantian.render.bulletin import Part, Picture, Table
from lantian.work.air_bulletin_figures import ORDER, CityPeriod, Figure
from lantian.work.air_law import limits
from lantian.work.air_standings import Row, Standings
from lantian.work.drawing import Drawing
from lantian.work.duty import full_name

_CITY_HEAD = ("指标", "单位", "本月", "去年同月", "变化", "年初以来", "去年同期", "变化")
_ITEM_HEAD = ("项目", "本月有效天数", "本月超标天数", "本月超标最重日", "本月首要污染物天数", "年初以来超标天数", "年初以来首要污染物天数")  # fmt: skip
_RANK_HEAD = ("名次", "综合指数", "同比（%）", "PM2.5（µg/m³）", "同比（%）", "优良率（%）", "有效天数", "年初以来指数", "年初以来名次")  # fmt: skip


def month_part(
    now: CityPeriod,
    so_far: CityPeriod,
    province: tuple[Standings, Standings] | None,
    city: str,
    drawings: dict[str, Drawing],
) -> Part:
    """The city's month and year so far, in words and beside last year's; figures before days were taken out."""
    rows = tuple(_row(one, so_far.of(one.key)) for one in now.rows)
    table = Table(f"{full_name(city)}主要指标", _CITY_HEAD, rows, _comparison_note(now, so_far))
    tables = (table, *_taken_tables(now, so_far))
    texts = (
        _sentence("本月", now, _place_words(province[0] if province else None, city)),
        _sentence(so_far_words(so_far.days), so_far, _place_words(province[1] if province else None, city)),
    )
    return Part("空气质量概况", texts, tables, _pictures(drawings, "calendar", "shares"))


def _row(one: Figure, year: Figure) -> tuple[str | None, ...]:
    return one.name, one.unit or None, one.value, one.last, one.change, year.value, year.last, year.change


def _sentence(when: str, period: CityPeriod, place: str) -> str:
    """Good days, heavy days, concentrations, index and rank in words."""
    told = []
    good, ratio, heavy = period.of("good_days"), period.of("good_ratio"), period.of("heavy_days")
    valid = period.of("valid_days").value
    if good.value is not None:
        compared = _compared(ratio.last and f"{good.last} 天、{ratio.last}%", ratio.change)
        told.append(f"有效监测 {valid} 天，优良 {good.value} 天，优良天数比率 {ratio.value}%{compared}")
        told.append(f"重度及以上污染 {heavy.value} 天{_compared(heavy.last and f'{heavy.last} 天', heavy.change)}")
    items = [period.of(item) for item in ORDER]
    told += [
        f"{one.name} {one.value} {one.unit}{_compared(one.last, one.change)}" for one in items if one.value is not None
    ]
    index = period.of("index")
    if index.value is not None:
        told.append(f"综合指数 {index.value}{_compared(index.last, index.change)}{place}")
    primary = period.primary.text()
    if primary:
        told.append(f"有首要污染物的 {period.primary.days} 天中：{primary}（天，并列时分别计）")
    return f"{when}，{'；'.join(told)}。" if told else f"{when}没有有效数据。"


def _compared(last: str | None, change: str | None) -> str:
    if not last:
        return ""
    return f"（去年同期 {last}，{change}）" if change else f"（去年同期 {last}）"


def so_far_words(days: Days) -> str:
    """1月1日至7月31日."""
    return f"1月1日至{days.last.month}月{days.last.day}日"


def _place_words(found: Standings | None, city: str) -> str:
    """Where the city stands among those with data; nothing where it stands alone or apart."""
    if found is None or len(found.placed) < 2:
        return ""
    own = next((row for row in found.placed if row.name == city), None)
    if own is None:
        return ""
    shared = "（并列）" if sum(row.place == own.place for row in found.placed) > 1 else ""
    return f"，在参加排名的 {len(found.placed)} 个城市中由好到差列第 {own.place}{shared}"


def _comparison_note(now: CityPeriod, so_far: CityPeriod) -> str:
    short = [name for name, one in (("去年同月", now), ("去年同期", so_far)) if not one.comparable]
    if short:
        return f"{'、'.join(short)}有效天数不足，不作比较。"
    return "变化由表中所列数值算出；去年按今年同日适用的标准版本重新评价。"


def _taken_tables(now: CityPeriod, so_far: CityPeriod) -> Iterator[Table]:
    for words, one in (("本月", now), (so_far_words(so_far.days), so_far)):
        if not one.taken:
            continue
        measured = {row.key: row.value for row in one.as_measured}
        changed = [row for row in one.rows if row.value != measured[row.key] or row.key in one.taken]
        rows = tuple((row.name, row.unit or None, measured[row.key], row.value) for row in changed)
        documents = "；".join(dict.fromkeys(f"{e.decided_by} {e.document}" for e in one.exclusions))
        days = "、".join(f"{PRINTED[item]} {count} 天" for item, count in one.taken.items())
        note = f"按{documents}扣除：{days}。本报其他图表中本市指标不含扣除的数据，优良天数和重污染天数按实测；县区和城市排名按实测。"
        yield Table(f"{words}扣除前后对照", ("指标", "单位", "扣除前", "扣除后"), rows, note)


def items_part(now: CityPeriod, so_far: CityPeriod, drawings: dict[str, Drawing]) -> Part:
    """Days above the limits and primary pollutants, item by item."""
    rows = tuple(
        (
            PRINTED[one.item],
            str(one.valid),
            str(one.exceeded),
            one.worst,
            str(one.primary),
            str(year.exceeded),
            str(year.primary),
        )
        for one, year in zip(now.items, so_far.items, strict=True)
    )
    over = [one for one in now.items if one.exceeded]
    text = "、".join(f"{PRINTED[one.item]} {one.exceeded} 天" for one in over)
    said = f"本月日均浓度超过二级限值的项目：{text}。" if over else "本月各项目日均浓度均未超过二级限值。"
    editions = "、".join(dict.fromkeys(one.edition for one in limits(so_far.days)))
    table = Table(
        "各项目超标和首要污染物天数", _ITEM_HEAD, rows, f"限值：{editions} 二级，按日期适用；O3 为日最大 8 小时平均。"
    )
    return Part("各项污染物", (said,), (table,), _pictures(drawings, "months", "course", "rose", "polar"))


def ranking_part(
    heading: str, found: tuple[Standings, Standings] | None, city: str, drawing: Drawing | None
) -> Part | None:
    """Places ranked by composite index, those apart with their reason; None without anyone to compare."""
    if found is None:
        return None
    now, so_far = found
    own = {row.name: row for row in (*so_far.placed, *so_far.apart)}
    rows = tuple(_rank_row(row, own[row.name]) for row in now.placed)
    reasons: dict[str, list[str]] = {}
    for row in now.apart:
        reasons.setdefault(str(row.reason), []).append(row.title)
    told = []
    if len(now.placed) == 1:
        told.append(f"只有{now.placed[0].title}可以排名，综合指数 {now.placed[0].index}。")
    elif now.placed:
        best, worst = now.placed[0], now.placed[-1]
        told.append(
            f"参加排名的 {len(now.placed)} 个中，综合指数最低（最好）的是{best.title} {best.index}，最高的是{worst.title} {worst.index}。"
        )
    else:
        told.append("本月没有可以排名的地区。")
    told += [f"{'、'.join(titles)}：{reason}。" for reason, titles in reasons.items()]
    head = ("城市" if heading.startswith("全省") else "县（市）区", *_RANK_HEAD)
    note = (
        "按综合指数由低到高；相同者名次并列。综合指数的同比由未修约的指数算出，PM2.5 的由表中数值算出，两年同一口径。"
    )
    tables = (Table(f"{heading}综合指数排名", head, rows, note),) if rows else ()
    return Part(heading, tuple(told), tables, _pictures({"it": drawing} if drawing else {}, "it"))


def _rank_row(row: Row, year: Row) -> tuple[str | None, ...]:
    return (
        row.title, str(row.place), row.index, row.index_change, row.pm25, row.pm25_change, row.good_ratio,
        str(row.valid_days), year.index, str(year.place) if year.place else None,
    )  # fmt: skip


def _pictures(drawings: dict[str, Drawing], *keys: str) -> tuple[Picture, ...]:
    found = ((drawings.get(key)) for key in keys)
    return tuple(Picture(one.key, one.caption, one.alt) for one in found if one is not None)
