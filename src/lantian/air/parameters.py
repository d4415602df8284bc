"""The parameters of law the air room uses; who calls fills them from the rulebook, tests by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from lantian.air.item import ITEMS


@dataclass(frozen=True, slots=True)
class Breakpoints:
    """Sub-index table of one item: IAQI and concentrations (scaled integers) of equal length, both ascending.

    ``above`` is the sub-index above the last concentration; None where the edition gives none there.
    """

    iaqi: tuple[int, ...]
    concentration: tuple[int, ...]
    above: int | None

    def __post_init__(self) -> None:
        if len(self.iaqi) != len(self.concentration) or len(self.iaqi) < 2:
            raise ValueError("IAQI and concentrations need the same length, at least 2")
        if list(self.concentration) != sorted(set(self.concentration)) or list(self.iaqi) != sorted(set(self.iaqi)):
            raise ValueError("breakpoints must ascend")


@dataclass(frozen=True, slots=True)
class Category:
    """One AQI category: its last AQI, name in Chinese and English, colour as #rrggbb."""

    last: int
    zh: str
    en: str
    colour: str = ""


@dataclass(frozen=True, slots=True)
class IndexRule:
    """How one edition of HJ 633 turns printed city-day values into an AQI.

    ``primary_above`` AQI above which there is a primary pollutant; ``missing_above`` with an item missing the AQI of
    the others is given only above this.
    """

    edition: str
    places: Mapping[str, int]
    breakpoints: Mapping[str, Breakpoints]
    primary_above: int
    missing_above: int
    categories: tuple[Category, ...]

    def __post_init__(self) -> None:
        for item in ITEMS:
            if item not in self.places or item not in self.breakpoints:
                raise ValueError(f"{self.edition}: no places or breakpoints for {item}")

    def category(self, aqi: int) -> Category:
        """Category of an AQI; everything above the last one belongs to the last."""
        return next((one for one in self.categories if aqi <= one.last), self.categories[-1])


@dataclass(frozen=True, slots=True)
class DayValidity:
    """What a day needs: hours of a station day, hours of an O3 window, valid windows of the day, share of stations.

    With fewer windows an O3 day stands only above ``windows_unless_above`` (µg/m³). A city day needs valid stations of
    at least ``points_share`` (least, of): 3 of 4.
    """

    hours: int
    window_hours: int
    windows: int
    windows_unless_above: int
    points_share: tuple[int, int]


@dataclass(frozen=True, slots=True)
class YearValidity:
    """Valid days a period needs before its figures count: in the year, in a month, in February."""

    year_days: int
    month_days: int
    february_days: int

    def needed(self, month: int) -> int:
        """Valid days a month needs."""
        return self.february_days if month == 2 else self.month_days


@dataclass(frozen=True, slots=True)
class StatisticsRule:
    """How one edition of HJ 663 turns city days into the figures of a period.

    ``percentiles`` and ``means`` name the items that have one; ``index_limits`` are limits in the item's unit: the
    composite index takes the mean of the items in ``index_means`` and the percentile of the others.
    """

    edition: str
    means: tuple[str, ...]
    percentiles: Mapping[str, int]
    places: Mapping[str, int]
    ratio_places: int
    index_places: int
    index_limits: Mapping[str, Fraction]
    index_means: tuple[str, ...]
    validity: YearValidity
    good_at_most: int
    heavy_above: int
