"""Chapters, sections and articles of a plan: the articles are the numbered units that carry the measures."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from lantian.plan.read.layout import Block
from lantian.plan.read.numbering import Unit
from lantian.plan.read.responsibility import LABEL, Group, groups_in

_PRINCIPLES = re.compile(r"(?:基本|工作|规划|编制|总体|主要)?原则")
_GENERAL = re.compile(
    r"(?:总则|总论|总体|指导思想|基本思路|(?:工作|主要|规划|总体|发展|行动|改善)?目标|(?:编制|规划|现状|形势|工作)?背景|现状|形势|"
    r"(?:强化|加强|完善|落实)?(?:组织|保障|实施保障|支撑))"
)
_BOOK = ("part", "chapter", "section")


@dataclass(frozen=True, slots=True)
class Spot:
    """A declaration of responsibility and where it stands in its block."""

    block: Block
    first: int
    last: int
    group: Group


@dataclass(slots=True)
class Structure:
    """A plan's units sorted by what they are."""

    chapters: list[Unit] = field(default_factory=list)
    sections: list[Unit] = field(default_factory=list)
    articles: list[Unit] = field(default_factory=list)
    spots: dict[int, list[Spot]] = field(default_factory=dict)  # by the block's start


def structure_of(root: Unit) -> Structure:
    """Sorts the units of a plan into chapters, sections and articles."""
    result = Structure(spots=_spots(root))
    units = [unit for unit in root.walk() if unit.form != "root"]
    if not units:
        return result
    top = _top_form(root)
    owners = _owners(root, result.spots)
    form = _article_form(units, owners, top)
    leaves = _answering(units, form, owners)
    chosen = {id(unit) for unit in units if _is_article(unit, form, leaves)}
    for unit in units:
        if id(unit) in chosen:
            result.articles.append(unit)
        elif unit.form == top and not any(a.form == top for a in unit.ancestors()):
            result.chapters.append(unit)
        elif not any(id(above) in chosen for above in unit.ancestors()):
            result.sections.append(unit)
    return result


def _spots(root: Unit) -> dict[int, list[Spot]]:
    found: dict[int, list[Spot]] = {}
    for unit in root.walk():
        if unit.form == "root":
            continue
        open_: Spot | None = None  # a declaration that a further line may go on with
        for block in unit.blocks:
            if block.kind != "text":
                continue
            spots = [Spot(block, first, last, group) for first, last, group in groups_in(block.flat)]
            if (
                spots
                and open_
                and spots[0].first == 0
                and LABEL.search(block.flat.text[:14])
                and not spots[0].group.lead
            ):
                open_.group.take_in(spots[0].group)
                spots[0] = Spot(block, spots[0].first, spots[0].last, open_.group)
            if spots:
                found[block.start] = spots
            ends = (
                bool(spots)
                and spots[-1].last >= len(block.flat)
                and bool(LABEL.search(block.flat.text[spots[-1].first :]))
            )
            open_ = spots[-1] if ends else None
    return found


def _top_form(root: Unit) -> str:
    counts = Counter(child.form for child in root.children)
    for form in ("part", "chapter"):
        if form in counts:
            return "chapter" if form == "part" and any(u.form == "chapter" for u in root.walk()) else form
    return counts.most_common(1)[0][0] if counts else ""


def _owners(root: Unit, spots: dict[int, list[Spot]]) -> dict[int, Unit]:
    """The unit each declaration belongs to, by the declaration's start.

    A declaration at the end of the last item of a list speaks for the whole list where no other item has its own.
    """
    owners: dict[int, Unit] = {}
    having = {
        id(unit)
        for unit in root.walk()
        for block in unit.blocks
        if any(spot.group.bodies for spot in spots.get(block.start, []))
    }
    for unit in root.walk():
        for block in unit.blocks:
            for spot in spots.get(block.start, []):
                if spot.group.bodies:
                    owners[spot.group.start] = _lifted(unit, having)
    return owners


def _lifted(unit: Unit, having: set[int]) -> Unit:
    while unit.parent is not None and unit.parent.form not in ("root", *_BOOK):
        siblings = unit.parent.children
        if len(siblings) < 2 or siblings[-1] is not unit:
            break
        if any(id(below) in having for other in siblings[:-1] for below in other.walk()):
            break
        unit = unit.parent
    return unit


def _article_form(units: list[Unit], owners: dict[int, Unit], top: str) -> str:
    """The form of number that carries the measures: that of most units that answer for something, else of most leaves."""
    owned = {unit.start: unit.form for unit in owners.values() if unit.form not in _BOOK}
    counts = Counter(owned.values())
    leaves = _leaves(units, top)
    leaf_form = leaves.most_common(1)[0][0] if leaves else ""
    if not counts:
        return leaf_form or ("" if top in ("cn", *_BOOK) else top)
    best = max(counts, key=lambda form: (counts[form], form != top))
    if leaf_form and leaf_form != best and leaves[leaf_form] > 5 * counts[best]:
        return leaf_form
    return best


def _leaves(units: list[Unit], top: str) -> Counter[str]:
    """How many units without children each form has below the chapters, general chapters left aside where there are others."""
    below = [unit for unit in units if unit.form not in (*_BOOK, top) and not _in_principles(unit)]
    leaves = [unit for unit in below if not unit.children]
    special = [unit for unit in leaves if not any(_GENERAL.match(above.first.text) for above in unit.ancestors())]
    return Counter(unit.form for unit in special or leaves or below)


def _in_principles(unit: Unit) -> bool:
    return any(_PRINCIPLES.match(above.first.text) for above in unit.ancestors())


def _answering(units: list[Unit], form: str, owners: dict[int, Unit]) -> set[tuple[int, str]]:
    """Parent and form of the units without units of the article form below them, where one of them answers for something."""
    owning = {id(unit) for unit in owners.values()}
    above = {id(upper) for unit in units if unit.form == form for upper in (unit, *unit.ancestors())}
    return {(id(unit.parent), unit.form) for unit in units if id(unit) not in above and id(unit) in owning}


def _is_article(unit: Unit, form: str, answering: set[tuple[int, str]]) -> bool:
    """A unit of the article form outside the principles, or a shallower leaf whose like answers for something."""
    if any(above.form == form for above in unit.ancestors()):
        return False
    if unit.form == form:
        return not _in_principles(unit)
    if unit.form in _BOOK or (id(unit.parent), unit.form) not in answering:
        return False
    return not any(below.form == form for below in unit.walk())
