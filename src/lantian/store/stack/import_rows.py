"""A platform's table → values of outlets, each with its place; what cannot be taken is told with file, sheet, row and column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final, Literal, NamedTuple

from lantian.basis.finding import Finding, Place, Severity, Text
from lantian.store.cells import Cell, Sheet
from lantian.store.dates import DateFault, date_of
from lantian.store.hour_stamp import any_hour, hour_number
from lantian.store.stack.import_layout import Heading, ImportLayout, headings, plain, wide
from lantian.store.stack.import_units import kept_unit, number, turned
from lantian.store.stack.outlets import Outlet

Period = Literal["hour", "day"]
_LOOKED_AT: Final = 12  # lines from the top among which the heading is sought
_RANGE = re.compile(r"\s*[~～至—–-]\s*\d{1,2}\s*[:时点](\d{2})?(:\d{2})?\s*分?\Z")
_CLOCK = re.compile(r"[\sT日]\s*\d{1,2}\s*([:时点]|\Z)")
_HOUR_24 = re.compile(r"(?<!\d)24\s*([:时点]|\Z)")
_HOUR: Final = timedelta(hours=1)


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
    """What one sheet gave: period, values, findings, headings left alone, number of its rows, rows not taken at all."""

    period: Period
    values: list[Value] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    ignored: tuple[str, ...] = ()
    rows: int = 0
    refused: int = 0


class Head(NamedTuple):
    """The heading of a sheet: its columns, their texts, the first row below it."""

    columns: Mapping[int, Heading]
    texts: tuple[str, ...]
    below: int


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


def head(sheet: Sheet, layout: ImportLayout) -> Head | None:
    """The heading with most columns known among the first lines, of one line or of two; None where there is none."""
    best: Head | None = None
    for at in range(min(_LOOKED_AT, len(sheet.rows))):
        for texts, below in _candidates(sheet.rows, at):
            columns = headings(texts, layout)
            if _serves(columns) and (best is None or len(columns) > len(best.columns)):
                best = Head(columns, tuple(texts), below)
    return best


def _candidates(rows: Sequence[tuple[Cell, ...]], at: int) -> Iterator[tuple[list[str], int]]:
    one = [_text(cell) for cell in rows[at]]
    yield one, at + 1
    if at + 1 < len(rows):
        yield _joined(one, [_text(cell) for cell in rows[at + 1]]), at + 2


def _joined(upper: list[str], lower: list[str]) -> list[str]:
    """A heading of two lines: a merged upper cell holds for the columns under it."""
    width = max(len(upper), len(lower))
    upper, lower = upper + [""] * (width - len(upper)), lower + [""] * (width - len(lower))
    texts, last = [], ""
    for above, below in zip(upper, lower, strict=True):
        last = above or (last if below else "")
        texts.append(f"{last} {below}".strip() if above or below else "")
    return texts


def _serves(columns: Mapping[int, Heading]) -> bool:
    keys = {one.key for one in columns.values() if one.key}
    values = [one for one in columns.values() if one.field and one.field != "flag"]
    named = any(one.factor for one in values) or ("factor" in keys and values)
    return bool(named and keys & {"mn", "outlet", "company", "name"} and keys & {"time", "date"})


def read_sheet(sheet: Sheet, found: Head, layout: ImportLayout, known: Known) -> ImportTable:
    """The values of a sheet below its heading.

    Rule    a row without outlet or time, and one longer than the heading, is not taken; a cell that is no value is left out
            and told; two rows that differ about the same factor, outlet and period: the first stands, the other is told
    """
    rows = list(enumerate(sheet.rows[found.below :], start=found.below + 1))
    rows = [(line, cells) for line, cells in rows if any(_text(cell) for cell in cells)]
    keys = {one.key: at for at, one in found.columns.items() if one.key}
    ends = layout.stamp == "end" or any(_is_24(cells, keys) for _, cells in rows)
    table = ImportTable("day" if all(_is_day(cells, keys) for _, cells in rows) else "hour", rows=len(rows))
    table.ignored = tuple(text for at, text in enumerate(found.texts) if text and at not in found.columns)
    seen: dict[tuple[str, datetime, str], Value] = {}
    reader = _Reader(sheet, found, layout, known, keys, table, ends)
    for line, cells in rows:
        taken = False
        for value in reader.row(line, cells):
            key = (value.outlet.code, value.start, value.code)
            first = seen.setdefault(key, value)
            if first is value:
                table.values.append(value)
            elif first._replace(place=value.place) != value:
                reader.tell(line, _differs(first, value))
                continue
            taken = True
        table.refused += not taken
    return table


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
        mark = self._cell(cells, "mark")
        by_code: dict[str, dict[int, Heading]] = {}
        for at, one in self._values.items():
            code = one.factor or factor
            if code is not None:
                by_code.setdefault(code, {})[at] = one
        for code, columns in by_code.items():
            value = self._value(line, cells, outlet, start, code, columns, mark)
            if value is not None:
                yield value

    def tell(self, line: int, fault: Fault) -> None:
        """Keeps a fault with its place."""
        column = self._head.texts[fault.column] if fault.column is not None else None
        place = Place(file=self._sheet.file, sheet=self._sheet.sheet, row=line, column=column)
        self._table.findings.append(Finding(fault.code, Severity.REFUSED, Text(fault.zh, fault.en), place))

    def _whole(self, cells: tuple[Cell, ...]) -> None:
        width = len(self._head.texts)
        if any(_text(cell) for cell in cells[width:]):
            zh = f"这一行比表头长（表头 {width} 列）：可能多了分隔符，各列已错位。整行未采用"
            raise Fault("STACK-ROW-LONG", zh, f"the row is longer than the heading ({width} columns)")

    def _cell(self, cells: tuple[Cell, ...], key: str) -> str:
        at = self._keys.get(key)
        return _text(cells[at]) if at is not None and at < len(cells) else ""

    def _outlet(self, cells: tuple[Cell, ...]) -> Outlet:
        given = [self._cell(cells, key) for key in ("mn", "outlet", "company", "name")]
        found = self._known.find(*given)
        if found is None:
            named = " ".join(text for text in given if text) or "（空）"
            at = next((self._keys[key] for key in ("mn", "outlet", "company", "name") if key in self._keys), None)
            zh = f"排放口登记表里没有“{named}”。请先在排放口页登记，或改成登记的 MN、编号、企业和排放口名称，再导入一次"
            raise Fault(
                "STACK-OUTLET-UNKNOWN", zh, f"no outlet {named!r} in the register; register it and import again", at
            )
        return found

    def _start(self, cells: tuple[Cell, ...]) -> datetime:
        at = self._keys.get("time", self._keys.get("date"))
        assert at is not None  # a heading without a time serves nothing
        raw = cells[at] if at < len(cells) else None
        try:
            if "hour" in self._keys and "time" not in self._keys:
                hour = hour_number(self._cell(cells, "hour"))
                moment = datetime.combine(date_of(raw, "year_first"), time()) + hour * _HOUR
            else:
                moment = _moment(raw, self._table.period)
        except DateFault as fault:
            raise Fault("STACK-TIME", fault.zh, fault.en, at) from None
        return moment - _HOUR if self._ends and self._table.period == "hour" else moment

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
    ) -> Value | None:
        fields: dict[str, str] = {}
        more: dict[str, str] = {}
        for at, one in columns.items():
            raw = cells[at] if at < len(cells) else None
            if wide(_text(raw)) in self._layout.empty:
                continue
            if one.field == "flag":
                mark = _text(raw)
                continue
            assert one.field
            try:
                text, original = self._number(raw, one, outlet, code, at)
            except Fault as fault:
                self.tell(line, fault)
                continue
            fields[one.field] = text
            if original:
                more[f"Given.{one.field}"] = original
        if not fields and not mark:
            return None
        if mark:
            more["Mark"] = mark
        place = Place(file=self._sheet.file, sheet=self._sheet.sheet, row=line)
        return Value(
            outlet, start, code, fields, self._layout.letter_of.get(plain(mark)) if mark else None, more, place
        )

    def _number(self, raw: Cell, one: Heading, outlet: Outlet, code: str, at: int) -> tuple[str, str | None]:
        value = number(raw)
        if value is None:
            zh = f"“{_text(raw)}”不是数字。这一格未采用，其余照收"
            raise Fault("STACK-VALUE-NUMBER", zh, f"{_text(raw)!r} is no number", at)
        assert one.field
        words = self._layout.factors.get(code)
        usual = words.unit if words else "mg/m3"
        own = {key: self._layout.unit_of.get(plain(unit), unit) for key, unit in outlet.units.items()}
        wanted = kept_unit(code, one.field, usual, own)
        amount = "m3" if code == "a00000" else "kg"
        given = turned(value, one.unit or (amount if one.field == "cou" else usual), wanted)
        if given is None:
            zh = f"单位 {one.unit} 不能换算成本排放口的 {wanted}。请核对表头的单位或排放口登记的单位"
            raise Fault("STACK-UNIT", zh, f"{one.unit} does not turn into {wanted}", at)
        return given


def _differs(first: Value, second: Value) -> Fault:
    zh = f"与第 {first.place.row} 行是同一排放口、同一时间、同一因子（{second.code}），内容不同。采用了先出现的一行"
    return Fault(
        "STACK-ROW-DIFFERS", zh, f"differs from row {first.place.row} about {second.code}; the first one stands"
    )


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).strip()


def _moment(raw: Cell, period: Period) -> datetime:
    if isinstance(raw, datetime):
        if raw.minute or raw.second or (period == "day" and raw.hour):
            raise DateFault("STACK-TIME", f"“{raw}”不是整点", f"{raw} is no whole hour")
        return raw
    if isinstance(raw, date):
        return datetime.combine(raw, time())
    text = _RANGE.sub("", _text(raw)) if _CLOCK.search(_text(raw)) else _text(raw)
    if period == "day":
        return datetime.combine(date_of(text, "year_first"), time())
    return any_hour(text, "year_first")


def _is_day(cells: tuple[Cell, ...], keys: Mapping[str, int]) -> bool:
    """Whether a row's time is a day without an hour."""
    if "hour" in keys and "time" not in keys:
        return False
    at = keys.get("time", keys.get("date"))
    raw = cells[at] if at is not None and at < len(cells) else None
    if isinstance(raw, datetime):
        return raw.time() == time()
    return isinstance(raw, date) or not _CLOCK.search(_text(raw))


def _is_24(cells: tuple[Cell, ...], keys: Mapping[str, int]) -> bool:
    """Whether a row counts its hours to 24, which labels their ends."""
    at = keys.get("hour", keys.get("time"))
    text = _RANGE.sub("", _text(cells[at])) if at is not None and at < len(cells) else ""
    return bool(_HOUR_24.search(text)) and ("hour" in keys or bool(_CLOCK.search(text)))
