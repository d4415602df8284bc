"""The cities of a station table: only those wanted, and stations that it places in several."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lantian.basis.finding import Finding, Place, Severity, Text
from lantian.store.air import plain_city
from lantian.store.folder import refusal
from lantian.store.stations import Station

_NAMED = 5


def only_cities(
    rows: pl.DataFrame, cities: Sequence[str], register: Sequence[Station], file: str
) -> tuple[pl.DataFrame, Finding]:
    """Rows of these cities, and a note of how many others there were.

    Rule    a row's city is that of its table; where the table names none, the one its station is registered in
    Errors  Refusal where no row belongs to them
    """
    wanted = [plain_city(name) for name in cities]
    city = pl.col("city")
    if "station" in rows.columns:
        known = {one.code: one.city for one in register}
        city = pl.coalesce(city, pl.col("station").replace_strict(known, default=None, return_dtype=pl.String))
    else:
        city = pl.coalesce(city, "place")
    kept = rows.filter(city.is_in(wanted).fill_null(False))
    names = "、".join(wanted)
    if kept.is_empty():
        zh = f"没有一行属于{names}。表中没有城市列时，站点要先登记，才知道属于哪个城市"
        raise refusal("AIR-TABLE-NO-ROWS", zh, f"no row belongs to {names}", file)
    left = rows.height - kept.height
    text = Text(f"只导入{names}：{kept.height} 行；其余 {left} 行没有导入", f"only {names}; {left} rows were left out")
    return kept, Finding("AIR-CITY-ONLY", Severity.NOTE, text, Place(file))


def of_several_cities(rows: pl.DataFrame) -> list[Finding]:
    """A note where one station stands under several cities: a code mistyped, or one used twice."""
    if "station" not in rows.columns:
        return []
    several = (
        rows.group_by("station").agg(pl.col("city").drop_nulls().unique().sort()).filter(pl.col("city").list.len() > 1)
    )
    if several.is_empty():
        return []
    shown = [f"{code}（{'、'.join(cities)}）" for code, cities in several.sort("station").head(_NAMED).iter_rows()]
    names = "；".join(shown) + ("等" if several.height > _NAMED else "")
    zh = f"{several.height} 个站点编码在表中属于不止一个城市：{names}。数据照收，按登记计入城市；请核对编码"
    return [
        Finding("AIR-STATION-CITIES", Severity.WARNING, Text(zh, f"stations under several cities: {names}"), Place())
    ]
