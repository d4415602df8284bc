"""The tables of a monthly bulletin as one workbook, a sheet each; numbers are numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from lantian.render.bulletin import Bulletin, Table
from lantian.render.columns import Column
from lantian.render.tables import sheets_workbook

_FIRST, _OTHER = 22, 14


def bulletin_xlsx(bulletin: Bulletin) -> bytes:
    """An xlsx with a sheet for each table of the bulletin, its reservations below."""
    notes = (f"{bulletin.title} {bulletin.month}", *bulletin.reservations)
    return sheets_workbook([(one.title, _columns(one), _rows(one), (one.note, *notes)) for one in bulletin.tables])


def _columns(table: Table) -> list[Column]:
    return [Column(str(at), head, _FIRST if not at else _OTHER) for at, head in enumerate(table.head)]


def _rows(table: Table) -> list[dict[str, Any]]:
    return [{str(at): _value(text) for at, text in enumerate(row)} for row in table.rows]


def _value(text: str | None) -> str | Decimal | None:
    """A printed number as a number with its places; everything else as text."""
    if text and text.isascii() and text.replace(".", "", 1).isdecimal():
        return Decimal(text)
    return text
