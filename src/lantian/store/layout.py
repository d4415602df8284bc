"""Layouts of city-day tables: small YAML files that say which column is what, in which unit, and which to leave alone.

Built-in layouts lie beside this file in ``layouts/``, a user's in ``<data>/layouts/`` and win by id.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

from lantian.air.item import ITEMS, UNITS
from lantian.basis.finding import Text
from lantian.basis.units import Unit, unit_of
from lantian.rulebook.loader import load
from lantian.rulebook.shape import built

FOLDER = Path(__file__).parent / "layouts"
_UNIT_AT_END = re.compile(r"[(（\[]\s*([^()（）\[\]]+?)\s*[)）\]]\s*\Z")
_NOT_WORD = re.compile(r"[^0-9a-z\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Column:
    """Headings a column may have, and the unit of its values where the heading names none."""

    names: tuple[str, ...]
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of table.

    ``marks`` headings that must be there for this layout; ``absent`` fields that must not; ``ignores`` headings left
    alone, with the reason; ``other`` whether further columns are passed over or refused; ``zero`` whether 0 is a value;
    ``missing`` marks of a missing value beyond the usual ones; ``dates`` order of numeric dates.
    """

    id: str
    title: Text
    columns: dict[str, Column]
    ignores: dict[str, Text]
    zero: Literal["value", "missing"]
    marks: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    dates: Literal["year_first", "month_first", "day_first"] = "year_first"
    other: Literal["passed", "refused"] = "refused"
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Plausible:
    """Bounds beyond which a table cannot be what its headings say."""

    co_median_at_most: Decimal
    co_median_at_least: Decimal
    fine_above_coarse_percent: int
    rows_at_least: int


@dataclass(frozen=True, slots=True)
class Match:
    """A layout laid over a heading: column number of each field, units named there, columns left alone and unknown."""

    layout: Layout
    places: dict[str, int]
    units: dict[str, Unit]
    headings: tuple[str, ...]
    ignored: tuple[str, ...]
    unknown: tuple[str, ...]
    score: int


def layouts(data: Path | None = None) -> dict[str, Layout]:
    """All layouts by id, a user's over the built-in ones.

    Errors  RulebookError naming file and line where a file is broken
    """
    folders = [FOLDER] + ([data / "layouts"] if data else [])
    files = [file for folder in folders for file in sorted(folder.glob("*.yaml")) if not file.name.startswith("_")]
    return {layout.id: layout for layout in (_layout(file) for file in files)}


def plausible() -> Plausible:
    """Bounds for whole tables."""
    return built(Plausible, load(FOLDER / "_plausible.yaml", "_plausible.yaml"))


def _layout(file: Path) -> Layout:
    node = load(file, file.name)
    layout = built(Layout, node)
    fields = {"date", "city", "region", *ITEMS}
    for key in layout.columns:
        if key not in fields:
            raise (
                node.mapping()["columns"]
                .mapping()[key]
                .error(
                    Text(f"布局里没有“{key}”这个字段", f"a layout has no field {key!r}"),
                    Text(f"可用：{'、'.join(sorted(fields))}", f"Allowed: {', '.join(sorted(fields))}"),
                )
            )
    for key, column in layout.columns.items():
        unit = unit_of(column.unit or "")
        if key in ITEMS and (unit is None or unit.dimension != "concentration"):
            raise (
                node.mapping()["columns"]
                .mapping()[key]
                .error(
                    Text(f"“{key}”没有写明浓度单位", f"{key!r} names no unit of concentration"),
                    Text("请写 unit: ug/m3 或 unit: mg/m3", "Write unit: ug/m3 or unit: mg/m3"),
                )
            )
    if "date" not in layout.columns or not any(item in layout.columns for item in ITEMS):
        raise node.error(
            Text("布局缺少日期列或污染物列", "a layout needs a date and at least one item"),
            Text("请在 columns 下写 date 和至少一项污染物", "Add date and an item under columns"),
        )
    return layout


def plain_heading(text: str) -> str:
    """Heading without case, width, spaces and signs: ``PM2.5 `` and ``pm25`` are the same."""
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", text).casefold())


def heading_unit(text: str) -> tuple[str, Unit | None]:
    """Heading without a unit in brackets at its end, and that unit."""
    wide = unicodedata.normalize("NFKC", text).strip()
    found = _UNIT_AT_END.search(wide)
    unit = unit_of(found[1]) if found else None
    return (wide[: found.start()], unit) if found and unit else (wide, None)


def match(headings: Sequence[str], layout: Layout, *, city_given: bool = False) -> Match | None:
    """The layout laid over these headings; None where it does not fit."""
    named = [heading_unit(text) for text in headings]
    plain = [plain_heading(name) for name, _ in named]
    places: dict[str, int] = {}
    for field, column in layout.columns.items():
        wanted = [plain_heading(name) for name in column.names]
        at = next((plain.index(name) for name in wanted if name in plain), None)
        if at is not None:
            places[field] = at
    if not _fits(layout, plain, places, city_given):
        return None
    units = {field: unit for field, at in places.items() if (unit := named[at][1]) is not None}
    ignored = {plain_heading(name) for name in layout.ignores}
    rest = [at for at, name in enumerate(plain) if name and at not in places.values()]
    unknown = tuple(headings[at] for at in rest if plain[at] not in ignored)
    if unknown and layout.other == "refused":
        return None
    return Match(
        layout=layout,
        places=places,
        units={field: unit for field, unit in units.items() if field in ITEMS},
        headings=tuple(headings),
        ignored=tuple(headings[at] for at in rest if plain[at] in ignored),
        unknown=unknown,
        score=len(places) + 2 * len(layout.marks) - len(unknown),
    )


def _fits(layout: Layout, plain: Sequence[str], places: Mapping[str, int], city_given: bool) -> bool:
    if "date" not in places or not any(item in places for item in ITEMS):
        return False
    if "city" not in places and not city_given:
        return False
    if any(plain_heading(mark) not in plain for mark in layout.marks):
        return False
    required = [field for field in layout.columns if field not in ("region", "city")]
    if layout.other == "refused" and any(field not in places for field in required):
        return False
    return not any(plain_heading(field) in plain for field in layout.absent)


def unit_for(found: Match, item: str) -> Unit:
    """Unit of an item in a table: named in the heading, otherwise declared by the layout."""
    return found.units.get(item) or unit_of(found.layout.columns[item].unit or UNITS[item]) or _no_unit(item)


def _no_unit(item: str) -> Unit:
    raise AssertionError(f"{item} has no unit")  # _layout and UNITS make sure of one
