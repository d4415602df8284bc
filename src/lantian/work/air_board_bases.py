"""The year on several bases: two side by side where they differ, and the same days of earlier years on one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from lantian.air.basis_choice import Beside, Figure, Material, compared, figure_of, figures_on
from lantian.air.excluded import Exclusion
from lantian.basis.determination import VALUES, Basis
from lantian.basis.finding import Text
from lantian.basis.period import Days, same_days_of
from lantian.rulebook.dated import TOTAL_FROM
from lantian.store.air import AirReader
from lantian.work.air_basis import YearBasis, board_law
from lantian.work.air_years import EARLIER_YEARS
from lantian.work.duty import day_change, percent, point_change

FIGURES = ("pm25_mean", "good_ratio", "good_days", "heavy_days")
NAMES = {
    "pm25_mean": Text("PM2.5 平均浓度（µg/m³）", "PM2.5 mean (µg/m³)"),
    "good_ratio": Text("优良天数比率（%）", "good-day ratio (%)"),
    "good_days": Text("优良天数（天）", "good days"),
    "heavy_days": Text("重度及以上污染（天）", "heavy-pollution days"),
}
_CHANGES: dict[str, Callable[[str, str], str]] = {
    "pm25_mean": percent,
    "good_ratio": point_change,
    "good_days": day_change,
    "heavy_days": day_change,
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two bases with each figure on both; ``absent`` says why one of them has no figures."""

    key: str
    first: Text
    second: Text
    rows: tuple[tuple[str, Beside], ...]
    absent: Text | None

    @property
    def differs(self) -> bool:
        """Whether any printed figure differs."""
        return any(row.difference for _, row in self.rows)


@dataclass(frozen=True, slots=True)
class SamePeriod:
    """The same days of a year on the basis of this one; ``changes`` of this year against it, in words."""

    year: int
    days: Days
    figures: dict[str, Figure]
    changes: dict[str, str | None]


def material(reader: AirReader, city: str, days: Days, exclusions: Sequence[Exclusion]) -> Material:
    """Real-time and reviewed city days of these days and those of earlier years, with the days taken out."""
    first = max(TOTAL_FROM, date(days.first.year - EARLIER_YEARS, 1, 1))
    found = {}
    for values in VALUES:
        table = reader.table(city, Days(first, days.last), values=values)
        if not table.is_empty():
            found[values, "city"] = table
    return Material(found, tuple(exclusions))


def side_by_side(known: Material, days: Days, basis: YearBasis, places: dict[str, int]) -> tuple[Pair, ...]:
    """Real-time beside reviewed, dust in beside dust out, edition of 2012 beside 2026; each otherwise on the basis."""
    real, review = replace(basis, values="realtime"), replace(basis, values="reviewed")
    with_dust, no_dust = replace(basis, dust="included"), replace(basis, dust="excluded")
    old, new = replace(basis, edition="2012"), replace(basis, edition="2026")
    return (
        _pair("values", VALUES["realtime"], VALUES["reviewed"], known, days, real, review, places),
        _pair("dust", Text("含沙尘", "with dust"), Text("扣除后", "dust out"), known, days, with_dust, no_dust, places),
        _pair("edition", Text("2012 版", "2012"), Text("2026 版", "2026"), known, days, old, new, places),
    )


def _pair(
    key: str, first: Text, second: Text, known: Material, days: Days, one: YearBasis, two: YearBasis, places: dict[str, int]
) -> Pair:  # fmt: skip
    if key == "dust" and not any(_touches(exclusion, days) for exclusion in known.exclusions):
        return Pair(key, first, second, (), Text("今年没有登记扣除日", "no days taken out this year"))
    left, right = (_figures(known, days, basis, places) for basis in (one, two))
    rows = tuple((metric, compared(left[metric], right[metric])) for metric in FIGURES)
    reasons = [figure.reason for _, row in rows for figure in (row.first, row.second) if figure.reason]
    empty = all(row.first.text is None or row.second.text is None for _, row in rows)
    return Pair(key, first, second, () if empty else rows, reasons[0] if empty and reasons else None)


def _touches(one: Exclusion, days: Days) -> bool:
    return one.days.first <= days.last and days.first <= one.days.last


def _figures(
    known: Material, days: Days, basis: YearBasis, places: dict[str, int], judged: Days | None = None
) -> dict[str, Figure]:
    """Every figure of some days on one basis, each with its own decimals."""
    law = board_law()
    own = {
        metric: Basis(basis.edition, basis.values, basis.dust, basis.stations, places[metric], basis.validity)
        for metric in FIGURES
    }
    found = figures_on(known, days, own[FIGURES[0]], law, judged=judged)
    return {metric: figure_of(found, metric, days, own[metric], law, judged=judged) for metric in FIGURES}


def same_periods(known: Material, days: Days, basis: YearBasis, places: dict[str, int]) -> tuple[SamePeriod, ...]:
    """This year first, then the same days of earlier years, all under the editions and the basis of this year's days.

    Rule    a comparison with another year recomputes both on one basis; years without a figure are left out
    """
    found: list[SamePeriod] = []
    for number in range(days.first.year, days.first.year - EARLIER_YEARS - 1, -1):
        if number < TOTAL_FROM.year:
            break
        then = same_days_of(days, number)
        figures = _figures(known, then, basis, places, judged=days)
        if any(one.text is not None for one in figures.values()) or number == days.first.year:
            now = found[0].figures if found else None
            changes = {metric: _change(metric, now, figures) for metric in FIGURES} if now else {}
            found.append(SamePeriod(number, then, figures, changes))
    return tuple(found)


def _change(metric: str, now: dict[str, Figure], then: dict[str, Figure]) -> str | None:
    one, other = now[metric].text, then[metric].text
    return _CHANGES[metric](one, other) if one is not None and other is not None else None
