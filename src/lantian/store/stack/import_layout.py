"""Mapping files of platform tables: which words of a heading mean an outlet, a time, a factor and what is said of it.

Built-in ones lie beside this file in ``layouts/``, a user's in ``<data>/layouts/stack/`` and win by id.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, Literal

from lantian.basis.finding import Text
from lantian.rulebook.loader import load
from lantian.rulebook.shape import built

FOLDER: Final = Path(__file__).parent / "layouts"
FIELDS: Final = ("avg", "zs_avg", "min", "max", "zs_min", "zs_max", "cou", "flag")
KEYS: Final = ("mn", "outlet", "company", "name", "time", "date", "hour", "factor", "unit", "mark")
_SIGNS = re.compile(r"[^0-9a-z\u3400-\u9fff.%+/^]")
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")


@dataclass(frozen=True, slots=True)
class FactorWords:
    """How a factor is called, and the unit of its values where the heading names none."""

    names: tuple[str, ...]
    unit: str


@dataclass(frozen=True)
class ImportLayout:
    """One mapping file; ``stamp`` says whether a time labels the start or the end of its hour."""

    id: str
    title: Text
    keys: dict[str, tuple[str, ...]]
    factors: dict[str, FactorWords]
    fields: dict[str, tuple[str, ...]]
    marks: dict[str, tuple[str, ...]]
    units: dict[str, tuple[str, ...]]
    missing: tuple[str, ...] = ()
    summaries: tuple[str, ...] = ()
    stamp: Literal["start", "end"] = "start"

    @cached_property
    def key_of(self) -> dict[str, str]:
        """Key by its plain words."""
        return {plain(word): key for key, words in self.keys.items() for word in words}

    @cached_property
    def factor_of(self) -> dict[str, str]:
        """Factor by its plain words, codes of HJ 212 included; longer words first."""
        words = {plain(word): code for code, one in self.factors.items() for word in (*one.names, code)}
        return dict(sorted(words.items(), key=lambda item: -len(item[0])))

    @cached_property
    def field_of(self) -> dict[str, str]:
        """Field by its plain words."""
        return {plain(word): field for field, words in self.fields.items() for word in words}

    @cached_property
    def unit_of(self) -> dict[str, str]:
        """Unit by its plain words."""
        return {plain(word): unit for unit, words in self.units.items() for word in words}

    @cached_property
    def letter_of(self) -> dict[str, str]:
        """Letter of table 8 by the plain words of a mark."""
        return {plain(word): letter for letter, words in self.marks.items() for word in words}

    @cached_property
    def empty(self) -> frozenset[str]:
        """What is written where there is no value."""
        return frozenset({"", *(wide(word) for word in self.missing)})

    @cached_property
    def summary(self) -> frozenset[str]:
        """Plain words of rows that sum others up."""
        return frozenset(map(plain, self.summaries))


@dataclass(frozen=True, slots=True)
class Heading:
    """What a column is: a key, or a field of a factor (None: of the factor named in the row) in a unit (None: not named)."""

    key: str | None = None
    factor: str | None = None
    field: str | None = None
    unit: str | None = None

    @property
    def means(self) -> tuple[str | None, str | None, str | None]:
        """What the column holds, whatever its unit."""
        return self.key, self.factor, self.field


def wide(text: str) -> str:
    """Text without width and blanks around, in small letters."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def plain(text: str) -> str:
    """The same without signs: ``SO₂ 折算浓度`` and ``so2折算浓度`` are one."""
    return _SIGNS.sub("", wide(text))


def layouts(data: Path | None = None) -> dict[str, ImportLayout]:
    """All mapping files by id.

    Errors  RulebookError where one is broken: file, line, what to do
    """
    files = sorted(FOLDER.glob("*.yaml"))
    if data is not None:
        files += sorted((data / "layouts" / "stack").glob("*.yaml"))
    found = (built(ImportLayout, load(file, file.name)) for file in files)
    return {layout.id: layout for layout in found}


def heading(text: str, layout: ImportLayout) -> Heading | None:
    """What a heading says; None where it says nothing this layout knows."""
    name, unit = _without_unit(text, layout)
    known = plain(name)
    if known in layout.key_of:
        return Heading(key=layout.key_of[known])
    if known and known not in layout.unit_of and (found := _field(known, layout)):
        return Heading(field=found[0], unit=unit or found[1])
    for words, code in layout.factor_of.items():
        rest = _rest(known, words, code, layout)
        if rest is not None and (found := _field(rest, layout)):
            return Heading(factor=code, field=found[0], unit=unit or found[1])
    return None


def _rest(known: str, words: str, code: str, layout: ImportLayout) -> str | None:
    """What is left of a heading without the factor's words; None where it does not hold them."""
    if words not in known:
        return None
    rest = known.replace(words, "", 1)
    for other, same in layout.factor_of.items():  # “颗粒物（烟尘）”: the same factor said twice
        if same == code:
            rest = rest.replace(other, "", 1)
    return rest


def _field(rest: str, layout: ImportLayout) -> tuple[str, str | None] | None:
    """The field a rest names and the unit behind it; nothing left means the mean."""
    if not rest or rest in layout.field_of:
        return layout.field_of.get(rest, "avg"), None
    for words, unit in layout.unit_of.items():
        if rest.endswith(words):
            field = rest.removesuffix(words)
            if not field or field in layout.field_of:
                return layout.field_of.get(field, "avg"), unit
    return None


def _without_unit(text: str, layout: ImportLayout) -> tuple[str, str | None]:
    """Heading without brackets that hold a unit, and that unit; other brackets lose their signs only."""
    unit = None
    whole = unicodedata.normalize("NFKC", text)
    for match in _BRACKETS.finditer(whole):
        found = layout.unit_of.get(plain(match[1]))
        if found:
            unit = found
            whole = whole.replace(match[0], "", 1)
    return whole, unit


def headings(texts: Sequence[str], layout: ImportLayout) -> Mapping[int, Heading]:
    """The columns of a line that the layout knows, by position; a repeated key or field counts at its first place."""
    found: dict[int, Heading] = {}
    seen: set[tuple[str | None, str | None, str | None]] = set()
    for at, text in enumerate(texts):
        one = heading(text, layout) if text.strip() else None
        if one and one.means not in seen:
            found[at] = one
            seen.add(one.means)
    return found


def strange_unit(text: str, layout: ImportLayout) -> str | None:
    """What stands in the brackets of a heading that would be a column of values without them; None for any other heading."""
    whole = unicodedata.normalize("NFKC", text)
    brackets = _BRACKETS.findall(whole)
    if not brackets or heading(text, layout):
        return None
    bare = heading(_BRACKETS.sub("", whole), layout)
    return brackets[-1] if bare and bare.field else None
