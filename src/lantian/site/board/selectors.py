"""What others read of the board's records: the bases in force, the days taken out, as plain facts."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from django.db.models import QuerySet

from lantian.air.excluded import EventKind, Exclusion
from lantian.site import configured
from lantian.site.board.models import BasisDecision, DoubtReport, ExcludedDays
from lantian.store.air import plain_city
from lantian.work.air_basis import DecidedBasis, YearBasis, own_exclusions


def decisions(plan_id: str) -> QuerySet[BasisDecision]:
    """All decisions about a plan, newest first, withdrawn ones too."""
    return BasisDecision.objects.filter(plan=plan_id).select_related("entered_by", "withdrawn_by")


def excluded() -> QuerySet[ExcludedDays]:
    """All days taken out, latest first, withdrawn ones too."""
    return ExcludedDays.objects.filter(region=configured.plan().region).select_related(
        "entered_by", "withdrawn_by", "file"
    )


def doubts() -> QuerySet[DoubtReport]:
    """All drafts of reports of doubt, newest first, withdrawn ones too."""
    return DoubtReport.objects.filter(region=configured.plan().region).select_related("entered_by", "withdrawn_by")


def exclusions() -> tuple[Exclusion, ...]:
    """The days taken out that count, for the air room; by place without 市."""
    return tuple(
        Exclusion(
            plain_city(one.place),
            one.days,
            tuple(one.items),
            cast(EventKind, one.kind),
            one.decided_by,
            one.document,
            one.decided_on,
        )
        for one in ExcludedDays.objects.filter(withdrawn_at=None).order_by("first", "pk")
    )


def decided(plan_id: str, cities: tuple[str, ...]) -> dict[str, DecidedBasis]:
    """The basis in force by target or metric: the newest decision not withdrawn, with the city's days taken out."""
    every = exclusions()
    out = tuple(one for city in cities for one in own_exclusions(every, city))
    found: dict[str, DecidedBasis] = {}
    for row in BasisDecision.objects.filter(plan=plan_id, withdrawn_at=None).order_by("decided_on", "pk"):
        found[row.subject] = _decided(row, out)
    return found


def basis_of(row: BasisDecision) -> YearBasis:
    """The basis a decision fixes, without the days taken out."""
    return YearBasis(row.edition, row.values_kind, row.dust, row.stations, row.decimals, row.validity)


def _decided(row: BasisDecision, out: tuple[Exclusion, ...]) -> DecidedBasis:
    basis = basis_of(row)
    if basis.dust == "excluded":
        basis = replace(basis, exclusions=out)
    return DecidedBasis(row.subject, basis, row.assessor, row.document, row.decided_by, row.decided_on, row.reason)
