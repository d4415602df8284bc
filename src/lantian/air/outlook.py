"""What the rest of a year may be: remaining-day control value, day budgets, best reachable, plain expectation.

All arithmetic is exact; ``remaining`` counts the calendar days still to come, each taken to become valid.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from lantian.air.item import SCALE
from lantian.basis.exact import rounded, text_of
from lantian.basis.finding import Text

_UNIT = 10**SCALE


@dataclass(frozen=True, slots=True)
class ControlValue:
    """Bound for the mean of the remaining days so that the rounded mean of the year still meets a limit.

    ``bound`` exact; ``inclusive`` whether the bound itself still meets; ``text`` with one decimal, rounded down so that
    keeping to it is safe; ``reachable`` False where even clean air no longer helps.
    """

    bound: Fraction
    inclusive: bool
    remaining: int
    text: str
    reachable: bool
    explanation: Text


def meeting_bound(limit: Fraction, places: int, comparator: str = "<=") -> tuple[Fraction, bool]:
    """Bound up to which an unrounded mean still meets a limit after rounding, and whether the bound itself does.

    Rule    GB/T 8170 half to even, then HJ 663: the rounded value is compared
    Errors  ValueError for a comparator other than <= and <
    """
    unit = Fraction(1, 10**places)
    units = limit / unit
    last = units.numerator // units.denominator  # largest printed value (in units) that meets
    if comparator == "<":
        last -= units.denominator == 1
    elif comparator != "<=":
        raise ValueError(f"no control value for comparator {comparator!r}")
    return (last + Fraction(1, 2)) * unit, last % 2 == 0


def control_value(
    total: int, count: int, remaining: int, limit: Fraction, places: int, comparator: str = "<="
) -> ControlValue | None:
    """Remaining-day control value of a mean; None where no day remains.

    ``total`` and ``count`` are sum (scaled integer) and number of the valid days so far.
    Unit    that of the limit
    """
    if remaining <= 0:
        return None
    edge, inclusive = meeting_bound(limit, places, comparator)
    bound = (edge * (count + remaining) - Fraction(total, _UNIT)) / remaining
    tenths = (bound * 10).__floor__()
    if not inclusive and tenths == bound * 10:
        tenths -= 1
    reachable = bound > 0 or (inclusive and bound == 0)
    return ControlValue(
        bound=bound,
        inclusive=inclusive,
        remaining=remaining,
        text=text_of(tenths, 1),
        reachable=reachable,
        explanation=_explanation(remaining, text_of(tenths, 1), limit, places, reachable),
    )


def _explanation(remaining: int, text: str, limit: Fraction, places: int, reachable: bool) -> Text:
    number = text_of(rounded(limit, places), places)
    if not reachable:
        return Text(
            zh=f"剩余 {remaining} 天即使均值为 0，年均浓度修约后仍超过 {number}，今年已不能达到。",
            en=f"Even with a mean of 0 on the remaining {remaining} days the rounded annual mean exceeds {number}.",
        )
    return Text(
        zh=f"剩余 {remaining} 天均值不超过 {text}，年均浓度修约后即不超过 {number}"
        f"（按每天均有效计；控制值只舍不入，保留一位小数）。",
        en=f"With a mean of at most {text} on the remaining {remaining} days the rounded annual mean stays within"
        f" {number} (every day taken as valid; the value is cut to one decimal).",
    )


def meets(value: Fraction, limit: Fraction, places: int, comparator: str) -> bool:
    """Whether a figure, rounded once to ``places``, meets a limit.

    Errors  ValueError for an unknown comparator
    """
    printed = Fraction(rounded(value, places), 10**places)
    match comparator:
        case "<=":
            return printed <= limit
        case "<":
            return printed < limit
        case ">=":
            return printed >= limit
        case ">":
            return printed > limit
        case "=":
            return printed == limit
    raise ValueError(f"unknown comparator {comparator!r}")


@dataclass(frozen=True, slots=True)
class GoodDayBudget:
    """Days of a good-day ratio: needed in the year, still needed, bad days still allowed; whether it can be reached.

    ``bad_days_allowed`` counts the remaining days that may be worse than good; negative means lost by that many.
    """

    year_days: int
    needed: int
    still_needed: int
    bad_days_allowed: int
    reachable: bool


def good_day_budget(
    good: int, valid: int, remaining: int, limit: Fraction, places: int, comparator: str = ">="
) -> GoodDayBudget:
    """Budget of good days for a ratio in percent, compared after rounding to ``places``.

    Rule    share = good days / valid days; remaining days are taken as valid
    """
    final = valid + remaining
    counts = range(_guess(limit, final), final + 1)
    needed = next((days for days in counts if _ratio_meets(days, final, limit, places, comparator)), final + 1)
    still = max(0, needed - good)
    return GoodDayBudget(
        year_days=final,
        needed=needed,
        still_needed=still,
        bad_days_allowed=remaining - (needed - good) if needed > good else remaining,
        reachable=final > 0 and needed - good <= remaining,
    )


def _guess(limit: Fraction, final: int) -> int:
    """A count of days safely below the needed one, so that the search is short."""
    return max(0, ((limit - 1) * final / 100).__floor__())


def _ratio_meets(days: int, final: int, limit: Fraction, places: int, comparator: str) -> bool:
    return final > 0 and meets(Fraction(100 * days, final), limit, places, comparator)


def days_allowed(so_far: int, limit: Fraction, comparator: str = "<=") -> int:
    """Days of a kind (heavy pollution) still allowed under a yearly limit; negative: exceeded by that many.

    Errors  ValueError for a comparator other than <= and <
    """
    if comparator not in ("<=", "<"):
        raise ValueError(f"no budget of days for comparator {comparator!r}")
    most = limit.numerator // limit.denominator
    if comparator == "<" and limit.denominator == 1:
        most -= 1
    return most - so_far


@dataclass(frozen=True, slots=True)
class Pool:
    """Days of earlier years from which the rest of a year is expected: valid values, their sum, day counts."""

    years: tuple[int, ...]
    count: int
    total: int
    valid_days: int
    good_days: int
    heavy_days: int


def expected_mean(total: int, count: int, remaining: int, pool: Pool) -> Fraction | None:
    """Mean of the year if the remaining days are as those of the same days in earlier years; None without such days."""
    if remaining <= 0:
        return Fraction(total, count * _UNIT) if count else None
    if not pool.count:
        return None
    return (Fraction(total, _UNIT) + Fraction(pool.total, pool.count * _UNIT) * remaining) / (count + remaining)


def best_mean(total: int, count: int, remaining: int) -> Fraction | None:
    """Lowest mean the year can still have: the remaining days all 0."""
    days = count + max(0, remaining)
    return Fraction(total, days * _UNIT) if days else None


def expected_days(so_far: int, remaining: int, kind: int, pool: Pool) -> Fraction | None:
    """Days of a kind at year end if the rest is as in earlier years; ``kind`` of them lay in the pool."""
    if remaining <= 0:
        return Fraction(so_far)
    return so_far + Fraction(kind * remaining, pool.valid_days) if pool.valid_days else None


def expected_ratio(good: int, valid: int, remaining: int, pool: Pool) -> Fraction | None:
    """Good-day ratio in percent at year end if the rest is as in earlier years."""
    days = expected_days(good, remaining, pool.good_days, pool)
    final = valid + max(0, remaining)
    return None if days is None or not final else 100 * days / final


def best_ratio(good: int, valid: int, remaining: int) -> Fraction | None:
    """Highest good-day ratio in percent the year can still have."""
    final = valid + max(0, remaining)
    return Fraction(100 * (good + max(0, remaining)), final) if final else None
