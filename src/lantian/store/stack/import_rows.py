"""A platform's table → values of outlets, each with its place; what cannot be taken is told with file, sheet, row and column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Final, NamedTuple

from lantian.basis.finding import Finding, Place, Severity, Text
from lantian.store.cells import Cell, Sheet
from lantian.store.dates import DateFault, date_of
from lantian.store.stack.import_head import Head, another, cell_text, strange_units
from lantian.store.stack.import_layout import Heading, ImportLayout, plain, wide
from lantian.store.stack.import_marks import is_summary, parted
from lantian.store.stack.import_times import Period, counts_to_24, hour_of, is_day, moment, parted_keys
from lantian.store.stack.import_units import amount_unit, kept_unit, number, turned
from lantian.store.stack.outlets import Outlet

_HOUR: Final = timedelta(hours=1)
_AS_TEXT: Final = re.compile(r"\A(?:'|=\")|\"\Z")  # how spreadsheets keep long numbers as text: '0123, ="0123"
IDENTITY: Final = ("mn", "outlet", "company", "name")


class Value(NamedTuple):
    """One factor of one outlet and period; ``fields`` are those of ``import_layout.FIELDS`` but the flag, as decimal text."""

    outlet: Outlet
    start: datetime
    code: str
    fields: dict[str, str]
    flag: str | None
    more: dict[str, str]
    place: Place


@dataclass(slots=True)
class ImportTable:
    """What one sheet gave: period, values, findings, headings and those left alone, number of its rows, rows not taken at all."""

    period: Period
    values: list[Value] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    headings: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    rows: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Fault(Exception):
    """Why a row or a cell cannot be taken."""

    code: str
    zh: str
    en: str
    column: int | None = None


class Known:
    """The outlets a table may mean: by MN, by code, by company and name."""

    def __init__(self, outlets: Sequence[Outlet]) -> None:
        self._mn = {one.mn.casefold(): one for one in outlets if one.mn}
        self._code = {one.code.casefold(): one for one in outlets}
        self._named = {(plain(one.company), plain(one.name)): one for one in outlets}
        self._companies: dict[str, list[Outlet]] = {}
        for one in outlets:
            self._companies.setdefault(plain(one.company), []).append(one)

    def find(self, mn: str, code: str, company: str, name: str) -> Outlet | None:
        """The outlet, by the first of these that is given and known; a company's only outlet needs no name."""
        if found := self._mn.get(mn.casefold()) or self._code.get(code.casefold()):
            return found
        if not company:
            return None
        if name:
            return self._named.get((plain(company), plain(name)))
        only = self._companies.get(plain(company), [])
        return only[0] if len(only) == 1 else None


Seen = dict[tuple[Period, str, datetime, str], Value]


def read_sheet(sheet: Sheet, found: Head, layout: ImportLayout, known: Known, seen: Seen | None = None) -> ImportTable:
    """The values of a sheet below its heading; ``seen`` holds those of the other sheets of its file.

    Rule    a row without outlet or time, and one longer than the heading, is not taken; a cell that is no value is left out
            and told; two rows that differ about the same factor, outlet and period: the first stands, the other is told
    """
    repeated = [texts for cells in sheet.rows[: found.below] if any(texts := [*map(cell_text, cells)])]
    ended = another(sheet, found, layout)
    rows = list(enumerate(sheet.rows[found.below : ended], start=found.below + 1))
    rows = [(line, cells) for line, cells in rows if any(texts := [*map(cell_text, cells)]) and texts not in repeated]
    keys = {one.key: at for at, one in found.columns.items() if one.key}
    keys = parted_keys([cells for _, cells in rows], keys, dated="date" in found.named)
    ends = layout.stamp == "end" or any(counts_to_24(cells, keys) for _, cells in rows)
    table = ImportTable("day" if all(is_day(cells, keys) for cells in _told(rows, keys)) else "hour", rows=len(rows))
    table.headings = found.texts
    table.ignored = tuple(text for at, text in enumerate(found.texts) if text and at not in found.columns)
    table.findings += strange_units(sheet, found, layout)
    seen = {} if seen is None else seen
    reader = _Reader(sheet, found, layout, known, keys, table, ends)
    for line, cells in rows:
        if reader.sums_up(cells):
            reader.tell(line, _SUMMARY, Severity.NOTE)
            continue
        taken, told = False, len(table.findings)
        for value in reader.row(line, cells):
            key = (table.period, value.outlet.code, value.start, value.code)
            first = seen.setdefault(key, value)
            if first is value:
                table.values.append(value)
            elif first._replace(place=value.place) != value:
                reader.tell(line, _differs(first, value))
                continue
            taken = True
        table.refused += not taken and len(table.findings) > told
    if ended is not None:
        rest = sum(any(map(cell_text, cells)) for cells in sheet.rows[ended:])
        table.rows, table.refused = table.rows + rest, table.refused + rest
        reader.tell(ended + 1, _SECOND)
    return table


def _told(rows: Sequence[tuple[int, tuple[Cell, ...]]], keys: Mapping[str, int]) -> list[tuple[Cell, ...]]:
    """The rows that name an outlet; remarks below a table do not. All where the outlet is no column."""
    places = [keys[key] for key in IDENTITY if key in keys]
    named = [cells for _, cells in rows if any(at < len(cells) and cell_text(cells[at]) for at in places)]
    return named or [cells for _, cells in rows]


class _Reader:
    """What the rows of one sheet have in common."""

    def __init__(
        self,
        sheet: Sheet,
        found: Head,
        layout: ImportLayout,
        known: Known,
        keys: Mapping[str, int],
        table: ImportTable,
        ends: bool,
    ) -> None:
        self._sheet, self._head, self._layout, self._known = sheet, found, layout, known
        self._keys, self._table, self._ends = keys, table, ends
        self._values = {at: one for at, one in found.columns.items() if one.field}

    def row(self, line: int, cells: tuple[Cell, ...]) -> Iterator[Value]:
        """The values of one row; faults are told."""
        try:
            self._whole(cells)
            outlet = self._outlet(cells)
            start = self._start(cells)
            factor = self._factor(cells)
        except Fault as fault:
            self.tell(line, fault)
            return
        mark, unit = self._cell(cells, "mark"), self._cell(cells, "unit")
        by_code: dict[str, dict[int, Heading]] = {}
        for at, one in self._values.items():
            code = one.factor or factor
            if code is not None:
                by_code.setdefault(code, {})[at] = one
        for code, columns in by_code.items():
            value = self._value(line, cells, outlet, start, code, columns, mark, unit)
            if value is not None:
                yield value

    def sums_up(self, cells: tuple[Cell, ...]) -> bool:
        """Whether a row is named a summary where it should say its outlet or time, or without a time in its first cell."""
        places = {self._keys[key] for key in ("company", "name", "time", "date", "hour") if key in self._keys}
        if not (self._cell(cells, "time") or self._cell(cells, "date")):
            places.add(0)
        return any(is_summary(cell_text(cells[at]), self._layout) for at in places if at < len(cells))

    def tell(self, line: int, fault: Fault, severity: Severity = Severity.REFUSED) -> None:
        """Keeps a fault with its place."""
        column = self._head.texts[fault.column] if fault.column is not None else None
        place = Place(file=self._sheet.file, sheet=self._sheet.sheet, row=line, column=column)
        self._table.findings.append(Finding(fault.code, severity, Text(fault.zh, fault.en), place))

    def _whole(self, cells: tuple[Cell, ...]) -> None:
        width = len(self._head.texts)
        if any(cell_text(cell) for cell in cells[width:]):
            zh = f"这一行比表头长（表头 {width} 列）：可能多了分隔符，各列已错位。整行未采用"
            raise Fault("STACK-ROW-LONG", zh, f"the row is longer than the heading ({width} columns)")

    def _cell(self, cells: tuple[Cell, ...], key: str) -> str:
        at = self._keys.get(key)
        return _AS_TEXT.sub("", cell_text(cells[at])) if at is not None and at < len(cells) else ""

    def _outlet(self, cells: tuple[Cell, ...]) -> Outlet:
        given = [self._cell(cells, key) or self._head.named.get(key, "") for key in IDENTITY]
        found = self._known.find(*given)
        if found is None:
            named = " ".join(text for text in given if text) or "（空）"
            at = next((self._keys[key] for key in IDENTITY if key in self._keys), None)
            zh = f"排放口登记表里没有“{named}”。请先在排放口页登记，或改成登记的 MN、编号、企业和排放口名称，再导入一次"
            if not any(given):
                zh = "这一行没有写是哪个排放口。若是合并的单元格，请取消合并并填满，再导入一次"
            raise Fault(
                "STACK-OUTLET-UNKNOWN", zh, f"no outlet {named!r} in the register; register it and import again", at
            )
        return found

    def _start(self, cells: tuple[Cell, ...]) -> datetime:
        at = self._keys.get("time", self._keys.get("date"))
        raw = cells[at] if at is not None and at < len(cells) else self._head.named.get("date")
        try:
            if "hour" in self._keys and "time" not in self._keys:
                day = datetime.combine(date_of(raw, "year_first"), time())
                at, raw = self._keys["hour"], self._cell(cells, "hour")
                at_hour = day + hour_of(raw) * _HOUR
            else:
                at_hour = moment(raw, self._table.period)
        except DateFault:
            zh = f"“{cell_text(raw)}”不是时间，或不是整点。请写成 2026-11-01 00:00（日数据写成 2026-11-01）"
            raise Fault("STACK-TIME", zh, f"{cell_text(raw)!r} is no time, or no whole hour", at) from None
        return at_hour - _HOUR if self._ends and self._table.period == "hour" else at_hour

    def _factor(self, cells: tuple[Cell, ...]) -> str | None:
        if "factor" not in self._keys:
            return None
        text = self._cell(cells, "factor")
        code = self._layout.factor_of.get(plain(text)) or (text if re.fullmatch(r"[aw]\d{5}", text) else None)
        if code is None:
            zh = f"不认识的监测因子“{text}”。请改成因子编码（如 a21026），或在对照文件里补上这个名称"
            raise Fault("STACK-FACTOR-UNKNOWN", zh, f"unknown factor {text!r}", self._keys["factor"])
        return code

    def _value(
        self,
        line: int,
        cells: tuple[Cell, ...],
        outlet: Outlet,
        start: datetime,
        code: str,
        columns: Mapping[int, Heading],
        mark: str,
        unit: str,
    ) -> Value | None:
        fields: dict[str, str] = {}
        more: dict[str, str] = {}
        marks = []
        for at, one in columns.items():
            raw = cells[at] if at < len(cells) else None
            if one.field != "flag":
                raw, inside = parted(raw, self._layout)
                marks += [inside] if inside and inside not in marks else []
            if wide(cell_text(raw)) in self._layout.empty:
                continue
            if one.field == "flag":
                mark = cell_text(raw)
                continue
            assert one.field
            try:
                text, original = self._number(raw, one, outlet, code, at, unit)
            except Fault as fault:
                self.tell(line, fault)
                continue
            fields[one.field] = text
            if original:
                more[f"Given.{one.field}"] = original
        mark = "、".join(dict.fromkeys([*([mark] if mark else []), *marks]))
        if not fields and not mark:
            return None
        if mark:
            more["Mark"] = mark
        place = Place(file=self._sheet.file, sheet=self._sheet.sheet, row=line)
        return Value(
            outlet, start, code, fields, self._layout.letter_of.get(plain(mark)) if mark else None, more, place
        )

    def _number(self, raw: Cell, one: Heading, outlet: Outlet, code: str, at: int, unit: str) -> tuple[str, str | None]:
        value = number(raw)
        if value is None:
            zh = f"“{cell_text(raw)}”不是数字。这一格未采用，其余照收"
            raise Fault("STACK-VALUE-NUMBER", zh, f"{cell_text(raw)!r} is no number", at)
        assert one.field
        words = self._layout.factors.get(code)
        usual = words.unit if words else "mg/m3"
        own = {key: self._layout.unit_of.get(plain(unit), unit) for key, unit in outlet.units.items()}
        wanted = kept_unit(code, one.field, usual, own)
        own_unit = self._layout.unit_of.get(plain(unit), unit) if unit and one.field != "cou" else None
        named = one.unit or own_unit or (amount_unit(code) if one.field == "cou" else usual)
        given = turned(value, named, wanted)
        if given is None:
            zh = f"单位 {named} 不能换算成本排放口的 {wanted}。请核对表头的单位或排放口登记的单位"
            raise Fault("STACK-UNIT", zh, f"{named} does not turn into {wanted}", at)
        return given


_SECOND: Final = Fault(
    "STACK-TABLE-SECOND",
    "从这一行起是另一张表，这一行和以下各行未采用。请把它放到单独的工作表或文件，再导入一次",
    "another table begins here; this row and those below are left out: put it on a sheet of its own",
)
_SUMMARY: Final = Fault(
    "STACK-ROW-SUMMARY", "这一行是合计或平均，不是监测数据，未采用", "the row sums up others and is left out"
)


def _differs(first: Value, second: Value) -> Fault:
    sheet = f"工作表“{first.place.sheet}”" if first.place.sheet != second.place.sheet else ""
    zh = f"与{sheet}第 {first.place.row} 行是同一排放口、同一时间、同一因子（{second.code}），内容不同。采用了先出现的一行"
    return Fault(
        "STACK-ROW-DIFFERS", zh, f"differs from row {first.place.row} about {second.code}; the first one stands"
    )
