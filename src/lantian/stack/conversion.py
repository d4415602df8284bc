"""Conversions of stack values (HJ 212-2017 appendix D.2, which restates HJ 75 and HJ 76): one formula, one function.

Numbers are ``Fraction`` (or ``Decimal``, ``int``) and stay exact; whoever prints a value rounds it, once.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final

Number = Fraction | Decimal | int
ATMOSPHERE_PA: Final = 101_325  # standard state: 273 K and this pressure
ZERO_C_K: Final = 273
AIR_O2: Final = 21  # % oxygen in the formulas of the standard
_MOLAR_VOLUME: Final = Fraction(224, 10)  # litres of a mole at standard state, as printed in eq. 20
NO2_G_MOL: Final = 46
NO_G_MOL: Final = 30


def standard_state(working: Number, celsius: Number, static_pa: Number, ambient_pa: Number) -> Fraction:
    """Concentration at standard state from one at working state, both wet or both dry.

    Unit    mg/m³, ℃, Pa (static pressure as gauge)
    Rule    D.2 eq. 18: Csn = Cs · 101325/(Ba + Ps) · (273 + ts)/273
    Errors  ZeroDivisionError where there is no pressure
    """
    pressure = Fraction(ambient_pa) + Fraction(static_pa)
    return Fraction(working) * ATMOSPHERE_PA / pressure * (ZERO_C_K + Fraction(celsius)) / ZERO_C_K


def dry(wet: Number, moisture: Number) -> Fraction:
    """Dry-basis value of a wet one; oxygen is converted the same way.

    Unit    moisture in % by volume
    Rule    D.2 eq. 19: Cdry = Cwet / (1 − Xsw)
    Errors  ZeroDivisionError where the gas is all steam
    """
    return Fraction(wet) / (1 - Fraction(moisture) / 100)


def mg_from_ppm(ppm: Number, molar_mass: Number) -> Fraction:
    """Concentration in mg/m³ at standard state of a volume share in µmol/mol (ppm).

    Rule    D.2 eq. 20: C = M / 22.4 · Cv
    """
    return Fraction(molar_mass) / _MOLAR_VOLUME * Fraction(ppm)


def nox_as_no2(no: Number, no2: Number) -> Fraction:
    """Nitrogen oxides as NO2 from NO and NO2, all mg/m³.

    Rule    D.2 eq. 21: CNOx = CNO · 46/30 + CNO2
    """
    return Fraction(no) * NO2_G_MOL / NO_G_MOL + Fraction(no2)


def nox_from_ppm(no_ppm: Number, no2_ppm: Number) -> Fraction:
    """Nitrogen oxides as NO2 in mg/m³ from volume shares of NO and NO2.

    Rule    D.2 eq. 22: (CNO + CNO2) · 46/22.4
    """
    return mg_from_ppm(Fraction(no_ppm) + Fraction(no2_ppm), NO2_G_MOL)


def excess_air(o2: Number) -> Fraction | None:
    """Excess-air coefficient of dry oxygen in %; None at 21 % and above, where it is not defined.

    Rule    D.2 eq. 27: α = 21 / (21 − O2)
    """
    rest = AIR_O2 - Fraction(o2)
    return AIR_O2 / rest if rest > 0 else None


def converted(dry_value: Number, o2: Number, reference_o2: Number) -> Fraction | None:
    """Concentration at reference oxygen; None at 21 % oxygen and above, where it is not defined.

    Unit    standard state dry, oxygen dry in %
    Rule    D.2 eq. 28: Czs = Csn · (21 − O2s) / (21 − O2)
    """
    rest = AIR_O2 - Fraction(o2)
    return Fraction(dry_value) * (AIR_O2 - Fraction(reference_o2)) / rest if rest > 0 else None


def converted_by_excess_air(dry_value: Number, o2: Number, reference_alpha: Number) -> Fraction | None:
    """Concentration at a reference excess-air coefficient; None at 21 % oxygen and above.

    Rule    D.2 eq. 26: Czs = Csn · α / αs
    """
    alpha = excess_air(o2)
    return None if alpha is None else Fraction(dry_value) * alpha / Fraction(reference_alpha)


def reference_oxygen(reference_alpha: Number) -> Fraction:
    """Oxygen in % at which a reference excess-air coefficient converts alike (eq. 26 to 28: O2s = 21 − 21/αs)."""
    return AIR_O2 - AIR_O2 / Fraction(reference_alpha)


def implied_reference_o2(dry_value: Number, converted_value: Number, o2: Number) -> Fraction | None:
    """Reference oxygen a device must have used, from what it sent; None where the measured value is 0.

    Rule    D.2 eq. 28 solved for O2s: 21 − (21 − O2) · Czs / Csn
    """
    measured = Fraction(dry_value)
    if measured == 0:
        return None
    return AIR_O2 - (AIR_O2 - Fraction(o2)) * Fraction(converted_value) / measured
