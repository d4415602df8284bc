"""Outlets of the simulated city (模拟数据): invented companies, devices with numbers no real one has, and the stack behind each."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import blake2b
from typing import Final

from lantian.rulebook.plans import County
from lantian.store.stack.outlets import SIMULATED_MN, Outlet, OutletLimit
from lantian.work.simulated_stack import Stack
from lantian.work.simulated_stack_kinds import FACTORS, KINDS, StackKind

SEED: Final = 230300
PASSWORD: Final = "123456"
RUNNING_FROM: Final = date(2021, 1, 1)
PERMIT: Final = "模拟排污许可"
_COMPANIES: Final = "甲乙丙丁戊己庚辛壬癸"
_OPERATORS: Final = ("模拟运维一公司", "模拟运维二公司", "模拟运维三公司")
_SETS: Final = {
    "coal_boiler": "gb13271_2014_t3_coal",
    "biomass_boiler": "gb13271_2014_t3_coal",
    "cement_kiln": "gb4915_2013_kiln_special",
    "gas_boiler": "gb13271_2014_t3_gas",
    "power_unit": "coal_power_ultra_low",
}
_STRICTER: Final = ("biomass_boiler", "gas_boiler")  # their permits ask for less than the set
_ORDER: Final = ("power_unit", "coal_boiler", "cement_kiln", "biomass_boiler", "coal_boiler", "gas_boiler")
# Where a county's invented outlets stand, degrees; of counties not listed around the plan's centre.
_SPOTS: Final[Mapping[str, tuple[str, str]]] = {
    "230302": ("130.97", "45.30"),
    "230303": ("130.93", "45.21"),
    "230304": ("130.84", "45.35"),
    "230305": ("130.70", "45.09"),
    "230306": ("131.01", "45.34"),
    "230307": ("130.48", "45.21"),
    "230321": ("131.12", "45.26"),
    "230381": ("132.97", "45.77"),
    "230382": ("131.86", "45.53"),
}


def simulated_outlets(
    region: str,
    counties: Sequence[County],
    centre: Sequence[Decimal],
    count: int,
    *,
    since: date = RUNNING_FROM,
    old: bool = False,
) -> list[Outlet]:
    """So many invented outlets, running since a day, otherwise the same whenever they are asked for.

    Most devices follow HJ 212-2017, one in ten 2025 with a key of its own; with ``old`` one in ten follows 2005. Where
    ``centre`` is not known those of unknown counties have no coordinates.
    """
    found = (_outlet(number, region, counties, centre, old=old) for number in range(1, count + 1))
    return [replace(one, running_from=since) for one in found]


def stack_of(outlet: Outlet, seed: int = SEED) -> Stack:
    """The simulated stack behind an outlet: its kind of plant, and a seed of its own."""
    kind = next((one for one in KINDS.values() if one.zh == outlet.kind), KINDS["coal_boiler"])
    return Stack(kind, zlib.crc32(f"{seed} {outlet.code}".encode()))


def _outlet(number: int, region: str, counties: Sequence[County], centre: Sequence[Decimal], *, old: bool) -> Outlet:
    kind = KINDS[_ORDER[(number - 1) % len(_ORDER)]]
    county = counties[(number - 1) % len(counties)] if counties else None
    company = f"模拟企业{_COMPANIES[(number - 1) % 10]}{(number - 1) // 10 or ''}"
    mn = f"{SIMULATED_MN}{region}{number:016d}"
    if old and number % 10 == 4:
        mn = f"{SIMULATED_MN}{region}{number:06d}"
    longitude, latitude = _place(number, county.code if county else "", centre)
    return Outlet(
        code=f"MN-{number:04d}-DA001",
        name=f"{kind.zh}排放口",
        company=company,
        region=county.code if county else region,
        mn=mn,
        operator=_OPERATORS[number % len(_OPERATORS)],
        longitude=longitude,
        latitude=latitude,
        kind=kind.zh,
        limit_set=_SETS[kind.id],
        ultra_low=kind.id == "power_unit",
        limits=_limits(kind) if kind.id in _STRICTER else (),
        reference_o2=Decimal(str(kind.reference_o2)),
        duct_area=Decimal(str(kind.area)),
        factors=FACTORS,
        ranges={code: Decimal(str(one.full)) for code, one in kind.pollutants.items()},
        password=PASSWORD,
        key=blake2b(mn.encode(), digest_size=16).hexdigest() if number % 10 == 7 else None,
        key_emitter=kind.id in ("power_unit", "cement_kiln"),
        simulated=True,
    )


def _limits(kind: StackKind) -> tuple[OutletLimit, ...]:
    return tuple(
        OutletLimit(code, Decimal(str(one.limit)), None, PERMIT, RUNNING_FROM) for code, one in kind.pollutants.items()
    )


def _place(number: int, county: str, centre: Sequence[Decimal]) -> tuple[Decimal | None, Decimal | None]:
    spot = [Decimal(text) for text in _SPOTS.get(county, ())] or list(centre)
    if not spot:
        return None, None
    east, north = (Decimal(zlib.crc32(f"{axis}{number}".encode()) % 41 - 20).scaleb(-3) for axis in "xy")
    return spot[0] + east, spot[1] + north
