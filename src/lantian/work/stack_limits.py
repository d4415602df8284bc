"""The limit of an outlet on a day: its permit and local rules, the national set, ultra-low where it was recognised."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import lru_cache

from lantian import rulebook
from lantian.basis.finding import Text
from lantian.rulebook.dated import Value, parameter, paths
from lantian.rulebook.shape import built
from lantian.stack.limits import FoundLimit, LimitSet, strictest
from lantian.store.stack.outlets import Outlet

_SETS = "stack.limits."


@lru_cache(maxsize=1)  # the package's law does not change while a process runs
def limit_sets() -> dict[str, Text]:
    """National sets by id with their titles, for the register."""
    return {path.removeprefix(_SETS): parameter(path).title for path in paths() if path.startswith(_SETS)}


@lru_cache(maxsize=512)
def limit_set(id: str, day: date) -> LimitSet | None:
    """A national set as it stood on a day; None where there is no such set."""
    if id not in limit_sets():
        return None
    value: Value = rulebook.on(_SETS + id, day)
    return built(LimitSet, value.node, strict=False, source=value.source, confidence=value.confidence)


@lru_cache(maxsize=8192)
def _registered(reference: object) -> Fraction | None:
    return None if reference is None else Fraction(str(reference))


def limit_of(outlet: Outlet, factor: str, day: date) -> FoundLimit | None:
    """The strictest limit of those in force for a factor of an outlet on a day; None where none is known.

    Errors  NoRuleError before 2012-01-01
    """
    return strictest(_in_force(outlet, factor, day))


def limited_factors(outlet: Outlet, day: date) -> frozenset[str]:
    """Factors for which a limit is in force."""
    found = {one.factor for one in outlet.limits if one.first <= day <= (one.last or day)}
    for one in _sets(outlet, day):
        found |= one.limits.keys()
    return frozenset(found)


def _in_force(outlet: Outlet, factor: str, day: date) -> Iterator[FoundLimit]:
    sets = list(_sets(outlet, day))
    known = [one.reference(outlet.reference_o2) for one in sets]
    reference = _registered(outlet.reference_o2)
    if reference is None and known:
        reference = known[0]
    for one in outlet.limits:
        limits = one.hour is not None or one.day is not None
        if one.factor == factor and one.first <= day <= (one.last or day) and limits:
            yield FoundLimit(one.hour, one.day, reference, one.source, "verified", "permit")
    for national in sets:
        found = national.found(factor, outlet.region, outlet.reference_o2)
        if found is not None:
            yield found


def _sets(outlet: Outlet, day: date) -> Iterator[LimitSet]:
    """The sets an outlet must keep: the one it names, and the ultra-low one behind it where it was recognised."""
    named = limit_set(outlet.limit_set, day) if outlet.limit_set else None
    if named is None:
        return
    yield named
    retrofit = limit_set(named.ultra_low, day) if outlet.ultra_low and named.ultra_low else None
    if retrofit is not None:
        yield retrofit
