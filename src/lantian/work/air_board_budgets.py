"""What the rest of the year may still be under each limit: control values of means, day budgets, days above a limit.

Everything is exact and counts each day to come as a valid one; who prints cuts to the safe side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lantian.air import outlook
from lantian.air.item import PRINTED, SCALE, UNITS
from lantian.air.outlook import meeting_bound, meets
from lantian.air.parameters import StatisticsRule
from lantian.air.period import PeriodFigures, percentile, percentile_place
from lantian.basis.exact import rounded_text, text_of
from lantian.basis.finding import Text
from lantian.basis.units import UNITS as WRITTEN
from lantian.plan.state.compare import limit_text, number
from lantian.work.air_years import YearFacts

MEAN, RATIO, HEAVY = "pm25_annual_mean", "good_day_ratio", "heavy_pollution_days"
METRIC_NAMES = {
    MEAN: Text("PM2.5 年均浓度", "annual mean PM2.5"),
    RATIO: Text("优良天数比率", "good-day ratio"),
    HEAVY: Text("重度及以上污染天数", "heavy-pollution days"),
}
METRIC_UNITS = {MEAN: "ug/m3", RATIO: "%", HEAVY: "d"}


@dataclass(frozen=True, slots=True)
class InForce:
    """A limit of the year: of which target (empty for the national standard), whose it is, which year it is judged in.

    ``issued``: issued for the year, which goes before the plan's value; ``basis`` words where it is a decided one.
    """

    target: str
    metric: str
    comparator: str
    value: Fraction
    unit: str
    source: Text
    issued: bool
    year: int

    @property
    def text(self) -> Text:
        """The limit as printed: ≤ 28 µg/m³."""
        return limit_text(self.comparator, self.value, None, self.unit)


@dataclass(frozen=True, slots=True)
class Budget:
    """What a limit still allows. ``figure`` the number to keep to, printed; ``left`` in words.

    ``kind`` mean · ratio · days · percentile; ``reachable`` None without data; ``over`` the year is over and this is
    the outcome.
    """

    key: str
    name: Text
    kind: str
    unit: str
    limit: Text
    source: Text
    so_far: str | None
    figure: str | None
    left: Text
    reachable: bool | None
    over: bool


NOTHING = Text("今年还没有有效数据", "no valid data this year")


def target_budget(facts: YearFacts, limit: InForce, places: int) -> Budget:
    """The budget of a target's limit on the basis of its facts.

    Rule    the figure is rounded once to ``places`` and then compared
    """
    if limit.metric == MEAN:
        total, count = facts.so_far.figures.sums["pm25"], facts.so_far.figures.counts["pm25"]
        found = _mean(total, count, facts.remaining, limit.value, places, limit.comparator)
        return _budget(limit.target, METRIC_NAMES[MEAN], "mean", limit, found)
    if limit.metric == RATIO:
        return _budget(limit.target, METRIC_NAMES[RATIO], "ratio", limit, _ratio(facts, limit, places))
    return _budget(limit.target, METRIC_NAMES[HEAVY], "days", limit, _heavy(facts, limit))


_Found = tuple[str | None, str | None, Text, bool | None, bool]


def _budget(key: str, name: Text, kind: str, limit: InForce, found: _Found) -> Budget:
    so_far, figure, left, reachable, over = found
    unit = WRITTEN[limit.unit].symbol
    return Budget(key, name, kind, unit, limit.text, limit.source, so_far, figure, left, reachable, over)


def _mean(total: int, count: int, remaining: int, limit: Fraction, places: int, comparator: str = "<=") -> _Found:
    mean = Fraction(total, count * 10**SCALE) if count else None
    so_far = None if mean is None else rounded_text(mean, places)
    if comparator not in ("<=", "<"):
        return so_far, None, Text("这一限值没有余量可算", "no budget for this kind of limit"), None, not remaining
    if not remaining:
        return (so_far, None, *_outcome(mean, limit, places, comparator))
    if mean is None:
        return None, None, NOTHING, None, False
    control = outlook.control_value(total, count, remaining, limit, places, comparator)
    assert control is not None  # days remain
    if not control.reachable:
        words = Text(f"剩余 {remaining} 天均值为 0 也不能达到", "out of reach even with clean air")
        return so_far, None, words, False, False
    words = Text(
        f"剩余 {remaining} 天均值不超过 {control.text}",
        f"mean of the remaining {remaining} days at most {control.text}",
    )
    return so_far, control.text, words, True, False


def control_text(total: Fraction, count: int, remaining: int, limit: Fraction, places: int) -> str | None:
    """Control value of a mean limit (≤) from an exact sum of ``count`` days, cut to one decimal; None out of reach."""
    edge, inclusive = meeting_bound(limit, places)
    bound = (edge * (count + remaining) - total) / remaining
    tenths = (10 * bound).__floor__()
    if not inclusive and tenths == 10 * bound:
        tenths -= 1
    return text_of(tenths, 1) if bound > 0 or (inclusive and bound == 0) else None


def _outcome(value: Fraction | None, limit: Fraction, places: int, comparator: str) -> tuple[Text, bool | None, bool]:
    if value is None:
        return Text("全年没有有效数据", "no valid data in the whole year"), None, True
    good = meets(value, limit, places, comparator)
    return (Text("全年已过，达到", "the year is over: met") if good else
            Text("全年已过，未达到", "the year is over: not met")), good, True  # fmt: skip


def _ratio(facts: YearFacts, limit: InForce, places: int) -> _Found:
    so_far = facts.so_far.good_ratio
    text = None if so_far is None else rounded_text(so_far, places)
    if not facts.remaining:
        return (text, None, *_outcome(so_far, limit.value, places, limit.comparator))
    if limit.comparator not in (">=", ">"):
        return text, None, Text("这一限值没有余量可算", "no budget for this kind of limit"), None, False
    budget = facts.good_day_budget(limit.value, limit.comparator, places)
    if budget is None or not facts.so_far.valid_days:
        return text, None, facts.so_far.note or NOTHING, None, False
    left, bad = facts.remaining, budget.bad_days_allowed
    if not budget.reachable:
        words = Text(
            f"还需优良 {budget.still_needed} 天，只剩 {left} 天，已不能达到",
            f"{budget.still_needed} good days needed, {left} left: out of reach",
        )
        return text, None, words, False, False
    words = Text(
        f"剩余 {left} 天还需优良 {budget.still_needed} 天，最多可有 {bad} 天超标",
        f"{budget.still_needed} good days needed of {left}, at most {bad} worse",
    )
    return text, str(bad), words, True, False


def _heavy(facts: YearFacts, limit: InForce) -> _Found:
    counted = facts.so_far.heavy_days
    if counted is None or not facts.so_far.valid_days:
        return None, None, facts.so_far.note or NOTHING, None, not facts.remaining
    if not facts.remaining:
        return (str(counted), None, *_outcome(Fraction(counted), limit.value, 0, limit.comparator))
    if limit.comparator not in ("<=", "<"):
        return str(counted), None, Text("这一限值没有余量可算", "no budget for this kind of limit"), None, False
    allowed = outlook.days_allowed(counted, limit.value, limit.comparator)
    if allowed < 0:
        return str(counted), None, Text(f"已超出 {-allowed} 天", f"exceeded by {-allowed}"), False, False
    return str(counted), str(allowed), Text(f"还可有 {allowed} 天", f"{allowed} more allowed"), True, False


def national_means(
    figures: PeriodFigures, remaining: int, limits: dict[str, Fraction], rule: StatisticsRule, source: Text
) -> list[Budget]:
    """Budgets of the annual means under the national limits, in the order of the items."""
    found = []
    for item in rule.means:
        if item in limits:
            limit = _national(item, limits[item], source, figures)
            own = _mean(figures.sums[item], figures.counts[item], remaining, limits[item], rule.places[item])
            name = Text(f"{PRINTED[item]} 年均浓度", f"annual mean {PRINTED[item]}")
            found.append(_budget(f"{item}_mean", name, "mean", limit, own))
    return found


def national_percentiles(
    values: Mapping[str, Sequence[int]],
    figures: PeriodFigures,
    remaining: int,
    limits: dict[str, Fraction],
    rule: StatisticsRule,
    source: Text,
) -> list[Budget]:
    """Days above the daily limit that the percentiles still allow; ``values`` the valid days so far of each item."""
    found = []
    for item, percent in rule.percentiles.items():
        if item not in limits:
            continue
        limit, places = limits[item], rule.places[item]
        value = figures.percentiles[item]
        name = Text(f"{PRINTED[item]} 第 {percent} 百分位数", f"{PRINTED[item]} percentile {percent}")
        so_far = None if value is None else rounded_text(value, places)
        own: _Found
        if not remaining:
            own = (so_far, None, *_outcome(value, limit, places, "<="))
        elif value is None:
            own = (None, None, NOTHING, None, False)
        else:
            own = (so_far, *_days_above(values[item], remaining, percent, limit, places))
        found.append(_budget(f"{item}_p{percent}", name, "percentile", _national(item, limit, source, figures), own))
    return found


def _national(item: str, value: Fraction, source: Text, figures: PeriodFigures) -> InForce:
    return InForce("", item, "<=", value, UNITS[item], source, issued=False, year=figures.days.last.year)


def _days_above(
    values: Sequence[int], remaining: int, percent: int, limit: Fraction, places: int
) -> tuple[str | None, Text, bool, bool]:
    allowed = days_above_allowed(values, remaining, percent, limit, places)
    if allowed < 0:
        best = percentile(sorted([0] * remaining + list(values)), percent)
        if best is not None and meets(best, limit, places, "<="):
            near = Text(
                "已在临界，余下日子须明显低于限值", "at the edge: the days to come must lie well below the limit"
            )
            return None, near, True, False
        return None, Text("今年已不能达到", "out of reach this year"), False, False
    shown = min(allowed, remaining)
    words = Text(f"还可有 {shown} 天超过 {number(limit)}", f"{shown} more days above {number(limit)}")
    return str(shown), words, True, False


def days_above_allowed(values: Sequence[int], remaining: int, percent: int, limit: Fraction, places: int) -> int:
    """Days above a limit still allowed, however high they are, so that the year's rounded percentile meets it.

    Negative: too many by that number already. Days so far count as above where their value alone would not meet.
    Rule    HJ 663-2013, annex A: the percentile lies between the neighbours at k = 1 + (n − 1)·p/100
    """
    edge, inclusive = meeting_bound(limit, places)
    above = sum(1 for value in values if not _within(Fraction(value, 10**SCALE), edge, inclusive))
    days = len(values) + remaining
    low, rest = percentile_place(days, percent)
    return days - 1 - (low + (rest > 0)) - above


def _within(value: Fraction, edge: Fraction, inclusive: bool) -> bool:
    return value < edge or (inclusive and value == edge)
