"""A table of concentrations with sub-indices, AQI, primary pollutants and category added to each row (HJ 633)."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import polars as pl

from lantian.air.item import SCALE
from lantian.air.realtime import ReportRule, reported
from lantian.basis.exact import half_even
from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.rulebook.dated import TOTAL_FROM
from lantian.store.cells import read_text
from lantian.work.air_aqi_rules import edition_on, editions, report_rule
from lantian.work.air_aqi_table import (
    DIGITS,
    SHOWN,
    Table,
    distinct,
    item_columns,
    measured_on,
    more,
    numbers,
    plain_text,
    refused,
    replaced,
    stamp_of,
    table_of,
    time_columns,
    unit_factor,
)

AUTO = "auto"
# Not law: no city's air has a median CO of 200 mg/m³ or all of an item's values below 1 µg/m³; the unit is another.
_CO_NEVER, _CO_DOUBTFUL, _ROWS = 200, 20, 30

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
    values = _values(table, places, notes)
    progress(2, 4, "判定标准版本")
    by_row = _editions(table, edition, hourly, notes)
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


def _note(code: str, zh: str, en: str, place: Place, severity: Severity = Severity.NOTE) -> Finding:
    return Finding(code, severity, Text(zh, en), place)


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
    notes.append(_note("AIR-O3-AS-8H", zh, f"{heading} is taken as the daily maximum 8-h mean", Place(table.file)))
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
        notes.append(_note("AIR-COLUMN-RENAMED", zh, en, Place(table.file)))
    return (*kept, *new)


# ---- values


def _values(table: Table, places: dict[str, int], notes: list[Finding]) -> dict[str, dict[str, int | None]]:
    values: dict[str, dict[str, int | None]] = {}
    faults: list[tuple[int, int, tuple[str, str, str]]] = []
    for key, at in places.items():
        column = table.rows[str(at)]
        declared = "mg/m3" if key == "co" else "ug/m3"
        values[key], bad = numbers(distinct(column), unit_factor(table.headings[at], declared))
        if bad:
            rows = column.is_in(list(bad)).arg_true().to_list()
            faults += [(row, at, bad[column[row]]) for row in rows]
    if faults:
        shown = [
            Finding(code, Severity.REFUSED, Text(f"{zh}。没有写出任何结果", en), table.place(row, at))
            for row, at, (code, zh, en) in sorted(faults)[:SHOWN]
        ]
        raise Refusal(*shown, *more(len(faults), table.file))
    for key, at in places.items():
        _plausible(table, key, at, values[key], notes)
    return values


def _plausible(table: Table, key: str, at: int, values: dict[str, int | None], notes: list[Finding]) -> None:
    """Refuses a column that cannot be in its unit, and marks one that hardly is."""
    counts = table.rows[str(at)].value_counts()
    weight = dict(counts.iter_rows())
    known = sorted((value, weight[text]) for text, value in values.items() if value is not None)
    total = sum(count for _, count in known)
    if not total:
        return
    heading, place = table.headings[at], Place(table.file, row=1, column=table.headings[at])
    if key == "co":
        middle = Fraction(_median(known, total), 10**DIGITS)
        advice = "单位应为 mg/m³；若是 µg/m³，请在表头写明，如“co(μg/m³)”"
        en = f"the median of {heading} is {float(middle):g} mg/m³; write the unit into the heading if it is µg/m³"
        if middle > _CO_NEVER:
            zh = f"中位数为 {float(middle):g}，不可能是 CO 的 mg/m³ 数值。{advice}。没有写出任何结果"
            raise refused("AIR-UNIT-IMPLAUSIBLE", zh, en, place)
        if middle > _CO_DOUBTFUL:
            zh = f"中位数为 {float(middle):g}，作为 CO 的 mg/m³ 数值异常偏高，请核对。{advice}"
            notes.append(_note("AIR-UNIT-DOUBTFUL", zh, en, place, Severity.WARNING))
    elif known[-1][0] < 10**DIGITS and known[-1][0] > 0 and total >= _ROWS:
        zh = "所有数值都小于 1，不可能是 µg/m³ 数值。若是 mg/m³，请在表头写明，如“pm25(mg/m³)”。没有写出任何结果"
        raise refused("AIR-UNIT-IMPLAUSIBLE", zh, f"all values of {heading} are below 1: hardly µg/m³", place)


def _median(known: Sequence[tuple[int, int]], total: int) -> int:
    passed = 0
    for value, count in known:
        passed += count
        if 2 * passed >= total:
            return value
    raise AssertionError("the counts do not add up to their total")


# ---- editions


def _editions(table: Table, edition: str, hourly: bool, notes: list[Finding]) -> pl.Series:
    """Edition of each row; null in rows without any text."""
    time, hour = time_columns(table)
    if time is not None and not hourly:
        _not_hourly(table, time)
    if edition != AUTO:
        return pl.Series([editions()[edition]], dtype=pl.String).new_from_index(0, table.rows.height)
    if time is None:
        shown = "、".join(text.strip() for text in table.headings[:20])
        raise refused(
            "AIR-EDITION-NO-DATE",
            f"没有日期或时间列，无法判定用哪一版标准。找到的列：{shown}。请加 --edition 2012 或 --edition 2026",
            "no column of dates or times tells the edition; name it with --edition 2012 or --edition 2026",
            Place(table.file, row=1),
        )
    pairs = table.rows.select(time=str(time), hour=pl.lit("") if hour is None else pl.col(str(hour)))
    known = pairs.unique(maintain_order=True)
    named = [_edition(table, pairs, cell, clock, hourly) for cell, clock in known.iter_rows()]
    found = pairs.join(
        known.with_columns(edition=pl.Series(named, dtype=pl.String)), on=["time", "hour"], how="left",
        maintain_order="left",
    )["edition"]  # fmt: skip
    dated = found.is_not_null() | _empty_rows(table)
    if not dated.all():
        raise Refusal(*_undated(table, time, (~dated).arg_true().to_list()))
    counts = Counter(found.drop_nulls().to_list())
    shown = "，".join(f"{name}：{counts[name]} 行" for name in editions().values() if counts[name])
    zh = f"按“{table.headings[time].strip()}”列判定标准版本：{shown}"
    notes.append(_note("AIR-EDITION-BY-DATE", zh, f"edition by column {table.headings[time]}", Place(table.file)))
    return found


def _edition(table: Table, pairs: pl.DataFrame, cell: str, clock: str, hourly: bool) -> str | None:
    day = measured_on(cell, clock, hourly=hourly)
    if day is None:
        return None
    if day < TOTAL_FROM:
        row = int((pairs["time"] == cell).arg_max() or 0)
        zh = f"{day} 早于规则库的起始日 {TOTAL_FROM}。若要用某一版标准计算，请加 --edition 2012 或 2026"
        raise refused("AIR-DATE-EARLY", zh, f"{day} lies before {TOTAL_FROM}; name an edition", table.place(row))
    return edition_on(day)


def _empty_rows(table: Table) -> pl.Series:
    return table.rows.select(pl.all_horizontal(pl.all().str.strip_chars() == "")).to_series()


def _undated(table: Table, time: int, rows: list[int]) -> list[Finding]:
    shown = []
    for row in rows[:SHOWN]:
        cell = plain_text(table.rows[str(time)][row])
        zh = f"“{cell}”不是日期，无法判定标准版本。请改正，或加 --edition 2012 或 2026。没有写出任何结果"
        text = Text(zh, f"{cell!r} is no date: the edition is not known")
        shown.append(Finding("AIR-DATE-UNREADABLE", Severity.REFUSED, text, table.place(row, time)))
    return [*shown, *more(len(rows), table.file)]


def _not_hourly(table: Table, time: int) -> None:
    """A daily report of a table whose stamps carry different hours of a day would be wrong in silence."""
    clocks = set()
    for cell in distinct(table.rows[str(time)].head(1000)):
        stamp = stamp_of(cell)
        if stamp is not None and stamp.at is not None:
            clocks.add(stamp.at.hour)
    if len(clocks) > 1:
        zh = "时间带有不同的钟点，像是小时值。小时值请加 --hourly；日值请只写日期。没有写出任何结果"
        raise refused("AIR-LOOKS-HOURLY", zh, "the times carry hours: add --hourly", Place(table.file, row=1))


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
        notes.append(_note("AIR-AQI-INCOMPLETE", zh, f"{lacking['given']} AQI from fewer than six items", place))
    if lacking["without"]:
        zh = f"{lacking['without']} 行有浓度超出分指数表而本版没有分指数的项（SO2 1 小时或 O3 8 小时高于 800）"
        en = f"{lacking['without']} rows hold a value above a table that this edition gives no sub-index for"
        notes.append(_note("AIR-IAQI-NONE", zh, en, place, Severity.WARNING))
    if lacking["none"]:
        zh = f"{lacking['none']} 行没有 AQI（缺测，按该版标准不发布）"
        notes.append(_note("AIR-AQI-NONE", zh, f"{lacking['none']} rows without an AQI", place))
    return notes


def written(table: AqiTable) -> str:
    """The table as CSV text; an empty cell is no value."""
    head = io.StringIO()
    csv.writer(head, lineterminator="\n").writerow(table.headings)
    texts = pl.col(pl.String)
    body = table.rows.with_columns(pl.when(texts != "").then(texts)).write_csv(include_header=False)
    return head.getvalue() + body
