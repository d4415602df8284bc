"""A list as CSV: for spreadsheets, which take some words for formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence

from lantian.render.columns import FORMULA_STARTS, Column

_NUMBER = re.compile(r"[-+]?[0-9.]+")


def csv_of(columns: Sequence[Column], rows: Iterable[Mapping[str, object]], notes: Sequence[str] = ()) -> bytes:
    """CSV with a byte order mark, so that Excel reads it as UTF-8; notes stand below the rows."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.head for column in columns])
    writer.writerows(["" if row[c.key] is None else _as_text(row[c.key]) for c in columns] for row in rows)
    writer.writerows([f"# {note}"] for note in notes)
    return out.getvalue().encode("utf-8-sig")


def _as_text(cell: object) -> object:
    """The cell, words that a spreadsheet would take for a formula with the mark that keeps them words."""
    words = isinstance(cell, str) and cell[:1] in FORMULA_STARTS and not _NUMBER.fullmatch(cell)
    return f"'{cell}" if words else cell
