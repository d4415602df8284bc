"""A city's months as one Gaussian field: level, season, slow change from year to year, weather of the month.

Floating point is used throughout: these are expectations, not figures that are reported or judged; what is compared
with a limit goes through the exact bounds of ``air.outlook``. Nothing is drawn at random.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

COLD_MONTHS: Final = (1, 2, 10, 11, 12)
_ROUNDS = 60
_CLOSE = 1e-6
_STEP_LIMIT = 2.0  # longest step of one round on the logit scale, so that Newton's method does not overshoot


@dataclass(frozen=True, slots=True)
class FieldTable:
    """Pooled parameters of one series of months (logarithm of a mean, or logit of a share of days).

    ``level``, ``level_sd`` of cities; ``season`` twelve deviations from the level, January first; ``season_sd`` and
    ``season_length`` (months) how far a city's own season may differ; ``step`` slow change in a year;
    ``cold_sd``, ``warm_sd`` weather of a month; ``carry`` correlation of that weather with the following month;
    ``day_sd_cold``, ``day_sd_warm`` what a day scatters, freed of its neighbours (logarithm of a mean); ``clustering``
    how much more days of a kind scatter than independent ones (share of days).
    """

    level: float
    level_sd: float
    season: tuple[float, ...]
    season_sd: float
    season_length: float
    step: float
    cold_sd: float
    warm_sd: float
    carry: float
    day_sd_cold: float = 0.0
    day_sd_warm: float = 0.0
    clustering: float = 1.0

    def __post_init__(self) -> None:
        if len(self.season) != 12:
            raise ValueError("a season has twelve months")
        if not 0 <= self.carry < 1 or min(self.level_sd, self.season_sd, self.step, self.cold_sd, self.warm_sd) < 0:
            raise ValueError("standard deviations cannot be negative, the carry lies from 0 to below 1")


def month_number(year: int, month: int) -> int:
    """Running number of a month, so that neighbouring months differ by one."""
    return 12 * year + month - 1


def cold(months: Array) -> NDArray[np.bool_]:
    """Whether a running month number lies in the months of stagnant air and heating."""
    inside: NDArray[np.bool_] = np.isin(months % 12 + 1, COLD_MONTHS)
    return inside


def prior_mean(months: Array, table: FieldTable) -> Array:
    """What the pool of cities expects of each month."""
    mean: Array = table.level + np.asarray(table.season)[months.astype(int) % 12]
    return mean


def prior_covariance(months: Array, table: FieldTable) -> Array:
    """Covariance of a city's months before anything was seen of it."""
    apart = np.abs(months[:, None] - months[None, :])
    season = np.exp(-2 * np.sin(np.pi * apart / 12) ** 2 / (2 * np.sin(np.pi * table.season_length / 24)) ** 2)
    since = months - months.min()
    slow = np.minimum(since[:, None], since[None, :]) / 12
    weather = np.where(cold(months), table.cold_sd, table.warm_sd)
    total: Array = (
        table.level_sd**2
        + table.season_sd**2 * season
        + table.step**2 * slow
        + weather[:, None] * weather[None, :] * table.carry**apart
    )
    return total


def day_variance(months: Array, table: FieldTable) -> Array:
    """Variance of one day of a month, freed of its neighbours, on the scale of the logarithm."""
    spread: Array = np.where(cold(months), table.day_sd_cold, table.day_sd_warm) ** 2
    return spread


@dataclass(frozen=True, slots=True)
class Posterior:
    """Field after what was seen: mean per city, how likely what was seen was (logarithm), and what is left unknown."""

    mean: Array
    evidence: Array
    root: Array
    prior: Array

    def covariance(self) -> Array:
        """Covariance that is left, city by city."""
        half = self.root[:, :, None] * self.prior
        left: Array = self.prior - np.swapaxes(half, 1, 2) @ np.linalg.solve(_b(self.root, self.prior), half)
        return left


def seen_means(logs: Array, weights: Array, mean: Array, covariance: Array) -> Posterior:
    """Field after logarithms of monthly means.

    Shape   ``logs`` and ``weights`` (1/variance, 0 where nothing was seen) cities × months
    """
    root = np.sqrt(weights)
    b = _b(root, covariance)
    off = np.where(weights > 0, logs - mean, 0.0)
    smooth = root * _solve(b, root * off)
    density = np.where(weights > 0, np.log(np.where(weights > 0, weights, 1.0)), 0.0).sum(1)
    evidence = -0.5 * (off * smooth).sum(1) - _half_log_det(b) + 0.5 * density
    return Posterior(mean + smooth @ covariance, evidence, root, covariance)


def seen_shares(
    counts: Array, days: Array, clustering: float, mean: Array, covariance: Array, start: Array | None = None
) -> Posterior:
    """Field of the logit of a share of days after counts of days (Laplace's approximation).

    Shape   ``counts`` of ``days`` (0 where nothing was seen), both cities × months; ``start`` a field close by
    """
    trials, hits = days / clustering, counts / clustering
    field = np.broadcast_to(mean, trials.shape) if start is None else start
    for _ in range(_ROUNDS):
        share = 1 / (1 + np.exp(-field))
        weights = trials * share * (1 - share)
        root = np.sqrt(weights)
        slope = weights * (field - mean) + hits - trials * share
        smooth = slope - root * _solve(_b(root, covariance), root * (slope @ covariance))
        move = np.clip(mean + smooth @ covariance - field, -_STEP_LIMIT, _STEP_LIMIT)
        field = field + move
        if np.abs(move).max() < _CLOSE:
            break
    fit = (hits * field - trials * np.logaddexp(0, field)).sum(1)
    evidence = fit - 0.5 * ((field - mean) * smooth).sum(1) - _half_log_det(_b(root, covariance))
    return Posterior(field, evidence, root, covariance)


def _b(root: Array, covariance: Array) -> Array:
    total: Array = np.eye(covariance.shape[0]) + root[:, :, None] * covariance * root[:, None, :]
    return total


def _solve(matrix: Array, right: Array) -> Array:
    solution: Array = np.linalg.solve(matrix, right[:, :, None])[:, :, 0]
    return solution


def _half_log_det(matrix: Array) -> Array:
    diagonal: Array = np.log(np.diagonal(np.linalg.cholesky(matrix), axis1=1, axis2=2)).sum(1)
    return diagonal
