"""Flow and mass emission of an hour (HJ 212-2017 D.2), and what units a register may name for them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from lantian.stack.conversion import ATMOSPHERE_PA, NO2_G_MOL, NO_G_MOL, ZERO_C_K, Number, mg_from_ppm

_SECONDS: Final = 3600
_PER_HOUR: Final[Mapping[str, Fraction]] = {
    "m3/s": Fraction(_SECONDS),
    "m3/min": Fraction(60),
    "m3/h": Fraction(1),
    "10^4m3/h": Fraction(10_000),
}
_TO_MG: Final[Mapping[str, Fraction]] = {
    "mg/m3": Fraction(1),
    "ug/m3": Fraction(1, 1000),
    "ng/m3": Fraction(1, 1_000_000),
    "g/m3": Fraction(1000),
}
_TO_PA: Final[Mapping[str, Fraction]] = {"kPa": Fraction(1000), "Pa": Fraction(1), "hPa": Fraction(100)}
_SO2_G_MOL: Final = 64
_MOLAR: Final = {"a21026": _SO2_G_MOL, "a21002": NO2_G_MOL, "a21004": NO2_G_MOL, "a21003": NO_G_MOL}


def per_hour(flow: Number, unit: str | None) -> Fraction | None:
    """Flow in m³/h; None where the unit does not turn into it. No unit: m³/s, the standard's (HJ 212-2017 table B.2)."""
    factor = _PER_HOUR.get(_plain(unit or "m3/s"))
    return None if factor is None else Fraction(flow) * factor


def in_mg(value: Number, unit: str | None, factor: str) -> Fraction | None:
    """Concentration in mg/m³ at standard state; None where the unit does not turn into it. No unit: mg/m³.

    Rule    ppm by D.2 eq. 20 for SO2, NOx (as NO2), NO, NO2
    """
    unit = _plain(unit or "mg/m3")
    if unit in ("ppm", "umol/mol") and factor in _MOLAR:
        return mg_from_ppm(value, _MOLAR[factor])
    by = _TO_MG.get(unit)
    return None if by is None else Fraction(value) * by


def in_pa(value: Number, unit: str | None) -> Fraction | None:
    """Pressure in Pa; None where the unit does not turn into it. No unit: kPa, the standard's."""
    by = _TO_PA.get(unit or "kPa")
    return None if by is None else Fraction(value) * by


def working_flow(velocity: Number, duct_area: Number) -> Fraction:
    """Flow at working state, wet, in m³/h.

    Unit    m/s, m²
    Rule    D.2 eq. 30: Qsh = 3600 · F · Vs
    """
    return _SECONDS * Fraction(duct_area) * Fraction(velocity)


def dry_standard_flow(
    working: Number, celsius: Number, static_pa: Number, ambient_pa: Number, moisture: Number
) -> Fraction:
    """Flow at standard state, dry, in m³/h.

    Unit    m³/h, ℃, Pa (static pressure as gauge), % by volume
    Rule    D.2 eq. 31: Qsn = Qsh · 273/(273 + ts) · (Ba + Ps)/101325 · (1 − Xsw)
    Errors  ZeroDivisionError at −273 ℃
    """
    thin = ZERO_C_K / (ZERO_C_K + Fraction(celsius))
    pressure = (Fraction(ambient_pa) + Fraction(static_pa)) / ATMOSPHERE_PA
    return Fraction(working) * thin * pressure * (1 - Fraction(moisture) / 100)


def mass_of_hour(measured: Number, flow: Number) -> Fraction:
    """Mass emission of an hour in kg: the measured dry concentration at standard state, never the converted one.

    Unit    mg/m³, m³/h
    Rule    D.2 eq. 33: Gh = Ch · Qsn · 10⁻⁶
    """
    return Fraction(measured) * Fraction(flow) / 1_000_000


def _plain(unit: str) -> str:
    return unit.replace("³", "3").replace("μ", "u").replace("µ", "u").replace(" ", "")
