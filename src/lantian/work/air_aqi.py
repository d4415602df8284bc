"""A table of concentrations with sub-indices, AQI, primary pollutants and category added to each row (HJ 633)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from lantian.air.item import SCALE
from lantian.air.realtime import ReportRule, reported
from lantian.basis.exact import half_even
from lantian.basis.finding import Finding, Place, Severity
from lantian.store.cells import read_text
from lantian.work.air_aqi_dates import AUTO, editions_of
from lantian.work.air_aqi_rules import editions, report_rule
from lantian.work.air_aqi_table import Table, item_columns, note, refused, table_of
from lantian.work.air_aqi_values import DIGITS, replaced, values_of

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class AqiTable:
    """The table with its added columns, headings in order, and what to know about it."""

    headings: tuple[str, ...]
    rows: pl.DataFrame
    notes: list[Finding]


@dataclass(frozen=True, slots=True)
class _Columns:
    """Column of each item key, and the value of each distinct text there."""

    places: dict[str, int]
    values: dict[str, dict[str, int | None]]


def aqi_file(file: Path, *, hourly: bool, edition: str, progress: Progress) -> AqiTable:
    """The rows of a CSV in their order, all columns kept, with ``iaqi_<item>``, ``aqi``, ``primary``, ``category``.

    ``edition`` 2012, 2026 or auto (by the date of each row). Values are exact to the last digit and rounded once.
    Rule    HJ 633-2012, HJ 633-2026; docs/air.md says what happens to missing items
    Errors  Refusal naming rows and columns; nothing is computed of a file with a fault
    """
    _known(edition)
    progress(0, 4, f"读取 {file.name}")
    table = table_of(read_text(file), file.name)
    notes: list[Finding] = []
    rules = [report_rule(name, hourly=hourly) for short, name in editions().items() if edition in (short, AUTO)]
    places = _places(table, rules, notes)
    progress(1, 4, "核对数值")
    values = values_of(table, places, notes)
    progress(2, 4, "判定标准版本")
    by_row = editions_of(table, edition, hourly, notes)
    progress(3, 4, "计算")
    added = _added(table, rules, _Columns(places, values), by_row)
    notes += _incomplete(table, added)
    headings = _headings(table, notes, added)
    progress(4, 4, "完成")
    return AqiTable(headings, pl.concat([table.rows, added.drop("_missing", "_without")], how="horizontal"), notes)


def _known(edition: str) -> None:
    if edition != AUTO and edition not in editions():
        names = "、".join((AUTO, *editions()))
        raise refused("AIR-EDITION-UNKNOWN", f"没有版本“{edition}”，可用：{names}", f"no edition {edition!r}", Place())


# ---- columns


def _places(table: Table, rules: Sequence[ReportRule], notes: list[Finding]) -> dict[str, int]:
    """Column of each item key; where a daily table names its ozone only “o3” it is taken as the 8-hour maximum."""
    keys = [item.key for item in rules[0].items]
    optional = sorted({item.instead.key for rule in rules for item in rule.items if item.instead})
    if "o3_8h" not in keys or item_columns(table, (), ["o3_8h"]):
        return item_columns(table, keys, optional)
    found = item_columns(table, ["o3" if key == "o3_8h" else key for key in keys], ())
    found["o3_8h"] = found.pop("o3")
    heading = table.headings[found["o3_8h"]]
    zh = f"“{heading}”列按日最大 8 小时平均处理。若是 1 小时值，请加 --hourly"
    notes.append(note("AIR-O3-AS-8H", zh, f"{heading} is taken as the daily maximum 8-h mean", Place(table.file)))
    return found


def _headings(table: Table, notes: list[Finding], added: pl.DataFrame) -> tuple[str, ...]:
    """Headings of the result; one that is there already (a published AQI) is kept under another name."""
    new = [name for name in added.columns if not name.startswith("_")]
    taken = {text.strip() for text in table.headings} | set(new)
    kept, renamed = [], []
    for heading in table.headings:
        name = heading
        if heading.strip() in new:
            name = f"{heading.strip()}_given"
            while name in taken:
                name += "_given"
            taken.add(name)
            renamed.append(f"{heading.strip()} → {name}")
        kept.append(name)
    if renamed:
        zh = f"原表已有的同名列改名保留：{'，'.join(renamed)}"
        en = f"columns of the same names are kept: {', '.join(renamed)}"
        notes.append(note("AIR-COLUMN-RENAMED", zh, en, Place(table.file)))
    return (*kept, *new)


# ---- computing


def _added(table: Table, rules: Sequence[ReportRule], columns: _Columns, by_row: pl.Series) -> pl.DataFrame:
    frame = table.rows.with_row_index("_row").with_columns(_edition=by_row)
    parts = []
    for rule in rules:
        rows = frame.filter(pl.col("_edition") == rule.edition)
        printed = _printed(rows, rule, columns)
        keys = [item.key for item in rule.items]
        found = reported(printed, rule).with_columns(
            _missing=printed.select(pl.any_horizontal(pl.col(key).is_null() for key in keys)).to_series(),
            _without=pl.any_horizontal(pl.col(f"iaqi_{key}").is_null() & printed[key].is_not_null() for key in keys),
        )
        parts.append(rows.select("_row").hstack(found))
    return frame.select("_row").join(pl.concat(parts), on="_row", how="left", maintain_order="left").drop("_row")


def _printed(rows: pl.DataFrame, rule: ReportRule, columns: _Columns) -> pl.DataFrame:
    """Values rounded once, half to even, to the places of the edition; scaled by 10**SCALE."""
    wanted = {item.key: item.places for item in rule.items}
    wanted |= {item.instead.key: item.instead.places for item in rule.items if item.instead}
    return pl.DataFrame(
        {
            key: replaced(
                rows[str(columns.places[key])],
                {text: _rounded(value, decimals) for text, value in columns.values[key].items()},
            )
            for key, decimals in wanted.items()
            if key in columns.places
        }
    )


def _rounded(value: int | None, decimals: int) -> int | None:
    return None if value is None else half_even(value, 10 ** (DIGITS - decimals)) * 10 ** (SCALE - decimals)


def _incomplete(table: Table, added: pl.DataFrame) -> list[Finding]:
    """How many rows have no AQI, or one that comes from fewer items than six."""
    notes = []
    lacking = added.select(
        given=(pl.col("_missing") & pl.col("aqi").is_not_null()).sum(),
        none=pl.col("aqi").is_null().sum(),
        without=pl.col("_without").sum(),
    ).row(0, named=True)
    place = Place(table.file)
    if lacking["given"]:
        zh = f"{lacking['given']} 行有缺测项，AQI 由其余项得出"
        notes.append(note("AIR-AQI-INCOMPLETE", zh, f"{lacking['given']} AQI from fewer than six items", place))
    if lacking["without"]:
        zh = f"{lacking['without']} 行有浓度超出分指数表而本版没有分指数的项（SO2 1 小时或 O3 8 小时高于 800）"
        en = f"{lacking['without']} rows hold a value above a table that this edition gives no sub-index for"
        notes.append(note("AIR-IAQI-NONE", zh, en, place, Severity.WARNING))
    if lacking["none"]:
        zh = f"{lacking['none']} 行没有 AQI（缺测，按该版标准不发布）"
        notes.append(note("AIR-AQI-NONE", zh, f"{lacking['none']} rows without an AQI", place))
    return notes


def written(table: AqiTable) -> str:
    """The table as CSV text; an empty cell is no value."""
    head = io.StringIO()
    csv.writer(head, lineterminator="\n").writerow(table.headings)
    texts = pl.col(pl.String)
    body = table.rows.with_columns(pl.when(texts != "").then(texts)).write_csv(include_header=False)
    return head.getvalue() + body
