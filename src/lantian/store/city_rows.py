"""City days out of a table under a layout: good rows, rows kept aside with their reason, notes on the whole table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from statistics import median_low

from lantian.air.item import ITEMS, PRINTED, SCALE, UNITS
from lantian.basis import region
from lantian.basis.exact import NotANumberError, TooManyPlacesError, scaled
from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.basis.units import UNITS as ALL_UNITS
from lantian.basis.units import factor
from lantian.store.air import plain_city
from lantian.store.air_write import Quarantined, RawDay
from lantian.store.cells import Cell, Sheet
from lantian.store.dates import DateFault, Order, date_of, numeric_order
from lantian.store.layout import Layout, Match, Plausible, match, unit_for

_UNIT = 10**SCALE
HEADING_ROWS = 15
MISSING = frozenset(
    {"", "-", "--", "—", "——", "–", "−", "/", "\\", "*", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "无",
     "无数据", "缺测", "缺失", "无效", "未监测"}
)  # fmt: skip


@dataclass(slots=True)
class CityRows:
    """What a table held: rows read, good rows with the row number each came from, rows kept aside, notes."""

    layout: str
    rows_read: int = 0
    good: list[tuple[RawDay, Place]] = field(default_factory=list)
    aside: list[Quarantined] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a table is read: the last and first acceptable day, a city for tables without such a column, cities wanted,
    how a city name is kept."""

    first: date
    last: date | None = None
    cities: tuple[str, ...] = ()
    keep: Callable[[str], str] = plain_city


_LONGER = "这一行的格数比表头多，数值可能错了列（例如数字里有逗号）。请核对这一行"


@dataclass(eq=False)
class _Fault(Exception):
    """Why a row cannot be taken; becomes a finding with its place."""

    code: str
    zh: str
    en: str
    column: str | None = None


def find_layout(sheet: Sheet, known: Iterable[Layout], *, city_given: bool) -> tuple[int, Match] | None:
    """Index of the heading row and the layout that fits it best; None where none fits."""
    best: tuple[int, Match] | None = None
    for at, row in enumerate(sheet.rows[:HEADING_ROWS]):
        headings = [_heading(cell) for cell in row]
        for layout in known:
            found = match(headings, layout, city_given=city_given)
            if found is not None and (best is None or found.score > best[1].score):
                best = at, found
    return best


def _heading(cell: Cell) -> str:
    return str(cell).strip() if cell is not None else ""


def city_rows(sheet: Sheet, at: int, found: Match, reading: Reading, bounds: Plausible | None) -> CityRows:
    """Rows below the heading, each either good or kept aside.

    Errors  Refusal where the whole table cannot be what its headings say
    """
    parser = _Parser(sheet, found, reading, numeric_order(_dates(sheet, at, found), found.layout.dates))
    result = CityRows(found.layout.id)
    displaced = _displaced(sheet, at, len(found.headings))
    for number, row in enumerate(sheet.rows[at + 1 :], start=at + 2):
        if all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in row):
            continue
        result.rows_read += 1
        place = Place(file=sheet.file, sheet=sheet.sheet, row=number)
        try:
            if number in displaced:
                raise _Fault(
                    "AIR-ROW-LONGER", _LONGER, "more cells than the heading: values may stand in wrong columns"
                )
            day = parser.day(row)
        except _Fault as fault:
            result.aside.append(_aside(fault, place, found, row))
            continue
        if day is not None:
            result.good.append((day, place))
    if bounds is not None:
        _check_plausible(result, sheet, found, bounds)
    result.notes += _notes(sheet, at, found, parser)
    return result


def _displaced(sheet: Sheet, at: int, width: int) -> set[int]:
    """Numbers of the lines of a text with a cell too many; a mark at the end of every line is a habit."""
    if sheet.sheet is not None:  # a workbook: its cells stand where they stand
        return set()
    longer = {number for number, row in enumerate(sheet.rows[at + 1 :], start=at + 2) if len(row) > width}
    return longer if len(longer) < sum(map(bool, sheet.rows[at + 1 :])) else set()


def _dates(sheet: Sheet, at: int, found: Match) -> Iterable[Cell]:
    column = found.places["date"]
    return (row[column] for row in sheet.rows[at + 1 :] if column < len(row))


@dataclass(slots=True)
class _Parser:
    """Turns cells of one table into days."""

    sheet: Sheet
    found: Match
    reading: Reading
    order: Order
    bad_regions: int = 0
    _factors: dict[str, Fraction] = field(default_factory=dict)
    _missing: frozenset[str] = MISSING

    def __post_init__(self) -> None:
        self._missing = MISSING | {mark.casefold() for mark in self.found.layout.missing}
        for item in ITEMS:
            if item in self.found.places:
                self._factors[item] = factor(unit_for(self.found, item), ALL_UNITS[UNITS[item]])

    def day(self, row: Sequence[Cell]) -> RawDay | None:
        """The day of a row; None where its city is not wanted."""
        city = self._city(row)
        if city is None:
            return None
        day = self._date(row)
        return RawDay(city, day, self._region(row), tuple(self._value(row, item) for item in ITEMS))

    def _cell(self, row: Sequence[Cell], name: str) -> Cell:
        at = self.found.places.get(name)
        return row[at] if at is not None and at < len(row) else None

    def _city(self, row: Sequence[Cell]) -> str | None:
        wanted = self.reading.cities
        if "city" not in self.found.places:
            return self.reading.keep(wanted[0])
        text = str(self._cell(row, "city") or "").strip()
        if not text:
            raise _Fault("AIR-CITY-EMPTY", "城市是空的", "the city is empty", self._heading("city"))
        name = self.reading.keep(text)
        return name if not wanted or plain_city(text) in {plain_city(one) for one in wanted} else None

    def _date(self, row: Sequence[Cell]) -> date:
        cell = self._cell(row, "date")
        heading = self._heading("date")
        try:
            day = date_of(cell, self.order)
        except DateFault as fault:
            raise _Fault(fault.code, fault.zh, fault.en, heading) from None
        if day < self.reading.first:
            zh = f"日期 {day} 早于规则库的起始日 {self.reading.first}，没有可用的标准"
            raise _Fault("AIR-DATE-EARLY", zh, f"{day} lies before {self.reading.first}, where the law begins", heading)
        if self.reading.last is not None and day > self.reading.last:
            raise _Fault("AIR-DATE-FUTURE", f"日期 {day} 还没有到", f"{day} lies in the future", heading)
        return day

    def _region(self, row: Sequence[Cell]) -> str | None:
        cell = self._cell(row, "region")
        text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell or "").strip()
        if not text:
            return None
        try:
            return region.checked(text.removesuffix(".0"))
        except ValueError:
            self.bad_regions += 1
            return None

    def _value(self, row: Sequence[Cell], item: str) -> int | None:
        cell = self._cell(row, item)
        if cell is None or (isinstance(cell, str) and cell.strip().casefold() in self._missing):
            return None
        if isinstance(cell, float) and cell != cell:  # NaN of a Parquet column
            return None
        try:
            number = _number(cell if isinstance(cell, str) else repr(cell), self._factors[item])
        except NotANumberError:
            zh = f"“{cell}”不是数字。没有数值请留空或写“—”"
            raise _Fault("AIR-VALUE-TEXT", zh, f"{cell!r} is no number", self._heading(item)) from None
        except TooManyPlacesError:
            zh = f"“{cell}”多于 {SCALE} 位小数，请先核对来源"
            raise _Fault(
                "AIR-VALUE-PLACES", zh, f"{cell!r} has more than {SCALE} places", self._heading(item)
            ) from None
        if number < 0:
            zh = f"“{cell}”是负值，浓度不能为负"
            raise _Fault("AIR-VALUE-NEGATIVE", zh, f"{cell!r} is negative", self._heading(item))
        return None if number == 0 and self.found.layout.zero == "missing" else number

    def _heading(self, name: str) -> str:
        return self.found.headings[self.found.places[name]]


@lru_cache(maxsize=1 << 16)  # values repeat; a pure function
def _number(text: str, by: Fraction) -> int:
    """Scaled integer of a decimal text in the unit of the store."""
    if by == 1:
        return scaled(text.strip(), SCALE)
    exact = Fraction(scaled(text.strip(), 2 * SCALE), 10**SCALE) * by
    if exact.denominator != 1:
        raise TooManyPlacesError(text)
    return exact.numerator


def _aside(fault: _Fault, place: Place, found: Match, row: Sequence[Cell]) -> Quarantined:
    where = Place(file=place.file, sheet=place.sheet, row=place.row, column=fault.column)
    content = {
        heading: "" if cell is None else str(cell)
        for heading, cell in zip(found.headings, row, strict=False)
        if heading
    }
    text = Text(f"{fault.zh}（本行已隔离，未计入）", f"{fault.en} (the row is kept aside)")
    return Quarantined(Finding(fault.code, Severity.REFUSED, text, where), content)


def _check_plausible(result: CityRows, sheet: Sheet, found: Match, bounds: Plausible) -> None:
    co = [value for row, _ in result.good if (value := row.values[ITEMS.index("co")])]
    if len(co) >= bounds.rows_at_least:
        middle = Decimal(median_low(co)) / _UNIT
        if not bounds.co_median_at_least <= middle <= bounds.co_median_at_most:
            unit = unit_for(found, "co").symbol
            raise _implausible(
                sheet,
                f"CO 的中位数折合 {middle} mg/m³，不像 {unit} 的数值：单位写错或表头错位。"
                f"请在表头写明单位，如“CO(μg/m³)”，或核对各列",
                f"the median of CO is {middle} mg/m³, which does not fit {unit}: wrong unit or shifted headings",
            )
    pairs = [row.values[-2:] for row, _ in result.good if None not in row.values[-2:]]
    above = sum(fine > coarse for coarse, fine in pairs if coarse is not None and fine is not None)
    if len(pairs) >= bounds.rows_at_least and 100 * above > bounds.fine_above_coarse_percent * len(pairs):
        raise _implausible(
            sheet,
            f"{len(pairs)} 天中有 {above} 天 PM2.5 高于 PM10，表头可能错位。请核对各列后再导入",
            f"PM2.5 exceeds PM10 on {above} of {len(pairs)} days: the headings seem shifted",
        )


def _implausible(sheet: Sheet, zh: str, en: str) -> Refusal:
    place = Place(file=sheet.file, sheet=sheet.sheet)
    return Refusal(Finding("AIR-TABLE-IMPLAUSIBLE", Severity.REFUSED, Text(f"{zh}。没有导入任何内容", en), place))


def _notes(sheet: Sheet, at: int, found: Match, parser: _Parser) -> list[Finding]:
    """What a reader of the import should know though no row was kept aside for it."""
    place = Place(file=sheet.file, sheet=sheet.sheet, row=at + 1)
    notes = [Finding("AIR-LAYOUT-NOTE", Severity.NOTE, text, place) for text in found.layout.notes]
    for heading in found.ignored:
        reason = _reason(found.layout, heading)
        notes.append(_note("AIR-COLUMN-IGNORED", f"“{heading}”列不采用：{reason.zh}", f"{heading}: {reason.en}", place))
    if found.unknown:
        names = "、".join(found.unknown)
        notes.append(_note("AIR-COLUMN-PASSED", f"这些列没有用到：{names}", f"columns passed over: {names}", place))
    absent = "、".join(PRINTED[item] for item in ITEMS if item not in found.places)
    if absent:
        zh = f"表中没有 {absent}，这些项按缺测处理"
        notes.append(_note("AIR-ITEM-ABSENT", zh, f"not in the table, taken as missing: {absent}", place))
    if parser.bad_regions:
        zh = f"{parser.bad_regions} 行的区划代码不是六位数字，未采用"
        notes.append(_note("AIR-REGION-BAD", zh, f"{parser.bad_regions} region codes are not six digits", place))
    return notes


def _reason(layout: Layout, heading: str) -> Text:
    from lantian.store.layout import plain_heading

    return next(text for name, text in layout.ignores.items() if plain_heading(name) == plain_heading(heading))


def _note(code: str, zh: str, en: str, place: Place) -> Finding:
    severity = Severity.NOTE if code == "AIR-COLUMN-IGNORED" else Severity.WARNING
    return Finding(code, severity, Text(zh, en), place)
