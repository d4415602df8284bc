"""Day records: what a device or a platform's table says of a whole day, for days of which no hour arrived."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

import polars as pl

from lantian.basis.exact import rounded
from lantian.stack import mass, reasons
from lantian.stack.validity import COUNTS, OVER_RANGE
from lantian.store.stack.outlets import Outlet
from lantian.store.stack.records import scaled
from lantian.work.stack_figures import SCALE
from lantian.work.stack_referee_law import RefereeLaw

DAY_RECORD: Final = "2031"


class DayRecord(NamedTuple):
    """One factor of one outlet on one day as reported; whole numbers at the scale of figures, mass in kg."""

    value: int | None
    converted: int | None
    mass: int | None
    flag: str | None


Of = Mapping[tuple[date, str], DayRecord]


def day_records(found: pl.DataFrame) -> dict[str, dict[tuple[date, str], DayRecord]]:
    """Day records of a table of records by series, then by day and factor."""
    rows = found.filter(pl.col("cn") == DAY_RECORD).select(
        "mn",
        "start",
        "code",
        pl.coalesce(scaled("avg", SCALE), scaled("rtd", SCALE)),
        pl.coalesce(scaled("zs_avg", SCALE), scaled("zs_rtd", SCALE)).alias("converted"),
        scaled("cou", SCALE).alias("mass"),
        "flag",
    )
    made: dict[str, dict[tuple[date, str], DayRecord]] = {}
    for mn, start, code, *said in rows.iter_rows():
        if isinstance(start, datetime):
            made.setdefault(mn, {})[start.date(), code] = DayRecord(*said)
    return made


class Reported(NamedTuple):
    """A day record as a verdict keeps it: mg/m³ and kg, rounded once; no value where its flag does not count."""

    measured: Decimal | None
    converted: Decimal | None
    mass_kg: Decimal | None
    reasons: tuple[str, ...]


def reported(record: DayRecord, outlet: Outlet, factor: str, law: RefereeLaw) -> Reported:
    """What a day record says, its unit as registered; the reference of its converted value is the reporter's."""
    effect = law.flags.effect(record.flag)
    if effect not in (COUNTS, OVER_RANGE):
        return Reported(None, None, None, (reasons.DAY_RECORD, reasons.FLAGGED, effect))
    unit, places = outlet.units.get(factor), law.values.concentration_places
    why = [reasons.DAY_RECORD, *((OVER_RANGE,) if effect == OVER_RANGE else ())]
    measured, converted = (
        None if one is None else mass.in_mg(Fraction(one, 10**SCALE), unit, factor)
        for one in (record.value, record.converted)
    )
    if record.value is not None and measured is None:
        why.append(reasons.UNKNOWN_UNIT)
    why.append(reasons.NO_OXYGEN if converted is None else reasons.AS_REPORTED)
    kilograms = None if record.mass is None else Fraction(record.mass, 10**SCALE)
    return Reported(
        _printed(measured, places), _printed(converted, places), _printed(kilograms, law.values.mass_places), tuple(why)
    )


def _printed(value: Fraction | None, places: int) -> Decimal | None:
    return None if value is None else Decimal(rounded(value, places)).scaleb(-places)
