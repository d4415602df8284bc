"""What can answer an item of a plan, and the bases (口径) metrics are computed on; from ``answers.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from lantian.basis.finding import Text
from lantian.rulebook.loader import load
from lantian.rulebook.shape import built

_FILE = Path(__file__).parent / "answers.yaml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Answering:
    """An entry of the register: the room that holds it, whether it is built, and what stands in until it is.

    A metric has a unit, the basis it is computed on where nothing else was chosen, and the names plans give it.
    """

    id: str
    kind: Literal["metric", "check", "tray", "workflow", "entry"]
    title: Text
    room: str
    built: bool
    unit: str | None = None
    meanwhile: str | None = None
    basis: str | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class BasisChoice:
    """A basis (口径): reviewed or real-time values, dust in or out, stations, decimals, validity, and its name."""

    id: str
    title: Text
    values: Literal["realtime", "reviewed"]
    dust: Literal["included", "excluded"]
    stations: str
    decimals: int
    validity: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Register:
    answers: tuple[Answering, ...]
    bases: tuple[BasisChoice, ...]


@lru_cache(maxsize=1)  # the package's register does not change while a process runs
def _register() -> _Register:
    return built(_Register, load(_FILE, "answers.yaml"))


def answers() -> dict[str, Answering]:
    """The register of answers by id.

    Errors  RulebookError for a broken file
    """
    return {entry.id: entry for entry in _register().answers}


def bases() -> dict[str, BasisChoice]:
    """The bases a target may name, by id.

    Errors  RulebookError for a broken file
    """
    return {entry.id: entry for entry in _register().bases}
