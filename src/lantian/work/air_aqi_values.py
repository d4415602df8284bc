"""Concentrations of a table: each distinct text read once and exactly, bad ones refused with their place, units doubted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import polars as pl

from lantian.basis.exact import NotANumberError, TooManyPlacesError, scaled
from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.basis.units import UNITS, factor
from lantian.store.city_rows import MISSING
from lantian.store.layout import heading_unit
from lantian.work.air_aqi_table import SHOWN, Table, distinct, more, note, plain_text, refused

DIGITS = 30  # places a value may have; all count, the value is rounded once
# Not law: no city's air has a median CO of 200 mg/m³ or all of an item's values below 1 µg/m³; the unit is another.
_CO_NEVER, _CO_DOUBTFUL, _ROWS = 200, 20, 30


def values_of(table: Table, places: dict[str, int], notes: list[Finding]) -> dict[str, dict[str, int | None]]:
    """Value of each distinct text of each item's column, scaled by 10**DIGITS; None for a missing value.

    Errors  Refusal naming line and column of bad values, or a column that cannot be in its unit
    """
    values: dict[str, dict[str, int | None]] = {}
    faults: list[tuple[int, int, tuple[str, str, str]]] = []
    for key, at in places.items():
        column = table.rows[str(at)]
        declared = "mg/m3" if key == "co" else "ug/m3"
        values[key], bad = _numbers(distinct(column), _unit_factor(table.headings[at], declared))
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
            notes.append(note("AIR-UNIT-DOUBTFUL", zh, en, place, Severity.WARNING))
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


def _unit_factor(heading: str, declared: str) -> Fraction:
    """Factor from the unit a heading names to the declared one; 1 where it names none."""
    unit = heading_unit(heading)[1]
    if unit is None or unit.dimension != "concentration":
        return Fraction(1)
    return factor(unit, UNITS[declared])


def _numbers(texts: Iterable[str], by: Fraction) -> tuple[dict[str, int | None], dict[str, tuple[str, str, str]]]:
    """Values of distinct texts scaled by 10**DIGITS (None for a missing value), and for bad ones code and reason."""
    good: dict[str, int | None] = {}
    bad: dict[str, tuple[str, str, str]] = {}
    for cell in texts:
        text = plain_text(cell)
        if text.casefold() in MISSING:
            good[cell] = None
            continue
        try:
            value = _exact(text, by)
        except NotANumberError:
            bad[cell] = ("AIR-VALUE-TEXT", f"“{text}”不是数字。没有数值请留空或写“—”", f"{text!r} is no number")
            continue
        except TooManyPlacesError:
            bad[cell] = ("AIR-VALUE-PLACES", f"“{text}”小数位数过多", f"{text!r} has too many places")
            continue
        if value < 0:
            zh = f"“{text}”是负值，浓度不能为负。若它表示缺测，请留空"
            bad[cell] = ("AIR-VALUE-NEGATIVE", zh, f"{text!r} is negative; leave the cell empty if it means missing")
        elif value >= 10 ** (DIGITS + 9):
            bad[cell] = ("AIR-VALUE-HUGE", f"“{text}”不可能是浓度", f"{text!r} cannot be a concentration")
        else:
            good[cell] = value
    return good, bad


def _exact(text: str, by: Fraction) -> int:
    value = Fraction(scaled(text, DIGITS)) * by
    if value.denominator != 1:
        raise TooManyPlacesError(text)
    return value.numerator


def replaced(column: pl.Series, values: Mapping[str, int | None]) -> pl.Series:
    """Column of text with each distinct text replaced by its whole number."""
    return column.replace_strict(list(values), list(values.values()), return_dtype=pl.Int64)
