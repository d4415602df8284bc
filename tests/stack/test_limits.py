"""Sets of limits and the strictest of those in force."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from lantian.stack.limits import Elsewhere, FactorLimit, FoundLimit, LimitSet, strictest

SET = LimitSet(
    "national",
    {
        "a21026": FactorLimit(Decimal(400), elsewhere=(Elsewhere(("45", "50"), Decimal(550)),)),
        "a34013": FactorLimit(Decimal(80), confidence="unverified"),
    },
    "GB 13271-2014 table 1",
    "one-source",
    reference_o2=Decimal(9),
    reference_o2_also=(Decimal(6),),
)


def _limit(hour: int | None, day: int | None, o2: int | None, source: str) -> FoundLimit:
    return FoundLimit(
        None if hour is None else Decimal(hour),
        None if day is None else Decimal(day),
        None if o2 is None else Fraction(o2),
        source,
        "verified",
        "permit",
    )


def test_a_limit_of_a_region() -> None:
    here, there = SET.found("a21026", "230300", None), SET.found("a21026", "500101", None)
    assert here is not None
    assert there is not None
    assert (here.hour, there.hour) == (400, 550)
    assert here.confidence == "one-source"
    assert SET.found("a21002", "230300", None) is None


def test_the_weaker_confidence_is_told() -> None:
    found = SET.found("a34013", "230300", None)
    assert found is not None
    assert found.confidence == "unverified"


def test_the_register_chooses_among_the_references_of_a_set() -> None:
    assert SET.reference(None) == SET.reference(Decimal(11)) == 9
    assert SET.reference(Decimal("6.0")) == 6
    kiln = LimitSet("national", {}, "x", "one-source", reference_excess_air=Decimal("1.5"))
    assert kiln.reference(None) == 7  # 21 − 21/1.5
    assert LimitSet("national", {}, "x", "one-source").reference(Decimal(9)) is None


def test_the_strictest_by_what_is_allowed_at_the_same_oxygen() -> None:
    # 40 at 9 %: 40/12 = 3.33 per % below 21; 45 at 6 %: 45/15 = 3: stricter though the number is larger
    found = strictest([_limit(40, None, 9, "a"), _limit(45, None, 6, "b")])
    assert found is not None
    assert (found.hour, found.source, found.others) == (45, "b", ("a",))


def test_a_day_limit_of_another_candidate_keeps_its_reference() -> None:
    found = strictest([_limit(35, None, 6, "set"), _limit(200, 100, 9, "permit")])
    assert found is not None
    assert (found.hour, found.day, found.day_source, found.day_reference_o2) == (35, 100, "permit", 9)
    assert found.restated(Fraction(50)) == 40  # 50 · (21 − 9)/(21 − 6)
    measured = strictest([_limit(35, None, 6, "set"), _limit(None, 100, None, "permit")])
    assert measured is not None
    assert measured.restated(Fraction(50)) is None


def test_no_candidates_no_limit() -> None:
    assert strictest([]) is None
    assert strictest([_limit(None, None, 9, "a")]) is None
