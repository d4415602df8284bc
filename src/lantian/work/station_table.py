"""The register of stations as a table: read from xlsx, csv or a paste, the template, and the table back with reasons."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from lantian.basis import region as regions
from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.render.columns import Column
from lantian.store import cells
from lantian.store.air import plain_city
from lantian.store.air_write import Quarantined
from lantian.store.cells import Cell
from lantian.store.city_rows import HEADING_ROWS
from lantian.store.dates import DateFault, date_of, numeric_order
from lantian.store.layout import plain_heading
from lantian.store.station_code import plain_code
from lantian.store.stations import ROLES, Station

# Bounds of the country's coordinates, as a check of typing only: a station beyond them is a slip.
WEST, EAST, SOUTH, NORTH = 73.0, 136.0, 3.0, 54.0

COLUMNS: Final = (
    Column("code", "站点编码", 12, needed=True, hint="如 2240A；小时表里用的同一编码"),
    Column("name", "站点名称", 18, needed=True),
    Column("city", "城市", 12, needed=True, hint="地级市，如 鸡西"),
    Column("county", "县区", 14, hint="所在县（市、区）；市辖范围外的可空"),
    Column("region", "区划代码", 12, hint="六位，县区或城市的"),
    Column("role", "类型", 10, needed=True, choices="类型", hint="国控、省控、县级、对照、小微站"),
    Column("lon", "经度", 12, hint="十进制度，如 130.9620"),
    Column("lat", "纬度", 12, hint="十进制度，如 45.2924"),
    Column("valid_from", "启用日期", 14, hint="空：沿用已登记的，没有则从规则库起始日算起"),
    Column("valid_until", "停用日期", 14, hint="最后一天；仍在用的留空"),
)
_ALSO: Final = {
    "code": ("编码", "站点编号", "监测点编码", "station_code", "code", "station"),
    "name": ("名称", "站点", "监测点名称", "station_name", "name"),
    "city": ("所属城市", "地市", "city"),
    "county": ("区县", "县（市、区）", "所属区县", "county"),
    "region": ("行政区划代码", "region", "prefecture_adcode", "adcode"),
    "role": ("站点类型", "级别", "控制级别", "role", "type"),
    "lon": ("lon", "longitude"),
    "lat": ("lat", "latitude"),
    "valid_from": ("启用时间", "起用日期", "valid_from"),
    "valid_until": ("停用时间", "valid_until"),
}
_ROLE_OF: Final = {**{text.zh: key for key, text in ROLES.items()}, **{key: key for key in ROLES}} | {
    "国控站": "national", "省控站": "provincial", "县级站": "county", "县控": "county", "对照点": "reference",
    "背景": "reference", "微站": "micro", "小微": "micro",
}  # fmt: skip
_NEEDED: Final = ("code", "name", "city")
_DEGREES = re.compile(r"-?\d{1,3}(\.\d+)?\Z")


@dataclass(slots=True)
class Register:
    """What a table of stations held: good rows with their place, rows kept aside, notes, files."""

    rows: list[tuple[Station, Place]] = field(default_factory=list)
    aside: list[Quarantined] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    files: list[dict[str, str]] = field(default_factory=list)
    rows_read: int = 0


@dataclass(eq=False)
class _Fault(Exception):
    code: str
    zh: str
    en: str
    field: str


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds where a table says nothing: the role, the first day, the first day of a station already registered."""

    role: str | None
    first: date
    known: Mapping[str, date]


def read_register(sources: Sequence[cells.Source], defaults: Defaults) -> Register:
    """Stations of tables; rows that cannot be taken are kept aside with their reason.

    Errors  Refusal where no sheet has the columns of a register
    """
    found = Register(files=[{"name": one.name, "sha256": one.sha256} for one in sources])
    for source in sources:
        sheets = [(sheet, at) for sheet in source.sheets if (at := _heading(sheet)) is not None]
        if not sheets:
            raise _no_register(source)
        for sheet, (line, places) in sheets:
            _read_sheet(found, sheet, line, places, defaults)
    _keep_apart(found)
    return found


def is_register(source: cells.Source) -> bool:
    """Whether a table has the columns of a register."""
    return any(_heading(sheet) is not None for sheet in source.sheets)


def registers(source: Path | str | Sequence[Path]) -> list[str]:
    """Names of those tables that are registers of stations."""
    return [one.name for one in sources_of(source) if is_register(one)]


def _heading(sheet: cells.Sheet) -> tuple[int, dict[str, int]] | None:
    names = {plain_heading(name): column.key for column in COLUMNS for name in (column.head, *_ALSO[column.key])}
    for line, row in enumerate(sheet.rows[:HEADING_ROWS]):
        places: dict[str, int] = {}
        for at, cell in enumerate(row):
            key = names.get(plain_heading(str(cell))) if cell is not None else None
            if key is not None:
                places.setdefault(key, at)
        if all(key in places for key in _NEEDED) and ("role" in places or "lon" in places):
            return line, places
    return None


def _read_sheet(found: Register, sheet: cells.Sheet, line: int, places: dict[str, int], defaults: Defaults) -> None:
    body = sheet.rows[line + 1 :]
    dates = [
        row[at] for row in body for key in ("valid_from", "valid_until") if (at := places.get(key, 9999)) < len(row)
    ]
    order = numeric_order(dates, "year_first")
    for number, row in enumerate(body, start=line + 2):
        got = {key: row[at] if at < len(row) else None for key, at in places.items()}
        if all(cell is None or not str(cell).strip() for cell in got.values()):
            continue
        found.rows_read += 1
        place = Place(file=sheet.file, sheet=sheet.sheet, row=number)
        try:
            one = _station(got, defaults, lambda cell: date_of(cell, order))
        except _Fault as fault:
            found.aside.append(_aside(fault, place, got))
            continue
        found.rows.append((one, place))


def _station(got: Mapping[str, Cell], defaults: Defaults, to_date: Callable[[Cell], date]) -> Station:
    code, name, city = (_needed(got, key) for key in _NEEDED)
    lon, lat = _coordinates(got)
    first = _date(got, "valid_from", to_date) or defaults.known.get(plain_code(code)) or defaults.first
    until = _date(got, "valid_until", to_date)
    if until is not None and until < first:
        raise _Fault(
            "STATION-DATES", f"停用日期 {until} 早于启用日期 {first}", f"{until} is before {first}", "valid_until"
        )
    return Station(
        code=plain_code(code),
        name=name,
        city=plain_city(city),
        county=_text(got, "county") or None,
        region=_region(got),
        role=_role(got, defaults),
        lon=lon,
        lat=lat,
        valid_from=first,
        valid_until=until,
    )


def station_of(got: Mapping[str, Cell], first: date) -> tuple[Station | None, dict[str, str]]:
    """A station out of the fields a person filled in, or the field that is wrong with the reason."""
    try:
        return _station(got, Defaults(None, first, {}), lambda cell: date_of(cell, "year_first")), {}
    except _Fault as fault:
        return None, {fault.field: fault.zh}


def _text(got: Mapping[str, Cell], key: str) -> str:
    cell = got.get(key)
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()


def _needed(got: Mapping[str, Cell], key: str) -> str:
    text = _text(got, key)
    if not text:
        head = _head(key)
        raise _Fault("STATION-EMPTY", f"“{head}”是空的，请补上", f"{key} is empty", key)
    return text


def _role(got: Mapping[str, Cell], defaults: Defaults) -> str:
    text = _text(got, "role")
    role = _ROLE_OF.get(text.casefold()) if text else defaults.role
    if role is None:
        names = "、".join(one.zh for one in ROLES.values())
        zh = f"类型“{text}”不认识。可用：{names}" if text else f"没有类型。可用：{names}；整表同一类型时可在导入时指定"
        raise _Fault("STATION-ROLE", zh, f"unknown role {text!r}", "role")
    return role


def role_of(text: str) -> str:
    """Key of a role by its name, Chinese or English.

    Errors  Refusal
    """
    role = _ROLE_OF.get(text.strip().casefold())
    if role is None:
        zh = f"类型“{text}”不认识。可用：{'、'.join(one.zh for one in ROLES.values())}"
        raise Refusal(Finding("STATION-ROLE", Severity.REFUSED, Text(zh, f"unknown role {text!r}")))
    return role


def _region(got: Mapping[str, Cell]) -> str | None:
    text = _text(got, "region")
    try:
        return regions.checked(text) if text else None
    except ValueError:
        raise _Fault(
            "STATION-REGION", f"区划代码“{text}”不是六位数字", f"{text!r} is no region code", "region"
        ) from None


def _date(got: Mapping[str, Cell], key: str, to_date: Callable[[Cell], date]) -> date | None:
    if not _text(got, key):
        return None
    try:
        return to_date(got[key])
    except DateFault as fault:
        raise _Fault(fault.code, fault.zh, fault.en, key) from None


def _coordinates(got: Mapping[str, Cell]) -> tuple[float | None, float | None]:
    lon, lat = (_degrees(got, key) for key in ("lon", "lat"))
    if lon is None and lat is None:
        return None, None
    if lon is None or lat is None:
        key = "lon" if lon is None else "lat"
        raise _Fault("STATION-COORDINATES", f"只有一个坐标，缺{_head(key)}", f"{key} is missing", key)
    if WEST <= lon <= EAST and SOUTH <= lat <= NORTH:
        return lon, lat
    if WEST <= lat <= EAST and SOUTH <= lon <= NORTH:
        raise _Fault(
            "STATION-SWAPPED", f"经纬度写反了：经度 {lon}、纬度 {lat}", "longitude and latitude are swapped", "lon"
        )
    raise _Fault(
        "STATION-ABROAD", f"坐标 {lon}，{lat} 不在我国范围内，请核对", f"{lon}, {lat} lies outside China", "lon"
    )


def _degrees(got: Mapping[str, Cell], key: str) -> float | None:
    text = _text(got, key)
    if text in ("", "-", "—", "/"):
        return None
    if not _DEGREES.match(text):
        zh = f"“{text}”不是十进制度。请写成 130.9620 这样"
        raise _Fault("STATION-DEGREES", zh, f"{text!r} is no decimal degree", key)
    return float(text)


def _head(key: str) -> str:
    return next(column.head for column in COLUMNS if column.key == key)


def _aside(fault: _Fault, place: Place, got: Mapping[str, Cell]) -> Quarantined:
    where = Place(file=place.file, sheet=place.sheet, row=place.row, column=_head(fault.field))
    text = Text(f"{fault.zh}（本行已隔离，未登记）", f"{fault.en} (the row is kept aside)")
    content = {_head(key): "" if cell is None else str(cell) for key, cell in got.items()}
    return Quarantined(Finding(fault.code, Severity.REFUSED, text, where), content)


def _keep_apart(found: Register) -> None:
    """Equal rows count once; rows of one code and first day that differ, or whose spans overlap, are kept aside."""
    by_code: dict[str, list[tuple[Station, Place]]] = defaultdict(list)
    for one, place in found.rows:
        if all(one != other for other, _ in by_code[one.code]):
            by_code[one.code].append((one, place))
    found.rows = []
    for rows in by_code.values():
        for one, place in rows:
            clash = next((other for other in rows if other[0] is not one and overlap(one, other[0])), None)
            if clash is None:
                found.rows.append((one, place))
            else:
                found.aside.append(clashing(one, place, clash[0], str(clash[1])))


def overlap(one: Station, other: Station) -> bool:
    """Whether two rows of one station hold on a day both."""
    ends = one.valid_until or date.max, other.valid_until or date.max
    return one.code == other.code and one.valid_from <= ends[1] and other.valid_from <= ends[0]


def clashing(one: Station, place: Place, other: Station, where: str) -> Quarantined:
    """The row kept aside because another one of its station overlaps it."""
    until = other.valid_until or "今"
    zh = (
        f"{one.code} 的时段与另一行（{other.valid_from} 至 {until}，{where}）重叠。请先给前一行填停用日期，或改启用日期"
    )
    fault = _Fault("STATION-OVERLAP", zh, f"{one.code} overlaps the row from {other.valid_from}", "valid_from")
    return _aside(fault, place, row_of(one))


def row_of(one: Station) -> dict[str, Any]:
    """A station as a row of the table."""
    return {column.key: ROLES[one.role].zh if column.key == "role" else getattr(one, column.key) for column in COLUMNS}


def template(stations: Sequence[Station] = ()) -> bytes:
    """The workbook to be filled in, with the stations registered already."""
    from lantian.render.tables import template as workbook

    return workbook("站点登记", COLUMNS, _LISTS, rows=[row_of(one) for one in stations])


def returned(aside: Sequence[Quarantined]) -> bytes:
    """A workbook of the rows kept aside, each with its reason, to be corrected and imported again."""
    from lantian.render.tables import template as workbook

    keys = {column.head: column.key for column in COLUMNS}
    rows = [{keys[head]: cell for head, cell in one.content.items() if head in keys} for one in aside]
    reasons = {at: one.finding.text.zh for at, one in enumerate(aside)}
    return workbook("站点登记", COLUMNS, _LISTS, rows=rows, reasons=reasons)


_LISTS: Final = {"类型": [(text.zh, "") for text in ROLES.values()]}


def _no_register(source: cells.Source) -> Refusal:
    wanted = "、".join(_head(key) for key in (*_NEEDED, "role"))
    zh = f"认不出站点登记表：至少要有这些列：{wanted}。可用 lantian air stations --template 生成模板"
    finding = Finding(
        "STATION-TABLE-NONE", Severity.REFUSED, Text(zh, "no register of stations"), Place(file=source.name)
    )
    return Refusal(finding)


def sources_of(source: Path | str | Sequence[Path]) -> list[cells.Source]:
    """What is to be read."""
    if isinstance(source, str):
        return [cells.pasted(source)]
    return [cells.read_file(file) for file in ([source] if isinstance(source, Path) else source)]
