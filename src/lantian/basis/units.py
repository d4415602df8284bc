"""Units by identifier: how they are written, and exact factors between those of one dimension."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: identifier, printed form, Chinese name, dimension, and factor to the dimension's base unit."""

    id: str
    symbol: str
    zh: str
    dimension: str
    factor: Fraction


def _unit(id_: str, symbol: str, zh: str, dimension: str, factor: str = "1") -> Unit:
    return Unit(id_, symbol, zh, dimension, Fraction(factor))


UNITS = {
    unit.id: unit
    for unit in (
        _unit("ug/m3", "µg/m³", "微克/立方米", "concentration"),
        _unit("mg/m3", "mg/m³", "毫克/立方米", "concentration", "1000"),
        _unit("t", "t", "吨", "mass"),
        _unit("10kt", "万吨", "万吨", "mass", "10000"),
        _unit("t/a", "t/a", "吨/年", "mass_rate"),
        _unit("t/h", "t/h", "蒸吨/小时", "steam_rate"),
        _unit("d", "天", "天", "days"),
        _unit("a", "年", "年", "years"),
        _unit("%", "%", "%", "share"),
        _unit("pp", "个百分点", "个百分点", "share_difference"),
        _unit("1", "", "", "number"),
        _unit("t/km2/30d", "t/(km²·30d)", "吨/（平方公里·30天）", "deposition"),
    )
}

WRITTEN = {
    **{unit.zh: unit.id for unit in UNITS.values() if unit.zh},
    **{unit.symbol: unit.id for unit in UNITS.values() if unit.symbol},
    "μg/m3": "ug/m3", "μg/m³": "ug/m3", "µg/m3": "ug/m3", "ug/m³": "ug/m3", "微克每立方米": "ug/m3",
    "毫克每立方米": "mg/m3", "mg/m³": "mg/m3", "蒸吨": "t/h", "吨/小时": "t/h", "％": "%", "百分点": "pp", "日": "d",
}  # fmt: skip


def unit_of(written: str) -> Unit | None:
    """The unit a text means, or None where it is not known."""
    text = written.strip()
    return UNITS.get(text) or UNITS.get(WRITTEN.get(text, ""))


def factor(source: Unit, target: Unit) -> Fraction:
    """Exact number by which a value in ``source`` is multiplied to stand in ``target``.

    Errors  ValueError where the dimensions differ
    """
    if source.dimension != target.dimension:
        raise ValueError(f"{source.id} and {target.id} are of different dimensions")
    return source.factor / target.factor
