"""Where a year will end: annual mean and days of a kind as distributions, from the months seen so far.

``MeanEnd`` and ``DaysEnd`` are what can be said of a year's end; ``forecast_mean`` and ``forecast_days`` make them from
blocks of days (a calendar month, or the part of one before or after the day of the forecast). Floating point, except
that limits are met through the exact bounds of ``air.outlook``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import erfc, exp, lgamma, log, sqrt
from statistics import NormalDist

import numpy as np

from lantian.air.month_field import (
    Array,
    FieldTable,
    day_variance,
    prior_covariance,
    prior_mean,
    seen_means,
    seen_shares,
)
from lantian.air.outlook import days_allowed, good_day_budget, meeting_bound

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(15)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()
_LEAST_LOG = 0.0  # a month's mean below 1 µg/m³ counts as 1: its logarithm says nothing about the rest of the year


@dataclass(frozen=True, slots=True)
class MeanBlock:
    """Days of one month: running month number, days, valid ones among them and the sum of their values."""

    month: int
    days: int
    total: float


@dataclass(frozen=True, slots=True)
class DaysBlock:
    """Days of one month: running month number, days with an AQI, and those of the kind among them."""

    month: int
    days: int
    kind: int


@dataclass(frozen=True, slots=True)
class MeanEnd:
    """Annual mean at the end of the year: (``total`` + ``remaining`` · X) / (``count`` + ``remaining``).

    X, the mean of the remaining days, is lognormal with ``mu`` and ``sigma``; with no day remaining the mean is known.
    """

    total: float
    count: int
    remaining: int
    mu: float = 0.0
    sigma: float = 0.0

    @property
    def mean(self) -> float:
        """Expected annual mean."""
        return self._whole(exp(self.mu + self.sigma**2 / 2) if self.remaining else 0.0)

    def quantile(self, probability: float) -> float:
        """Value the annual mean stays below with this probability."""
        if not self.remaining:
            return self._whole(0.0)
        return self._whole(exp(self.mu + self.sigma * NormalDist().inv_cdf(probability)))

    def meeting(self, limit: Fraction, places: int, comparator: str = "<=") -> float:
        """Probability that the rounded annual mean meets a limit.

        Rule    GB/T 8170 half to even, then the comparison: through the exact bound of ``outlook.meeting_bound``
        """
        edge, inclusive = meeting_bound(limit, places, comparator)
        if not self.remaining:
            bound, known = float(edge), self._whole(0.0)
            return float(known < bound or (inclusive and known == bound))
        rest = (float(edge) * (self.count + self.remaining) - self.total) / self.remaining
        if rest <= 0:
            return 0.0
        return 0.5 * erfc((self.mu - log(rest)) / (self.sigma * sqrt(2)))

    def _whole(self, rest: float) -> float:
        return (self.total + self.remaining * rest) / (self.count + self.remaining)


@dataclass(frozen=True, slots=True)
class DaysEnd:
    """Days of a kind at the end of the year: ``so_far`` plus k with probability ``chances[k]``.

    ``valid`` days with an AQI so far; all remaining days are taken as valid.
    """

    so_far: int
    valid: int
    chances: tuple[float, ...]

    @property
    def remaining(self) -> int:
        """Days still to come."""
        return len(self.chances) - 1

    @property
    def mean(self) -> float:
        """Expected days of the kind in the year."""
        return self.so_far + sum(k * chance for k, chance in enumerate(self.chances))

    def quantile(self, probability: float) -> float:
        """Days the year stays below with this probability, between whole days by the middle of each step.

        Whole days alone would make an interval of 80 % hold more than that; the middles make it hold 80 % where many
        counts are possible. Where one count takes nearly everything both ends lie on it.
        """
        points: list[tuple[float, float]] = []
        below = 0.0
        for k, chance in enumerate(self.chances):
            if chance > 0:
                points.append((below + chance / 2, float(k)))
            below += chance
        if probability <= points[0][0]:
            return self.so_far + points[0][1]
        for (low, first), (high, second) in pairwise(points):
            if probability <= high:
                return self.so_far + first + (second - first) * (probability - low) / (high - low)
        return self.so_far + points[-1][1]

    def at_most(self, days: int) -> float:
        """Probability of at most this many days of the kind in the year."""
        return min(1.0, sum(self.chances[: max(0, days - self.so_far + 1)]))

    def meeting(self, limit: Fraction, comparator: str = "<=") -> float:
        """Probability that the number of days meets a limit."""
        return self.at_most(self.so_far + days_allowed(self.so_far, limit, comparator))

    def share_without(self, days: float) -> float:
        """Days not of the kind in percent of the valid days of the year, if there are ``days`` of the kind."""
        return 100 * (1 - days / (self.valid + self.remaining))

    def meeting_ratio(self, limit: Fraction, places: int, comparator: str = ">=") -> float:
        """Probability that the rounded share of days not of the kind (the good-day ratio) meets a limit in percent."""
        budget = good_day_budget(self.valid - self.so_far, self.valid, self.remaining, limit, places, comparator)
        return self.at_most(budget.year_days - budget.needed)


def forecast_mean(seen: Sequence[MeanBlock], coming: Sequence[MeanBlock], year: int, table: FieldTable) -> MeanEnd:
    """Annual mean of ``year`` from the blocks seen (earlier years and this one) and those to come.

    Shape   ``coming`` blocks have days and no total; each of their days is taken to become valid
    Errors  ValueError where nothing was seen or comes
    """
    now = [one for one in seen if one.month // 12 == year]
    total, count = sum(one.total for one in now), sum(one.days for one in now)
    remaining = sum(one.days for one in coming)
    if not remaining:
        if not count:
            raise ValueError("a year without a valid day has no mean")
        return MeanEnd(total, count, 0)
    used = [one for one in seen if one.days > 0]
    months = np.array([one.month for one in (*used, *coming)], dtype=float)
    logs = [max(_LEAST_LOG, log(max(one.total / one.days, 1e-9))) for one in used] + [0.0] * len(coming)
    spread = day_variance(months, table)
    weights = np.array([one.days for one in used] + [0] * len(coming)) / spread
    field = seen_means(np.array([logs]), weights[None, :], prior_mean(months, table), prior_covariance(months, table))
    days = np.array([one.days for one in coming], dtype=float)
    first = len(used)
    covariance = field.covariance()[0, first:, first:] + np.diag(spread[first:] / days)
    return MeanEnd(total, count, remaining, *_rest_lognormal(field.mean[0, first:], covariance, days))


def _rest_lognormal(mean: Array, covariance: Array, days: Array) -> tuple[float, float]:
    """Lognormal with the first two moments of the day-weighted mean of lognormal blocks (Fenton and Wilkinson)."""
    share = days / days.sum()
    centre = share * np.exp(mean + np.diagonal(covariance) / 2)
    first = float(centre.sum())
    second = float(centre @ np.exp(covariance) @ centre)
    variance = max(log(second / first**2), 1e-12)
    return log(first) - variance / 2, sqrt(variance)


def forecast_days(seen: Sequence[DaysBlock], coming: Sequence[DaysBlock], year: int, table: FieldTable) -> DaysEnd:
    """Days of a kind in ``year`` from the blocks seen (earlier years and this one) and those to come."""
    now = [one for one in seen if one.month // 12 == year]
    so_far, valid = sum(one.kind for one in now), sum(one.days for one in now)
    if not sum(one.days for one in coming):
        return DaysEnd(so_far, valid, (1.0,))
    used = [one for one in seen if one.days > 0]
    months = np.array([one.month for one in (*used, *coming)], dtype=float)
    counts = np.array([[float(one.kind) for one in used] + [0.0] * len(coming)])
    trials = np.array([[float(one.days) for one in used] + [0.0] * len(coming)])
    mean, covariance = prior_mean(months, table), prior_covariance(months, table)
    field = seen_shares(counts, trials, table.clustering, mean, covariance)
    first = len(used)
    days = np.array([one.days for one in coming], dtype=float)
    left = field.covariance()[0, first:, first:]
    expected, variance = _rest_days(field.mean[0, first:], left, days, table.clustering)
    return DaysEnd(so_far, valid, _beta_binomial(int(days.sum()), expected, variance))


def _rest_days(mean: Array, covariance: Array, days: Array, clustering: float) -> tuple[float, float]:
    """Expected days and their variance: uncertain shares, and days that come in spells."""
    spread = np.sqrt(np.diagonal(covariance))
    shares = 1 / (1 + np.exp(-(mean[:, None] + spread[:, None] * _NODES)))
    centre = shares @ _WEIGHTS
    deviation = np.sqrt(np.maximum(shares**2 @ _WEIGHTS - centre**2, 0))
    together = covariance / np.outer(spread, spread)
    uncertain = float((days * deviation) @ together @ (days * deviation))
    spells = float((days * ((shares * (1 - shares)) @ _WEIGHTS)).sum()) * clustering
    return float((days * centre).sum()), uncertain + spells


def _beta_binomial(days: int, expected: float, variance: float) -> tuple[float, ...]:
    """Chances of 0 … ``days`` with this expectation and variance; at least the scatter of independent days."""
    share = min(max(expected / days, 1e-9), 1 - 1e-9)
    alone = days * share * (1 - share)
    apart = (variance / alone - 1) / (days - 1) if days > 1 else 0.0
    apart = min(max(apart, 1e-6), 0.999)
    size = 1 / apart - 1
    a, b = share * size, (1 - share) * size
    logs = [
        lgamma(days + 1) - lgamma(k + 1) - lgamma(days - k + 1)
        + lgamma(k + a) + lgamma(days - k + b) - lgamma(size + days) + lgamma(size) - lgamma(a) - lgamma(b)
        for k in range(days + 1)
    ]  # fmt: skip
    chances = [exp(one) for one in logs]
    whole = sum(chances)
    return tuple(one / whole for one in chances)
