"""What a whole station table is asked: units, shifted headings, zeros throughout, single values out of all proportion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

import polars as pl

from lantian.air.item import PRINTED, SCALE
from lantian.basis.finding import Finding, Place, Severity, Text
from lantian.rulebook.loader import load
from lantian.rulebook.shape import built
from lantian.store.folder import refusal
from lantian.store.station_layout import FOLDER, GASES_AND_DUST, Kind

SHOWN: Final = 20
_UNIT = 10**SCALE


@dataclass(frozen=True, slots=True)
class Plausible:
    """Bounds for whole tables, and for single values worth a word."""

    values_at_least: int
    co_median_at_most: Decimal
    co_median_at_least: Decimal
    others_median_at_least: Decimal
    fine_above_coarse_percent: int
    zeros_at_least: int
    co_absurd_above: int
    others_absurd_above: int


@lru_cache(maxsize=1)
def plausible() -> Plausible:
    """Bounds as shipped."""
    return built(Plausible, load(FOLDER / "_plausible.yaml", "_plausible.yaml"))


def checked(table: pl.DataFrame, kind: Kind, bounds: Plausible, place: Place) -> list[Finding]:
    """Notes on the values of a table.

    Errors  Refusal where the table as a whole cannot be what its headings say
    """
    items = [item for item in table.columns if item in GASES_AND_DUST]
    for item in items:
        _ask_item(table[item].drop_nulls(), item, bounds, place)
    if {"pm10", "pm25"} <= set(items):
        _ask_dust(table, bounds, place)
    notes = list(_absurd(table, items, bounds, place))
    return notes + (list(_zeros(table, items, bounds, place)) if kind != "city_months" else [])


def _ask_item(values: pl.Series, item: str, bounds: Plausible, place: Place) -> None:
    if len(values) >= bounds.zeros_at_least and values.max() == 0:
        zh = f"{_name(item)} 的 {len(values)} 个值全是 0，不是测得的浓度。若表示缺测，请留空或在布局里写 zero: missing"
        raise refusal("AIR-VALUES-ZERO", zh, f"{item}: all {len(values)} values are 0", place.file)
    positive = values.filter(values > 0)
    if len(positive) < bounds.values_at_least:
        return
    middle = Decimal(int(positive.median() or 0)) / _UNIT  # type: ignore[arg-type]
    if item == "co":
        fits = bounds.co_median_at_least <= middle <= bounds.co_median_at_most
    else:
        fits = middle >= bounds.others_median_at_least
    if not fits:
        unit = "mg/m³" if item == "co" else "µg/m³"
        other = "μg/m³" if item == "co" else "mg/m³"
        zh = (
            f"{_name(item)} 的中位数折合 {middle} {unit}，不可能：单位写错（毫克与微克）或表头错位。"
            f"如果表中是 {other}，请在表头写明，如“{_name(item)}({other})”；否则请核对各列"
        )
        en = f"the median of {item} is {middle} {unit}: wrong unit or shifted headings"
        raise refusal("AIR-UNIT-IMPLAUSIBLE", zh, en, place.file)


def _ask_dust(table: pl.DataFrame, bounds: Plausible, place: Place) -> None:
    both = table.select("pm10", "pm25").drop_nulls()
    above = both.filter(pl.col("pm25") > pl.col("pm10")).height
    if both.height >= bounds.values_at_least and 100 * above > bounds.fine_above_coarse_percent * both.height:
        zh = f"{both.height} 行中有 {above} 行 PM2.5 高于 PM10，表头可能错位。请核对各列后再导入"
        raise refusal("AIR-COLUMNS-SHIFTED", zh, f"PM2.5 above PM10 in {above} of {both.height} rows", place.file)


def _absurd(table: pl.DataFrame, items: list[str], bounds: Plausible, place: Place) -> Iterator[Finding]:
    """Values that stay as they came and are told."""
    shown = 0
    most = table.select(pl.col(items).max()).row(0, named=True) if items else {}
    for item in items:
        bound = bounds.co_absurd_above if item == "co" else bounds.others_absurd_above
        if (most[item] or 0) <= bound * _UNIT:
            continue
        high = table.filter(pl.col(item) > bound * _UNIT).select("row", item)
        for row, value in high.head(max(0, SHOWN - shown)).iter_rows():
            amount = Decimal(value) / _UNIT
            zh, en = f"{item} = {amount}，大得少见，照收。请核对", f"{item} = {amount} is rare; taken as it came"
            yield _note("AIR-VALUE-RARE", zh, en, Place(place.file, place.sheet, row, item))
        if shown < SHOWN < shown + high.height:
            zh = f"{_name(item)} 共有 {high.height} 个少见的大值，只列出前几个"
            yield _note("AIR-VALUE-RARE", zh, f"{high.height} rare values of {item}", place)
        shown += high.height


def _zeros(table: pl.DataFrame, items: list[str], bounds: Plausible, place: Place) -> Iterator[Finding]:
    """Stations with nothing but zeros for an item."""
    if table.height < bounds.zeros_at_least:
        return
    for item in items:
        by_station = table.group_by("station").agg(pl.col(item).count().alias("n"), pl.col(item).max().alias("most"))
        suspect = by_station.filter((pl.col("n") >= bounds.zeros_at_least) & (pl.col("most") == 0))
        for station, count in suspect.sort("station").select("station", "n").iter_rows():
            zh = f"{station} 的 {_name(item)} {count} 个值全是 0，照收。请核对是否缺测"
            yield _note("AIR-STATION-ZERO", zh, f"{item} of {station}: all {count} values are 0", place)


def _name(item: str) -> str:
    return PRINTED.get(item, item.upper())


def _note(code: str, zh: str, en: str, place: Place) -> Finding:
    return Finding(code, Severity.WARNING, Text(zh, en), place)
