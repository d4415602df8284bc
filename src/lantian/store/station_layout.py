"""Layouts of station tables: small YAML files that say which column is what in tables of station hours, station days and months.

Built-in layouts lie beside this file in ``layouts/stations/``, a user's in ``<data>/layouts/stations/`` and win by id.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from lantian.basis.finding import Text
from lantian.rulebook.loader import Node, load
from lantian.rulebook.shape import built
from lantian.store.city_rows import MISSING
from lantian.store.folder import refusal
from lantian.store.hour_units import concentration_factor, name_and_unit
from lantian.store.layout import Column, plain_heading

Kind = Literal["station_hours", "station_days", "city_months"]
Shape = Literal["wide", "long", "by_item"]

FOLDER = Path(__file__).parent / "layouts" / "stations"
GASES_AND_DUST: Final = ("so2", "no2", "co", "o3", "o3_8h", "pm10", "pm25")
_WIND: Final = ("wind_direction", "wind_speed")
ITEMS: Final[dict[Kind, tuple[str, ...]]] = {
    "station_hours": ("so2", "no2", "co", "o3", "pm10", "pm25", *_WIND),
    "station_days": ("so2", "no2", "co", "o3_8h", "pm10", "pm25", *_WIND),
    "city_months": ("so2", "no2", "co", "o3_8h", "pm10", "pm25", "good_ratio", "composite_index", "rank"),
}
MOMENTS: Final[dict[Kind, tuple[tuple[str, ...], ...]]] = {  # columns that tell the time, the first set that is there
    "station_hours": (("time",), ("date", "hour"), ("year", "month", "day", "hour")),
    "station_days": (("date",), ("year", "month", "day")),
    "city_months": (("year", "month"), ("month",)),
}
_RELAYED: Final = frozenset({"-;", "—;"})  # as some relays of the national platform write a missing value
_KEYS = ("station", "name", "city", "place", "time", "date", "year", "month", "day", "hour", "item", "value")


@dataclass(frozen=True, slots=True)
class StationLayout:
    """One kind of station table.

    ``columns`` headings of keys and, in the shape ``long``, of items; ``items`` how the shapes ``wide`` and ``by_item``
    write items in their column ``item``; ``stations`` the form of headings that are stations (``wide``); ``ignores``
    headings or written items left alone, with the reason; ``stamp`` whether a time is the end or the start of its hour;
    ``hours`` how an hour column counts; ``values`` what the table holds, where its form tells; the rest as in
    ``layout.Layout``.
    """

    id: str
    title: Text
    kind: Kind
    columns: dict[str, Column]
    shape: Shape = "long"
    items: dict[str, Column] = field(default_factory=dict)
    stations: str = r"\d{3,5}[A-Za-z]"
    ignores: dict[str, Text] = field(default_factory=dict)
    stamp: Literal["end", "start"] = "end"
    hours: Literal["0-23", "1-24", "detect"] = "detect"
    zero: Literal["value", "missing"] = "value"
    values: Literal["realtime", "reviewed"] | None = None
    marks: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    dates: Literal["year_first", "month_first", "day_first"] = "year_first"
    notes: tuple[Text, ...] = ()

    @property
    def written_items(self) -> dict[str, Column]:
        """Items with the ways they are written: as headings or in the column ``item``."""
        if self.shape == "long":
            return {key: column for key, column in self.columns.items() if key in ITEMS[self.kind]}
        return self.items

    @property
    def missing_marks(self) -> frozenset[str]:
        """Marks of a missing value, in small letters."""
        return MISSING | _RELAYED | {mark.strip().casefold() for mark in self.missing}


@dataclass(frozen=True, slots=True)
class Headings:
    """A line that may be a heading: its texts, without their signs, and with the units in brackets taken off."""

    texts: tuple[str, ...]
    plain: tuple[str, ...]
    short: tuple[str, ...]
    units: tuple[str | None, ...]
    places: dict[str, tuple[int, ...]]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Headings:
        """The line, each text taken apart once for all layouts."""
        parted = [name_and_unit(text) for text in texts]
        plain = tuple(plain_heading(text) for text in texts)
        short = tuple(plain_heading(name) for name, _ in parted)
        places: dict[str, list[int]] = {}
        for at, names in enumerate(zip(plain, short, strict=True)):
            for name in set(names):
                places.setdefault(name, []).append(at)
        units = tuple(unit for _, unit in parted)
        return cls(tuple(texts), plain, short, units, {name: tuple(at) for name, at in places.items()})


@dataclass(frozen=True, slots=True)
class StationMatch:
    """A layout laid over a heading: column number of each field, of each station, units named, what is left alone."""

    layout: StationLayout
    headings: tuple[str, ...]
    places: dict[str, int]
    stations: tuple[int, ...]
    moment: tuple[str, ...]
    units: dict[str, str]
    ignored: tuple[str, ...]
    unknown: tuple[str, ...]
    score: int

    def heading(self, name: str) -> str:
        """Heading of a field."""
        return self.headings[self.places[name]]


def station_layouts(data: Path | None = None) -> dict[str, StationLayout]:
    """All layouts of station tables by id, a user's over the built-in ones.

    Errors  RulebookError naming file and line where a file is broken
    """
    own = _in_folder(data / "layouts" / "stations") if data else {}
    return {**_built_in(), **own}


def hour_headings(field: str) -> tuple[str, ...]:
    """Headings of a field of a plain table of station hours."""
    return _plain_hours().columns[field].names


@lru_cache(maxsize=1)  # files of the program do not change while it runs
def _built_in() -> dict[str, StationLayout]:
    return _in_folder(FOLDER)


@lru_cache(maxsize=1)
def _plain_hours() -> StationLayout:
    return _layout(FOLDER / "plain_hours.yaml")


def _in_folder(folder: Path) -> dict[str, StationLayout]:
    files = [file for file in sorted(folder.glob("*.yaml")) if not file.name.startswith("_")]
    return {layout.id: layout for layout in (_layout(file) for file in files)}


def _layout(file: Path) -> StationLayout:
    node = load(file, file.name)
    layout = built(StationLayout, node)
    own_items = ITEMS[layout.kind]
    fields = {*_KEYS, *own_items} if layout.shape == "long" else set(_KEYS)
    _only(node, "columns", layout.columns, fields)
    _only(node, "items", layout.items, set(own_items) if layout.shape != "long" else set())
    written = layout.written_items
    for item, column in written.items():
        if item in GASES_AND_DUST and concentration_factor(item, column.unit or "") is None:
            where = node.mapping()["columns" if layout.shape == "long" else "items"].mapping()[item]
            raise where.error(
                Text(f"“{item}”没有写明浓度单位", f"{item!r} names no unit of concentration"),
                Text("请写 unit: ug/m3 或 unit: mg/m3", "Write unit: ug/m3 or unit: mg/m3"),
            )
    try:
        re.compile(layout.stations)
    except re.error as error:
        raise node.mapping()["stations"].error(
            Text(f"stations 不是有效的写法（{error}）", f"stations is no regular expression ({error})"),
            Text(r"例如 '\d{4}A'", r"For example '\d{4}A'"),
        ) from None
    needed = {"wide": {"item"}, "by_item": {"item", "value"}, "long": set()}[layout.shape]
    times = any(set(moment) <= layout.columns.keys() for moment in MOMENTS[layout.kind])
    if not written or needed - layout.columns.keys() or not (times or layout.kind == "city_months"):
        raise node.error(
            Text(
                "布局缺少时间列、污染物或 item、value 列", "a layout needs a time, items and (by shape) item and value"
            ),
            Text("请在 columns 下补上", "Add them under columns"),
        )
    return layout


def _only(node: Node, part: str, given: Mapping[str, Column], allowed: set[str]) -> None:
    for key in given:
        if key not in allowed:
            raise (
                node.mapping()[part]
                .mapping()[key]
                .error(
                    Text(f"这种布局里没有“{key}”这个字段", f"such a layout has no field {key!r}"),
                    Text(f"可用：{'、'.join(sorted(allowed))}", f"Allowed: {', '.join(sorted(allowed))}"),
                )
            )


def match(line: Headings, layout: StationLayout, *, month_given: bool, file: str) -> StationMatch | None:
    """The layout laid over a line; None where it does not fit.

    Errors  Refusal where it fits but two columns have one meaning
    """
    found: dict[str, list[int]] = {}
    items = ITEMS[layout.kind]
    for key, column in layout.columns.items():
        wanted = [plain_heading(name) for name in column.names]
        fitting = sorted({at for name in wanted for at in line.places.get(name, ())})
        found[key] = fitting if key in items else _first_named(fitting, wanted, line.plain)
    places = {key: at[0] for key, at in found.items() if at}
    moment = next((keys for keys in MOMENTS[layout.kind] if places.keys() >= set(keys)), None)
    if moment is None and layout.kind == "city_months" and month_given:
        moment = ()
    stations = _station_columns(line, layout, set(places.values()))
    if moment is None or not _fits(layout, line, places, stations):
        return None
    by_name: dict[str, list[int]] = {}
    for at in stations:  # 1001A and 1001a are one station
        by_name.setdefault(line.texts[at].strip().upper(), []).append(at)
    found |= by_name
    for columns in found.values():
        if len(columns) > 1:
            twice = "、".join(line.texts[one] for one in columns)
            raise refusal("AIR-COLUMN-TWICE", f"同一内容有不止一列：{twice}。请只留一列", f"twice: {twice}", file)
    ignored = {plain_heading(name) for name in layout.ignores}
    used = {*places.values(), *stations}
    rest = [at for at, name in enumerate(line.plain) if name and at not in used]
    known = [at for at in rest if {line.plain[at], line.short[at]} & ignored]
    unknown = tuple(line.texts[at] for at in rest if at not in known)
    return StationMatch(
        layout=layout,
        headings=line.texts,
        places=places,
        stations=stations,
        moment=moment,
        units=_units(layout, places, line),
        ignored=tuple(line.texts[at] for at in known),
        unknown=unknown,
        score=len(places) + bool(stations) + 2 * len(layout.marks) - len(unknown),
    )


def _station_columns(line: Headings, layout: StationLayout, taken: set[int]) -> tuple[int, ...]:
    if layout.shape != "wide":
        return ()
    form = re.compile(layout.stations)
    return tuple(at for at, text in enumerate(line.texts) if at not in taken and form.fullmatch(text.strip()))


def _first_named(fitting: Sequence[int], wanted: Sequence[str], plain: Sequence[str]) -> list[int]:
    """Of several columns that may be the key, those with the name that comes first in the layout."""
    for name in wanted:
        named = [at for at in fitting if plain[at] == name]
        if named:
            return named
    return list(fitting[:1])


def _fits(layout: StationLayout, line: Headings, places: Mapping[str, int], stations: Sequence[int]) -> bool:
    if layout.shape == "wide":
        whole = "item" in places and bool(stations)
    elif layout.shape == "by_item":
        whole = places.keys() >= {"item", "value"}
    else:
        whole = any(item in places for item in ITEMS[layout.kind])
    if layout.kind == "city_months":
        whole = whole and ("place" in places or "city" in places)
    elif layout.shape != "wide":
        whole = whole and ("station" in places or "name" in places)
    if any(plain_heading(mark) not in line.plain for mark in layout.marks):
        return False
    return whole and not any(plain_heading(name) in line.plain for name in layout.absent)


def _units(layout: StationLayout, places: Mapping[str, int], line: Headings) -> dict[str, str]:
    """Units written in the headings of items and of the column ``value``."""
    units: dict[str, str] = {}
    for key, at in places.items():
        names = {plain_heading(name) for name in layout.columns[key].names}
        written = line.units[at]
        if written and line.plain[at] not in names and (key in GASES_AND_DUST or key == "value"):
            units[key] = written
    return units


def item_factor(found: StationMatch, item: str, metadata: Mapping[str, str], file: str) -> Fraction:
    """Exact number that brings the values of an item into its unit (CO mg/m³, other pollutants µg/m³, the rest as they are).

    Errors  Refusal for a unit that is not known
    """
    if item not in GASES_AND_DUST:
        return Fraction(1)
    where = item if item in found.places else "value"
    heading = found.headings[found.places[where]] if where in found.places else ""
    declared = found.layout.written_items[item].unit or ""
    written = metadata.get(heading) or found.units.get(where) or declared
    by = concentration_factor(item, written)
    if by is None:
        zh = f"“{heading}”列的单位“{written}”不认识。可用：ug/m3、mg/m3、0.1 mg/m3"
        raise refusal("AIR-HOUR-UNIT", zh, f"unknown unit {written!r} of {heading}", file)
    return by
