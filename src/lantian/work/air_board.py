"""The year-end board of a plan's city: all budgets, scenarios, validity, earlier years and bases, at one ``as_of``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

import polars as pl

from lantian.air.excluded import Exclusion
from lantian.air.item import ITEMS
from lantian.basis.finding import Text
from lantian.basis.period import DAY, Days, year
from lantian.plan.state.measured import limit_in_force
from lantian.plan.state.model import Limit, YearLimit
from lantian.rulebook.plans import Plan
from lantian.store.air import AirReader
from lantian.work import air_law
from lantian.work.air_basis import AS_PUBLISHED, DecidedBasis, YearBasis, basis_words, own_exclusions
from lantian.work.air_board_bases import FIGURES, Pair, SamePeriod, material, same_periods, side_by_side
from lantian.work.air_board_budgets import (
    HEAVY,
    MEAN,
    RATIO,
    Budget,
    InForce,
    national_means,
    national_percentiles,
    target_budget,
)
from lantian.work.air_board_scenarios import Scenario, daily_means, dust_out, heavy_day, station_lost
from lantian.work.air_board_stations import without_each
from lantian.work.air_board_validity import ItemRisk, validity_risk
from lantian.work.air_rules import index_rule
from lantian.work.air_years import YearFacts
from lantian.work.states import aim_of, decided_bases, shared_limits
from lantian.work.states_air import METRICS, CityAir, YearLine, city_air, running_lines

PAST_YEARS = 3  # lines drawn grey behind this year's


@dataclass(frozen=True, slots=True)
class Board:
    """Everything the board shows. Without any day of the city only ``limits`` and ``as_of`` say something.

    ``decided`` bases by target; ``basis`` the one PM2.5 scenarios, validity, national limits and earlier years stand on;
    ``quiet`` sentences about what is missing; ``air`` the city's days on that basis; ``has_data`` whether the year has
    a day of the city, be it on another basis.
    """

    city: str | None
    as_of: date
    remaining: int
    simulated: bool
    limits: tuple[InForce, ...]
    decided: Mapping[str, DecidedBasis]
    basis: YearBasis
    budgets: tuple[Budget, ...] = ()
    national: tuple[Budget, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    risks: tuple[ItemRisk, ...] = ()
    periods: tuple[SamePeriod, ...] = ()
    pairs: tuple[Pair, ...] = ()
    lines: tuple[YearLine, ...] = ()
    editions: tuple[str, ...] = ()
    quiet: tuple[Text, ...] = ()
    air: CityAir | None = None
    has_data: bool = False

    @property
    def days(self) -> Days:
        """The year so far."""
        return year(self.as_of.year).until(self.as_of)

    @property
    def basis_words(self) -> Text:
        """The basis in words, with who decided it where somebody did."""
        for one in self.decided.values():
            if one.basis == self.basis:
                return one.words
        return basis_words(self.basis)


def board(
    plan: Plan,
    reader: AirReader,
    as_of: date,
    *,
    issued: Mapping[str, Sequence[YearLimit]],
    decided: Mapping[str, DecidedBasis],
    exclusions: Sequence[Exclusion] = (),
    asked: Fraction | None = None,
) -> Board:
    """The board of the plan's city for the year of ``as_of``; nothing after that day is looked at.

    ``issued`` what was issued, by target; ``decided`` by target or metric; ``asked`` a daily mean a person typed.
    Rule    limits issued for the year go before the plan's values
    """
    limits = limits_in_force(plan, issued, as_of)
    known = decided_bases(plan, decided)
    basis = next(
        (known[one.target].basis for one in limits if one.metric == MEAN and one.target in known), AS_PUBLISHED
    )
    default = city_air(plan.cities, reader, as_of)
    left = len(year(as_of.year).after(as_of))
    empty = Board(
        default.city if default else None, as_of, left, bool(default and default.simulated), limits, known, basis
    )
    if default is None:
        return empty
    own = own_exclusions(tuple(exclusions), default.city)
    return _filled(empty, default, own, asked)


def _filled(empty: Board, default: CityAir, exclusions: tuple[Exclusion, ...], asked: Fraction | None) -> Board:
    as_of, basis, limits = empty.as_of, empty.basis, empty.limits
    air, days = default.on(basis), empty.days
    facts = air.facts(as_of.year)
    rule = basis.statistics(date(as_of.year, 12, 31))
    places = {MEAN: rule.places["pm25"], RATIO: rule.ratio_places, HEAVY: 0}
    places[MEAN] = places[MEAN] if basis.decimals is None else basis.decimals
    budgets = tuple(_budget(default, empty, one, places) for one in limits)
    known = material(air.reader, air.city, days, exclusions)
    printed = dict(zip(FIGURES, (places[MEAN], places[RATIO], 0, 0), strict=True))
    scenarios, quiet = _scenarios(air, facts, limits, places, exclusions, asked)
    present = basis.present(basis.measured(air.reader, air.city, days))
    return replace(
        empty,
        air=air,
        has_data=as_of.year in default.years,
        budgets=budgets,
        national=_national(air, facts, days),
        scenarios=scenarios,
        risks=validity_risk(present, as_of, rule.validity),
        periods=same_periods(known, days, basis, printed),
        pairs=side_by_side(known, days, replace(basis, exclusions=exclusions), printed),
        lines=running_lines(air, MEAN, range(as_of.year - PAST_YEARS, as_of.year + 1)),
        editions=(rule.edition, *facts.editions),
        quiet=quiet,
    )


def limits_in_force(plan: Plan, issued: Mapping[str, Sequence[YearLimit]], as_of: date) -> tuple[InForce, ...]:
    """The limits of the plan's air targets that have a number, said once each: what was issued for the year goes first."""
    shared = shared_limits(plan, issued)
    found: dict[tuple[str, str, Fraction], InForce] = {}
    for target in plan.targets:
        if target.metric not in METRICS or target.answered_by.kind != "metric":
            continue
        limit = limit_in_force(aim_of(plan, target), shared.get(target.id, ()), as_of)
        if limit.value is None or (target.same_as and target.same_as in {one.target for one in found.values()}):
            continue
        one = InForce(
            target.id, target.metric, limit.comparator, limit.value, limit.unit, _whose(limit, as_of), limit.issued,
            limit.year or as_of.year,
        )  # fmt: skip
        found.setdefault((one.metric, one.comparator, one.value), one)
    order = (MEAN, RATIO, HEAVY)
    return tuple(sorted(found.values(), key=lambda one: order.index(one.metric)))


def _whose(limit: Limit, as_of: date) -> Text:
    """Whose limit it is; one judged in another year says so, for it decides nothing about this one."""
    if limit.year in (None, as_of.year):
        return limit.source
    return Text(
        f"{limit.source.zh}，评价年 {limit.year} 年，今年仅供参照",
        f"{limit.source.en}, judged in {limit.year}: for comparison only",
    )


def _budget(default: CityAir, board_: Board, limit: InForce, places: Mapping[str, int]) -> Budget:
    """A target's budget on its own basis."""
    decided = board_.decided.get(limit.target)
    own = places[limit.metric]
    if decided is None:
        return target_budget(default.facts(board_.as_of.year), limit, own)
    if limit.metric != HEAVY and decided.basis.decimals is not None:
        own = decided.basis.decimals
    return target_budget(default.on(decided.basis).facts(board_.as_of.year), limit, own)


def _national(air: CityAir, facts: YearFacts, days: Days) -> tuple[Budget, ...]:
    last = date(days.first.year, 12, 31)
    law = air_law.limits(Days(last, last))[0]
    source = Text(
        f"{law.edition} 二级标准，年末执行的限值", f"{law.edition} class 2, as in force at the end of the year"
    )
    rule = air.basis.statistics(last)
    figures, inside = facts.so_far.figures, air.table.filter(pl.col("date").is_between(days.first, days.last))
    values = {item: inside[item].drop_nulls().to_list() for item in ITEMS}
    return (
        *national_means(figures, facts.remaining, dict(law.year), rule, source),
        *national_percentiles(values, figures, facts.remaining, dict(law.day), rule, source),
    )


def _scenarios(
    air: CityAir,
    facts: YearFacts,
    limits: Sequence[InForce],
    places: dict[str, int],
    exclusions: tuple[Exclusion, ...],
    asked: Fraction | None,
) -> tuple[tuple[Scenario, ...], tuple[Text, ...]]:
    """The scenarios there are material for, and what is missing for the others."""
    if not facts.remaining:
        return (), (Text("这一年已结束，不再推算情景。", "The year is over: no scenarios."),)
    as_of, quiet = facts.as_of, []
    if not facts.has_data:
        return (), (
            Text("这一口径今年没有日均值，情景和展望暂缺。", "No days on this basis: no scenarios, no outlook."),
        )
    found = list(daily_means(facts, limits, places[MEAN], asked))
    statistics = air.basis.statistics(date(as_of.year, 12, 31))
    heavy = heavy_day(facts, limits, places, index_rule(as_of + DAY), statistics)
    found += [heavy] if heavy else []
    taken = _taken(exclusions, facts.so_far.days)
    if taken:
        both = [_on_dust(air, as_of.year, exclusions, dust) for dust in ("included", "excluded")]
        found.append(dust_out(both[0], both[1], limits, places[MEAN], taken))
    else:
        quiet.append(Text("今年没有登记扣除日，不列“扣除沙尘”情景。", "No days taken out this year."))
    lost = station_lost(without_each(air.reader, air.city, facts.so_far.days), facts, limits, places[MEAN])
    found += lost
    if not lost:
        quiet.append(Text("没有站点小时值，不列“缺一个站”情景。", "No station hours: no scenario of a lost station."))
    return tuple(found), tuple(quiet)


def _on_dust(air: CityAir, number: int, exclusions: tuple[Exclusion, ...], dust: str) -> YearFacts:
    out = exclusions if dust == "excluded" else ()
    return air.on(replace(air.basis, dust=dust, exclusions=out)).facts(number)


def _taken(exclusions: Sequence[Exclusion], days: Days) -> int:
    """Days of the year so far on which PM2.5 is taken out."""
    return len({day for one in exclusions if "pm25" in one.items for day in one.days if day in days})
