"""One row of the register of stations: its columns, and the station it names or the field that is wrong with the reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from lantian.basis import region as regions
from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.render.columns import Column
from lantian.store.air import plain_city
from lantian.store.air_write import Quarantined
from lantian.store.cells import Cell
from lantian.store.dates import DateFault, date_of
from lantian.store.geo import in_china
from lantian.store.station_code import plain_code
from lantian.store.stations import ROLES, Station

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
ALSO: Final = {
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
NEEDED: Final = ("code", "name", "city")
_DEGREES = re.compile(r"-?\d{1,3}(\.\d+)?\Z")


@dataclass(eq=False)
class RowFault(Exception):
    """Why a row names no station, and in which field."""

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


def station_in(got: Mapping[str, Cell], defaults: Defaults, to_date: Callable[[Cell], date]) -> Station:
    """The station a row names.

    Errors  RowFault
    """
    code, name, city = (_needed(got, key) for key in NEEDED)
    lon, lat = _coordinates(got)
    first = _date(got, "valid_from", to_date) or defaults.known.get(plain_code(code)) or defaults.first
    until = _date(got, "valid_until", to_date)
    if until is not None and until < first:
        raise RowFault(
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
        return station_in(got, Defaults(None, first, {}), lambda cell: date_of(cell, "year_first")), {}
    except RowFault as fault:
        return None, {fault.field: fault.zh}


def _text(got: Mapping[str, Cell], key: str) -> str:
    cell = got.get(key)
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()


def _needed(got: Mapping[str, Cell], key: str) -> str:
    text = _text(got, key)
    if not text:
        head = head_of(key)
        raise RowFault("STATION-EMPTY", f"“{head}”是空的，请补上", f"{key} is empty", key)
    return text


def _role(got: Mapping[str, Cell], defaults: Defaults) -> str:
    text = _text(got, "role")
    role = _ROLE_OF.get(text.casefold()) if text else defaults.role
    if role is None:
        names = "、".join(one.zh for one in ROLES.values())
        zh = f"类型“{text}”不认识。可用：{names}" if text else f"没有类型。可用：{names}；整表同一类型时可在导入时指定"
        raise RowFault("STATION-ROLE", zh, f"unknown role {text!r}", "role")
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
        raise RowFault(
            "STATION-REGION", f"区划代码“{text}”不是六位数字", f"{text!r} is no region code", "region"
        ) from None


def _date(got: Mapping[str, Cell], key: str, to_date: Callable[[Cell], date]) -> date | None:
    if not _text(got, key):
        return None
    try:
        return to_date(got[key])
    except DateFault as fault:
        raise RowFault(fault.code, fault.zh, fault.en, key) from None


def _coordinates(got: Mapping[str, Cell]) -> tuple[float | None, float | None]:
    lon, lat = (_degrees(got, key) for key in ("lon", "lat"))
    if lon is None and lat is None:
        return None, None
    if lon is None or lat is None:
        key = "lon" if lon is None else "lat"
        raise RowFault("STATION-COORDINATES", f"只有一个坐标，缺{head_of(key)}", f"{key} is missing", key)
    if in_china((lon, lat)):
        return lon, lat
    if in_china((lat, lon)):
        raise RowFault(
            "STATION-SWAPPED", f"经纬度写反了：经度 {lon}、纬度 {lat}", "longitude and latitude are swapped", "lon"
        )
    raise RowFault(
        "STATION-ABROAD", f"坐标 {lon}，{lat} 不在我国范围内，请核对", f"{lon}, {lat} lies outside China", "lon"
    )


def _degrees(got: Mapping[str, Cell], key: str) -> float | None:
    text = _text(got, key)
    if text in ("", "-", "—", "/"):
        return None
    if not _DEGREES.match(text):
        zh = f"“{text}”不是十进制度。请写成 130.9620 这样"
        raise RowFault("STATION-DEGREES", zh, f"{text!r} is no decimal degree", key)
    return float(text)


def head_of(key: str) -> str:
    """Heading of a column."""
    return next(column.head for column in COLUMNS if column.key == key)


def kept_aside(fault: RowFault, place: Place, got: Mapping[str, Cell]) -> Quarantined:
    """The row kept aside, with its reason and its cells by heading."""
    where = Place(file=place.file, sheet=place.sheet, row=place.row, column=head_of(fault.field))
    text = Text(f"{fault.zh}（本行已隔离，未登记）", f"{fault.en} (the row is kept aside)")
    content = {head_of(key): "" if cell is None else str(cell) for key, cell in got.items()}
    return Quarantined(Finding(fault.code, Severity.REFUSED, text, where), content)


def row_of(one: Station) -> dict[str, Any]:
    """A station as a row of the table."""
    return {column.key: ROLES[one.role].zh if column.key == "role" else getattr(one, column.key) for column in COLUMNS}
