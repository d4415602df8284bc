"""Lists of values and what each of them belongs to: indicators, places or years, in order (分别)."""

from __future__ import annotations

from lantian.plan.read.flat import Flat
from lantian.plan.read.indicators import behind_place, names_in, places_in
from lantian.plan.read.quantities import Quantity

Assigned = tuple[Quantity, str, str | None, str | None]  # value, indicator, place, deadline


def assigned(
    run: list[Quantity], subject: Flat | None, scope: Flat | None, dates: list[str | None], *, shared: bool
) -> list[Assigned]:
    """Values beside their indicator, place and deadline.

    ``shared`` says that one value holds for each indicator of the list (分别, 均).
    """
    name = subject.raw if subject is not None else ""
    where = scope.raw if scope is not None and len(scope) else None
    names = names_in(subject) if subject is not None else [name]
    places = places_in(subject) if subject is not None else None
    if len(run) > 1:
        return _one_each(run, subject, name, where, dates, names, places)
    if places and subject is not None:  # one value for several places is one target for all of them
        end = places[0][1]
        return [(run[0], behind_place(subject, end).raw or name, subject.raw[:end], dates[-1])]
    if shared and len(names) > 1:
        return [(run[0], one, where, dates[-1]) for one in names]
    return [(run[0], name, where, dates[-1])]


def _one_each(
    run: list[Quantity],
    subject: Flat | None,
    name: str,
    where: str | None,
    dates: list[str | None],
    names: list[str],
    places: list[tuple[str, int]] | None,
) -> list[Assigned]:
    if len(dates) == len(run) and len(names) != len(run):
        return [(q, name, where, date) for q, date in zip(run, dates, strict=True)]
    if places and len(places) == len(run) and subject is not None:
        pairs = zip(run, places, strict=True)
        return [(q, behind_place(subject, end).raw or name, place, dates[-1]) for q, (place, end) in pairs]
    if len(names) == len(run):
        return [(q, one, where, dates[-1]) for q, one in zip(run, names, strict=True)]
    return [(q, name, where, dates[-1]) for q in run]
