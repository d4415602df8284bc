"""The pooled parameters of the year-end outlook, from the file beside this one or one named by the caller."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path

from lantian.air.month_field import FieldTable
from lantian.rulebook.loader import load
from lantian.rulebook.shape import built

FILE = Path(__file__).parent / "forecast" / "months.yaml"


@dataclass(frozen=True, slots=True)
class _Table:
    level: Decimal
    level_sd: Decimal
    season: tuple[Decimal, ...]
    season_sd: Decimal
    season_length: Decimal
    step: Decimal
    cold_sd: Decimal
    warm_sd: Decimal
    carry: Decimal
    day_sd_cold: Decimal
    day_sd_warm: Decimal
    clustering: Decimal


@dataclass(frozen=True, slots=True)
class _File:
    made: str
    days: str
    cities: int
    pm25: _Table
    bad: _Table
    heavy: _Table


@dataclass(frozen=True, slots=True)
class ForecastTables:
    """Parameters of the three series, and where they come from: which days of how many cities."""

    pm25: FieldTable
    bad: FieldTable
    heavy: FieldTable
    days: str
    cities: int


def forecast_tables(file: Path = FILE) -> ForecastTables:
    """The pooled parameters.

    Errors  RulebookError where the file is not what it should be
    """
    read = built(_File, load(file))
    return ForecastTables(_field(read.pm25), _field(read.bad), _field(read.heavy), read.days, read.cities)


def _field(table: _Table) -> FieldTable:
    values = {one.name: float(getattr(table, one.name)) for one in fields(table) if one.name != "season"}
    return FieldTable(season=tuple(float(one) for one in table.season), **values)


def forecast_text(tables: ForecastTables, made: str) -> str:
    """The file's text: header, then one block a series."""
    lines = [
        "# Pooled parameters of the year-end outlook (docs/outlook.md): what months of Chinese cities have in common.",
        "# No law and no measurement of one city. Written by `python -m benchmarks.fit_outlook`; not edited by hand.",
        f"made: {made}",
        f"days: {tables.days}",
        f"cities: {tables.cities}",
    ]
    for name in ("pm25", "bad", "heavy"):
        table: FieldTable = getattr(tables, name)
        lines.append(f"{name}:")
        for one in fields(table):
            value = getattr(table, one.name)
            text = f"[{', '.join(map(_number, value))}]" if isinstance(value, tuple) else _number(value)
            lines.append(f"  {one.name}: {text}")
    return "\n".join(lines) + "\n"


def _number(value: float) -> str:
    return f"{value:.4f}"
