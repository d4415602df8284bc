"""The tables of HJ 212 that this room uses; who calls fills them from the rulebook (``stack.hj212``), tests by hand.

Each class is one file: commands, systems, fields, flags, return codes, settings and gas factors, with names in two languages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import ClassVar, Literal

from lantian.basis.finding import Text

Kind = Literal["number", "time", "flag", "state", "request_return", "execution_result", "text"]


@dataclass(frozen=True, slots=True)
class Command:
    """One command: kind request, upload, notify or interaction; ``since`` is the version in Flag that knows it first."""

    cn: str
    name: Text
    kind: str
    direction: str
    since: int
    covers: Literal["moment", "minutes", "hour", "day"] | None = None
    confidence: str = "one-source"


@dataclass(frozen=True, slots=True)
class Code:
    """One code with its name."""

    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the data area and the kind of its values."""

    name: str
    kind: Kind
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """The range of one setting."""

    name: str
    unit: str
    least: int
    most: int
    allowed: tuple[int, ...] = ()

    def admits(self, value: Decimal) -> bool:
        """Whether a station may be set to this value."""
        return self.least <= value <= self.most and (not self.allowed or value in self.allowed)


@dataclass(frozen=True, slots=True)
class Factor:
    """One monitored factor; ``unit`` is the printed default unit, a device's own unit goes before it."""

    code: str
    name: str
    name_en: str | None = None
    code_2005: str | None = None
    unit: str | None = None
    mass_unit: str | None = None
    form: str | None = None
    confidence: str = "one-source"


@dataclass(frozen=True, slots=True)
class Commands:
    PATH: ClassVar[str] = "stack.hj212.commands"
    commands: tuple[Command, ...]


@dataclass(frozen=True, slots=True)
class Systems:
    PATH: ClassVar[str] = "stack.hj212.systems"
    systems: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Fields:
    PATH: ClassVar[str] = "stack.hj212.fields"
    factor_fields: tuple[Field, ...]
    scalars: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class DataFlags:
    PATH: ClassVar[str] = "stack.hj212.data_flags"
    flags: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class States:
    PATH: ClassVar[str] = "stack.hj212.equipment_states"
    states: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Results:
    PATH: ClassVar[str] = "stack.hj212.results"
    request_returns: tuple[Code, ...]
    execution_results: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Settings:
    PATH: ClassVar[str] = "stack.hj212.settings"
    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class GasFactors:
    PATH: ClassVar[str] = "stack.hj212.gas_factors"
    systems: tuple[str, ...]
    factors: tuple[Factor, ...]


@dataclass(frozen=True)
class Tables:
    """All tables as dictionaries by code."""

    commands: Mapping[str, Command]
    systems: Mapping[str, Text]
    factor_fields: Mapping[str, Field]
    scalars: Mapping[str, Field]
    settings: Mapping[str, Setting]
    factors: Mapping[str, Factor]
    gas_systems: frozenset[str]  # ST whose factors stand in ``factors``
    codes: Mapping[str, Mapping[str, Text]]  # by kind: flag, state, request_return, execution_result

    @cached_property
    def of_2005(self) -> Mapping[str, Factor]:
        """Factors by their code of 2005."""
        return {one.code_2005: one for one in self.factors.values() if one.code_2005}

    def factor(self, code: str) -> Factor | None:
        """The factor of a code of any edition; None where the tables do not know it, which is no fault of the frame."""
        return self.factors.get(code) or self.of_2005.get(code)


def tables(
    commands: Commands,
    systems: Systems,
    fields: Fields,
    flags: DataFlags,
    states: States,
    results: Results,
    settings: Settings,
    gas: GasFactors,
) -> Tables:
    """The tables of the files, put together."""
    return Tables(
        {one.cn: one for one in commands.commands},
        _names(systems.systems),
        {one.name: one for one in fields.factor_fields},
        {one.name: one for one in fields.scalars},
        {one.name: one for one in settings.settings},
        {one.code: one for one in gas.factors},
        frozenset(gas.systems),
        {
            "flag": _names(flags.flags),
            "state": _names(states.states),
            "request_return": _names(results.request_returns),
            "execution_result": _names(results.execution_results),
        },
    )


def _names(codes: Iterable[Code]) -> dict[str, Text]:
    return {one.code: one.name for one in codes}
