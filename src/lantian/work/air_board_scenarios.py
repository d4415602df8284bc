"""What the year ends with if …: a daily mean for the rest, one more heavy day, dust taken out, a station lost.

Only the first is a computation of an end; the others say what they leave for the days that remain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from lantian.air import outlook
from lantian.air.item import SCALE
from lantian.air.outlook import meets
from lantian.air.parameters import IndexRule, StatisticsRule
from lantian.basis.exact import NotANumberError, TooManyPlacesError, rounded_text, scaled
from lantian.basis.finding import Text
from lantian.plan.state.compare import number
from lantian.work.air_board_budgets import HEAVY, MEAN, RATIO, InForce, control_text
from lantian.work.air_board_stations import Lost
from lantian.work.air_years import YearFacts

DAILY_MEANS = (25, 30, 35, 45)  # µg/m³ asked for at every year-end meeting: near the targets, and a bad winter
MOST = 1000  # µg/m³; a daily mean typed beyond it is a slip of the key


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the year's mean meets one limit in a scenario."""

    limit: InForce
    meets: bool


@dataclass(frozen=True, slots=True)
class Scenario:
    """One case: PM2.5 of the year as printed, what it means for each PM2.5 limit, and in words what else follows.

    ``mean`` None where the case fixes no mean; ``lines`` further sentences; ``asked`` typed by the viewer.
    """

    key: str
    name: Text
    mean: str | None
    verdicts: tuple[Verdict, ...]
    lines: tuple[Text, ...]
    asked: bool = False


def asked_mean(text: str) -> Fraction | None:
    """The daily mean a person typed; None for an empty box.

    Errors  ValueError with the words to say for what is no plain number up to ``MOST`` with four decimals
    """
    if not text.strip():
        return None
    try:
        value = Fraction(scaled(text.strip(), SCALE), 10**SCALE)
    except (NotANumberError, TooManyPlacesError):
        raise ValueError("请填写一个数，例如 32 或 32.5（最多四位小数）。") from None
    if not 0 <= value <= MOST:
        raise ValueError(f"日均值应在 0 到 {MOST} µg/m³ 之间，请核对。")
    return value


def daily_means(
    facts: YearFacts, limits: Sequence[InForce], places: int, asked: Fraction | None = None
) -> tuple[Scenario, ...]:
    """The year's mean if every day to come has this mean (µg/m³); the one asked for stands last. None at year end."""
    total, count = facts.so_far.figures.sums["pm25"], facts.so_far.figures.counts["pm25"]
    if not facts.remaining or not count:
        return ()
    known = [(Fraction(one), False) for one in DAILY_MEANS]
    if asked is not None:
        known.append((asked, True))
    own = [one for one in limits if one.metric == MEAN]
    return tuple(_daily(mean, typed, total, count, facts.remaining, own, places) for mean, typed in known)


def year_mean(total: int, count: int, remaining: int, daily: Fraction) -> Fraction:
    """Exact mean of the year if each of the remaining days has this mean; ``total`` scaled sum of ``count`` days."""
    return (Fraction(total, 10**SCALE) + daily * remaining) / (count + remaining)


def _daily(
    daily: Fraction, asked: bool, total: int, count: int, left: int, limits: Sequence[InForce], places: int
) -> Scenario:
    mean = year_mean(total, count, left, daily)
    verdicts = tuple(Verdict(one, meets(mean, one.value, places, one.comparator)) for one in limits)
    shown = number(daily)
    name = Text(f"剩余各天日均 {shown}", f"{shown} on each remaining day")
    return Scenario(f"mean-{shown}", name, rounded_text(mean, places), verdicts, (), asked)


def heavy_day(
    facts: YearFacts, limits: Sequence[InForce], places: dict[str, int], rule: IndexRule, statistics: StatisticsRule
) -> Scenario | None:
    """What one more heavy day leaves under each limit; None once the year is over or without data."""
    count = facts.so_far.figures.counts["pm25"]
    if not facts.remaining or not count:
        return None
    lines = [line for one in limits if (line := _after_heavy(facts, one, places, rule, statistics)) is not None]
    return Scenario("heavy", Text("再出现 1 个重污染天", "one more heavy-pollution day"), None, (), tuple(lines))


def _after_heavy(
    facts: YearFacts, limit: InForce, places: dict[str, int], rule: IndexRule, statistics: StatisticsRule
) -> Text | None:
    if limit.metric == HEAVY:
        return _heavy_left(facts, limit)
    if limit.metric == RATIO:
        return _ratio_left(facts, limit, places[RATIO])
    return _mean_left(facts, limit, places[MEAN], least_heavy(rule, statistics))


def _heavy_left(facts: YearFacts, limit: InForce) -> Text | None:
    if limit.comparator not in ("<=", "<"):
        return None
    allowed = facts.heavy_days_allowed(limit.value, limit.comparator)
    if allowed is None:
        return None
    if allowed < 1:
        return Text(f"重污染天超出 {1 - allowed} 天，目标不能达到", f"heavy days exceeded by {1 - allowed}")
    return Text(f"重污染天还可有 {allowed - 1} 天", f"{allowed - 1} more heavy days")


def _ratio_left(facts: YearFacts, limit: InForce, places: int) -> Text | None:
    if limit.comparator not in (">=", ">"):
        return None
    budget = facts.good_day_budget(limit.value, limit.comparator, places)
    if budget is None:
        return None
    if budget.bad_days_allowed < 1:
        return Text("优良天数比率不能达到", "the good-day ratio is out of reach")
    left = budget.bad_days_allowed - 1
    return Text(f"其余 {facts.remaining - 1} 天最多还可有 {left} 天超标", f"{left} worse days left of the others")


def _mean_left(facts: YearFacts, limit: InForce, places: int, least: int) -> Text | None:
    """The control value of the other days, the heavy one taken as PM2.5 at the lowest such value."""
    if limit.comparator not in ("<=", "<"):
        return None
    sums, counts = facts.so_far.figures.sums["pm25"], facts.so_far.figures.counts["pm25"]
    control = outlook.control_value(
        sums + least, counts + 1, facts.remaining - 1, limit.value, places, limit.comparator
    )
    shown = number(Fraction(least, 10**SCALE))
    head = Text(f"若由 PM2.5 所致（至少 {shown}），", f"if by PM2.5 (at least {shown}), ")
    told = limit.text
    if control is None:
        mean = Fraction(sums + least, (counts + 1) * 10**SCALE)
        good = meets(mean, limit.value, places, limit.comparator)
        return Text(f"{head.zh}年均{'仍达到' if good else '不能达到'} {told.zh}", f"{head.en}{told.en}: {good}")
    if not control.reachable:
        return Text(f"{head.zh}年均不能达到 {told.zh}", f"{head.en}{told.en} is out of reach")
    return Text(
        f"{head.zh}其余 {control.remaining} 天控制值降为 {control.text}（{told.zh}）",
        f"{head.en}control value of the other {control.remaining} days {control.text} ({told.en})",
    )


def least_heavy(rule: IndexRule, statistics: StatisticsRule) -> int:
    """The lowest printed PM2.5 of a day (scaled) whose sub-index alone makes a heavy day.

    Rule    HJ 633: above the concentration of the sub-index that heavy days lie above
    """
    table = rule.breakpoints["pm25"]
    edge = table.concentration[table.iaqi.index(statistics.heavy_above)]
    step: int = 10 ** (SCALE - rule.places["pm25"])
    return edge + step


def dust_out(with_dust: YearFacts, without: YearFacts, limits: Sequence[InForce], places: int, taken: int) -> Scenario:
    """PM2.5 so far without the days taken out, beside the mean with them, and the control value that follows."""
    one, other = with_dust.so_far.pm25_mean, without.so_far.pm25_mean
    before = "—" if one is None else rounded_text(one, places + 1)
    after = "—" if other is None else rounded_text(other, places + 1)
    lines = [
        Text(
            f"已登记扣除 {taken} 天：累计均值由 {before} 变为 {after} µg/m³（多留一位小数，便于看出差别）",
            f"{taken} days taken out: mean so far {before} becomes {after} µg/m³",
        )
    ]
    lines += _controls(without, limits, places)
    return Scenario("dust", Text("扣除沙尘等影响", "dust taken out"), None, (), tuple(lines))


def _controls(facts: YearFacts, limits: Sequence[InForce], places: int) -> list[Text]:
    found = []
    for one in limits:
        if one.metric != MEAN or one.comparator not in ("<=", "<"):
            continue
        control = facts.control_value(one.value, one.comparator, places)
        if control is not None:
            shown = control.text if control.reachable else "不能达到"
            found.append(
                Text(f"剩余日控制值 {shown}（{one.text.zh}）", f"control value {control.text} ({one.text.en})")
            )
    return found


def station_lost(
    cases: Sequence[Lost], facts: YearFacts, limits: Sequence[InForce], places: int
) -> tuple[Scenario, ...]:
    """One scenario for each station lost, beside the mean with all; days without station hours stay as they are."""
    return tuple(_lost(one, cases[0], facts, limits, places) for one in cases[1:])


def _lost(one: Lost, whole: Lost, facts: YearFacts, limits: Sequence[InForce], places: int) -> Scenario:
    assert one.station is not None  # only the first case has none
    figures = facts.so_far.figures
    others = max(figures.counts["pm25"] - whole.days, 0)
    shown = ["—" if case.mean is None else rounded_text(case.mean, places + 1) for case in (whole, one)]
    lines = [
        Text(
            f"有站点小时值的 {whole.days} 个有效日重算：全部站 {shown[0]}，缺该站 {shown[1]} µg/m³，有效天数 {whole.days} → {one.days}",
            f"{whole.days} valid days with station hours: {shown[0]} with all, {shown[1]} without, {one.days} days left",
        )
    ]
    if others:
        lines.append(Text(f"其余 {others} 天没有小时值，按已有日均值不变", f"the other {others} days as they are"))
    rest = Fraction(figures.sums["pm25"], 10**SCALE) - whole.total if others else Fraction(0)
    for limit in limits if one.days + others and facts.remaining else ():
        if limit.metric == MEAN and limit.comparator == "<=":
            value = control_text(one.total + rest, one.days + others, facts.remaining, limit.value, places)
            found = Text("不能达到", "out of reach") if value is None else Text(value, value)
            zh, en = f"剩余日控制值 {found.zh}（{limit.text.zh}）", f"control value {found.en} ({limit.text.en})"
            lines.append(Text(zh, en))
    name = Text(f"缺 {one.station.name}", f"without {one.station.name}")
    return Scenario(f"lost-{one.station.code}", name, None, (), tuple(lines))
