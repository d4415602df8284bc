"""How checks say what they met: one sentence for all, and bounds as text."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from lantian.basis.finding import Text

Bound = pl.Expr | Decimal | float | int


def told(zh: str, en: str) -> Text:
    """The message of a check: what was found in its own words, then numbers met and wanted, span and count."""
    return Text(
        f"{{factor}}：{zh}。{{first}} 至 {{last}} 共 {{count}} 个时段，首个为 {{met}}，应为 {{wanted}}。请核实",
        f"{{factor}}: {en}. {{first}} to {{last}}, {{count}} periods, the first {{met}}, wanted {{wanted}}. To be checked",
    )


def at_most(bound: Bound) -> pl.Expr:
    """The text ``≤ bound``."""
    return pl.format("≤ {}", _text(bound))


def at_least(bound: Bound) -> pl.Expr:
    """The text ``≥ bound``."""
    return pl.format("≥ {}", _text(bound))


def about(value: Bound) -> pl.Expr:
    """The text ``约 value``: within the tolerance of the check."""
    return pl.format("约 {}", _text(value))


def _text(value: Bound) -> pl.Expr:
    number = value if isinstance(value, pl.Expr) else pl.lit(float(value))
    return number.cast(pl.Float64).round(4).cast(pl.String).str.replace(r"\.0$", "")
