"""Parameters of law for the tests of this room, filled by hand from the texts named in each line."""

from __future__ import annotations

from fractions import Fraction

import pytest

from lantian.air.parameters import Breakpoints, Category, IndexRule, StatisticsRule, YearValidity

IAQI = (0, 50, 100, 150, 200, 300, 400, 500)
PLACES = {"so2": 0, "no2": 0, "co": 1, "o3_8h": 0, "pm10": 0, "pm25": 0}
CATEGORIES = tuple(
    Category(last, zh, en)
    for last, zh, en in (
        (50, "优", "excellent"),
        (100, "良", "good"),
        (150, "轻度污染", "lightly polluted"),
        (200, "中度污染", "moderately polluted"),
        (300, "重度污染", "heavily polluted"),
        (500, "严重污染", "severely polluted"),
    )
)


def _table(*whole: int, above: int | None = 500) -> Breakpoints:
    return Breakpoints(IAQI[: len(whole)], tuple(value * 10_000 for value in whole), above)


def _rule(edition: str, pm10_good: int, pm25_good: int, o3_above: int | None) -> IndexRule:
    return IndexRule(
        edition=edition,
        places=PLACES,
        breakpoints={
            "so2": _table(0, 50, 150, 475, 800, 1600, 2100, 2620),
            "no2": _table(0, 40, 80, 180, 280, 565, 750, 940),
            "co": _table(0, 2, 4, 14, 24, 36, 48, 60),
            "o3_8h": _table(0, 100, 160, 215, 265, 800, above=o3_above),
            "pm10": _table(0, 50, pm10_good, 250, 350, 420, 500, 600),
            "pm25": _table(0, 35, pm25_good, 115, 150, 250, 350, 500),
        },
        primary_above=50,
        missing_above=100,
        categories=CATEGORIES,
    )


HJ_633_2012 = _rule("HJ 633-2012", 150, 75, None)  # table 1 of HJ 633-2012
HJ_633_2026 = _rule("HJ 633-2026", 120, 60, 300)  # table 1 of HJ 633-2026

HJ_663_2013 = StatisticsRule(
    edition="HJ 663-2013",
    means=("so2", "no2", "pm10", "pm25"),
    percentiles={"so2": 98, "no2": 98, "co": 95, "o3_8h": 90, "pm10": 95, "pm25": 95},
    places=PLACES,
    ratio_places=1,
    index_places=2,
    index_limits={key: Fraction(value) for key, value in
                  {"so2": 60, "no2": 40, "pm10": 70, "pm25": 35, "co": 4, "o3_8h": 160}.items()},
    index_means=("so2", "no2", "pm10", "pm25"),
    validity=YearValidity(324, 27, 25),
    good_at_most=100,
    heavy_above=200,
)  # fmt: skip


@pytest.fixture(scope="session")
def hj_633_2012() -> IndexRule:
    return HJ_633_2012


@pytest.fixture(scope="session")
def hj_633_2026() -> IndexRule:
    return HJ_633_2026


@pytest.fixture(scope="session")
def hj_663_2013() -> StatisticsRule:
    return HJ_663_2013
