"""What a column of an exported or filled-in table is; light, for those who only name columns."""

from __future__ import annotations

from dataclasses import dataclass

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REASON = "问题"
FORMULA_STARTS = frozenset("=+-@\t\r")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: key of its values, head, width in characters; ``choices`` names a list of the second sheet.

    ``hint`` is said at the head of a template and in its list of columns; ``strict`` choices admit nothing else.
    """

    key: str
    head: str
    width: int = 14
    needed: bool = False
    choices: str = ""
    strict: bool = True
    hint: str = ""
