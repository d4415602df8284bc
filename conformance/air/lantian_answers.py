"""Lantian's answers to the golden vectors: reads the cases of a KIND from standard input, prints the answers.

Usage: check.py --program 'python lantian_answers.py {kind}'
Sub-indices and AQI go through the same functions as the command ``lantian air aqi``.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, make_dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import ClassVar

import polars as pl

from lantian import rulebook
from lantian.air.item import ITEMS, SCALE
from lantian.air.outlook import meets
from lantian.air.period import composite_index, percentile, period_figures, printed_value, year_figures
from lantian.basis.exact import rounded_text, scaled
from lantian.basis.period import DAY, Days, year
from lantian.work.air_aqi import aqi_file, written
from lantian.work.air_rules import statistics_rule

Row = dict[str, str]
KEYS = ("so2", "no2", "co", "o3", "pm10", "pm25")


def item_key(item: str) -> str:
    """The key of an item in the statistics of days."""
    return "o3_8h" if item == "o3" else item


def aqi(cases: list[Row]) -> list[Row]:
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for case in cases:
        groups[case["edition"], case["report"]].append(case)
    return [row for (edition, report), group in groups.items() for row in _reported(group, edition, report)]


def _reported(cases: list[Row], edition: str, report: str) -> list[Row]:
    hourly = report == "hourly"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "cases.csv"
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["id", *(key if hourly else item_key(key) for key in KEYS)])
            writer.writerows([case["id"], *(case[key] for key in KEYS)] for case in cases)
        table = aqi_file(file, hourly=hourly, edition=edition, progress=lambda done, total, text: None)
    rows = list(csv.DictReader(written(table).splitlines()))
    return [{**row, "iaqi_o3": row.get("iaqi_o3_8h", row.get("iaqi_o3", ""))} for row in rows]


def iaqi(cases: list[Row]) -> list[Row]:
    asked = [{**dict.fromkeys(KEYS, ""), **case, case["item"]: case["concentration"]} for case in cases]
    items = {case["id"]: case["item"] for case in cases}
    return [{"id": row["id"], "iaqi": row[f"iaqi_{items[row['id']]}"]} for row in aqi(asked)]


def rounding(cases: list[Row]) -> list[Row]:
    return [{"id": case["id"], "rounded": rounded_text(Fraction(case["value"]), int(case["places"]))} for case in cases]


@dataclass(frozen=True)
class _Class:
    year: Decimal | None = None
    day: Decimal | None = None
    hour: Decimal | None = None


def limits(cases: list[Row]) -> list[Row]:
    answers = []
    classes = {}
    for item in KEYS:
        fields = [("class_1", _Class), ("class_2", _Class), ("PATH", ClassVar[str], f"ambient.limits.{item}")]
        classes[item] = make_dataclass("Limits", fields, frozen=True)
    for case in cases:
        day, item = date.fromisoformat(case["date"]), case["item"]
        found = getattr(rulebook.fill(classes[item], day), f"class_{case['class']}")
        limit = getattr(found, case["averaging"])
        attains = meets(Fraction(case["value"]), Fraction(limit), statistics_rule(day).places[item_key(item)], "<=")
        answers.append({"id": case["id"], "limit": str(limit), "attains": "yes" if attains else "no"})
    return answers


def percentiles(cases: list[Row]) -> list[Row]:
    answers = []
    for case in cases:
        values = sorted(scaled(text, SCALE) for text in case["values"].split())
        found = percentile(values, int(case["percent"]))
        answers.append({"id": case["id"], "percentile": printed_value(found, int(case["places"])) or ""})
    return answers


def _table(first: date, length: int, **columns: list[int | None]) -> pl.DataFrame:
    empty: list[int | None] = [None] * length
    days = Days(first, first + DAY * (length - 1))
    frame = {name: columns.get(name, empty) for name in (*ITEMS, "aqi")}
    return pl.DataFrame({"date": list(days), **frame}, schema_overrides=dict.fromkeys(frame, pl.Int64))


def years(cases: list[Row]) -> list[Row]:
    answers = []
    for case in cases:
        key, number = item_key(case["item"]), int(case["year"])
        values: list[int | None] = []
        for run in case["days"].split():
            value, _, count = run.partition("*")
            values += [None if value == "-" else scaled(value, SCALE)] * int(count)
        rule = statistics_rule(date(number, 12, 31))
        figures = year_figures(_table(date(number, 1, 1), len(values), **{key: values}), year(number), rule)
        answers.append(
            {
                "id": case["id"],
                "valid_days": str(figures.counts[key]),
                "mean": printed_value(figures.means.get(key), rule.places[key]) or "",
                "percentile": printed_value(figures.percentiles[key], rule.places[key]) or "",
            }
        )
    return answers


def day_counts(cases: list[Row]) -> list[Row]:
    rule = statistics_rule(date(2025, 12, 31))
    answers = []
    for case in cases:
        known = [None if text == "-" else int(text) for text in case["aqi"].split()]
        table = _table(date(2025, 1, 1), len(known), aqi=known)
        figures = period_figures(table, year(2025), rule)
        answers.append(
            {
                "id": case["id"],
                "valid_days": str(figures.valid_days),
                "good_days": str(figures.good_days),
                "heavy_days": str(figures.heavy_days),
                "good_ratio": printed_value(figures.good_ratio, rule.ratio_places) or "",
            }
        )
    return answers


def composites(cases: list[Row]) -> list[Row]:
    rule = statistics_rule(date(2025, 12, 31))
    answers = []
    for case in cases:
        values = {item_key(key): Fraction(case[key]) if case[key] else None for key in KEYS}
        found = printed_value(composite_index(values, values, rule), rule.index_places)
        answers.append({"id": case["id"], "composite_index": found or ""})
    return answers


KINDS: dict[str, Callable[[list[Row]], list[Row]]] = {
    "iaqi": iaqi,
    "aqi": aqi,
    "rounding": rounding,
    "limits": limits,
    "percentile": percentiles,
    "year": years,
    "days": day_counts,
    "composite": composites,
}


def main() -> int:
    answers = KINDS[sys.argv[1]](list(csv.DictReader(sys.stdin)))
    writer = csv.DictWriter(sys.stdout, list(answers[0]), extrasaction="ignore")
    writer.writeheader()
    writer.writerows(answers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
