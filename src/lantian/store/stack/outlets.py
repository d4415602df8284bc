"""The register of outlets as the site published it for gateway, worker and commands: ``stack/outlets.json``, written whole.

It holds passwords and keys of devices, so it is its owner's alone (0600). People change the register in ``site/stack``; who
reads here sees the last published state.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from lantian.store.folder import write_whole

OUTLETS_FILE = "stack/outlets.json"
SIMULATED_MN = "FF"  # how MNs of simulated devices begin: no header of an EPC does, so no real device has such a one


@dataclass(frozen=True, slots=True)
class OutletLimit:
    """A limit of one factor from a permit or a local rule, dated; national sets are named by ``Outlet.limit_set``.

    ``factor`` is a code of HJ 212-2017; ``hour`` and ``day`` are mg/m³ at the outlet's reference oxygen (None: not limited).
    """

    factor: str
    hour: Decimal | None
    day: Decimal | None
    source: str
    first: date
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Outlet:
    """One outlet (排放口) with the device that reports it; None and empty mean: not known.

    ``code`` is its identity (number of the permit, e.g. ``DA001`` behind the company's), ``mn`` the device's. ``system`` is ST.
    ``limit_set`` names a national set (``stack.limits``), ``ultra_low`` a recognised retrofit. ``reference_o2`` in %,
    ``duct_area`` in m². ``ranges`` holds a factor's upper measuring limit, ``units`` a unit other than the standard's.
    ``factors`` are those the outlet must report (empty: what it sends). ``running_from`` / ``closed_on`` bound its life.
    """

    code: str
    name: str
    company: str
    region: str
    mn: str | None = None
    company_code: str = ""
    operator: str = ""
    system: str = "31"
    longitude: Decimal | None = None
    latitude: Decimal | None = None
    kind: str = ""
    limit_set: str | None = None
    ultra_low: bool = False
    limits: tuple[OutletLimit, ...] = ()
    reference_o2: Decimal | None = None
    duct_area: Decimal | None = None
    factors: tuple[str, ...] = ()
    ranges: Mapping[str, Decimal] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    crc: str = "hj212"
    password: str | None = None
    key: str | None = None
    interval_minutes: int = 1
    key_emitter: bool = False
    bypass_of: str | None = None
    running_from: date | None = None
    closed_on: date | None = None
    simulated: bool = False

    @property
    def title(self) -> str:
        """Company and outlet as a reader names it."""
        return f"{self.company} {self.name}".strip()


def publish(data: Path, outlets: Sequence[Outlet]) -> None:
    """Writes the register whole; readers see the old or the new one.

    Errors  OSError where the folder cannot be written
    """
    file = data / OUTLETS_FILE
    file.parent.mkdir(mode=0o700, exist_ok=True)
    rows = [asdict(one) for one in sorted(outlets, key=lambda one: one.code)]
    write_whole(file, json.dumps({"schema": 1, "outlets": rows}, ensure_ascii=False, default=str, indent=1))


def outlets(data: Path) -> tuple[Outlet, ...]:
    """The register as last published, by code; empty where nothing was."""
    file = data / OUTLETS_FILE
    try:
        seen = file.stat()
    except FileNotFoundError:
        return ()
    return _read(file, seen.st_mtime_ns, seen.st_ino)


@lru_cache(maxsize=4)
def _read(file: Path, _changed: int, _inode: int) -> tuple[Outlet, ...]:
    return tuple(_outlet(row) for row in json.loads(file.read_text("utf-8"))["outlets"])


def is_simulated(mn: str) -> bool:
    """Whether an MN is a simulated device's: once it has left the register nobody needs to be told of it."""
    return mn.startswith(SIMULATED_MN)


def by_mn(found: Sequence[Outlet]) -> dict[str, Outlet]:
    """Outlets by the MN of their device."""
    return {one.mn: one for one in found if one.mn}


def _outlet(row: dict[str, Any]) -> Outlet:
    limits = tuple(
        OutletLimit(
            one["factor"],
            _decimal(one["hour"]),
            _decimal(one["day"]),
            one["source"],
            date.fromisoformat(one["first"]),
            _date(one["last"]),
        )
        for one in row.pop("limits")
    )
    for name in ("longitude", "latitude", "reference_o2", "duct_area"):
        row[name] = _decimal(row[name])
    for name in ("running_from", "closed_on"):
        row[name] = _date(row[name])
    row["ranges"] = {code: Decimal(value) for code, value in row["ranges"].items()}
    row["factors"] = tuple(row["factors"])
    return Outlet(**row, limits=limits)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
