"""Pooled parameters of the monthly field from the months of many cities: largest evidence, found without chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from lantian.air.month_field import (
    Array,
    FieldTable,
    Posterior,
    cold,
    day_variance,
    prior_covariance,
    prior_mean,
    seen_means,
    seen_shares,
)

_MOVED = ("season_sd", "season_length", "step", "cold_sd", "warm_sd", "carry", "level_sd")
_BOUNDS = {
    "season_sd": (0.01, 3.0),
    "season_length": (0.5, 6.0),
    "step": (0.01, 2.0),
    "cold_sd": (0.01, 3.0),
    "warm_sd": (0.01, 3.0),
    "carry": (0.02, 0.95),
    "level_sd": (0.05, 5.0),
}
COARSE_TO_FINE = (1.6, 1.25, 1.1, 1.04)  # steps of the search
_TURNS = 12
_CENTRINGS = 5
_ENOUGH = 0.1  # of evidence (logarithm) in a whole turn: less is not worth another
_SMALL = 1e-6


@dataclass(frozen=True, slots=True)
class MeanMonths:
    """Monthly means of many cities: running month numbers, logarithms and valid days (0 where there is none)."""

    months: Array
    logs: Array
    days: Array

    def posterior(self, table: FieldTable, start: Array | None = None) -> Posterior:
        """Field of each city after its months."""
        weights = self.days / np.maximum(day_variance(self.months, table), _SMALL)
        return seen_means(self.logs, weights, prior_mean(self.months, table), prior_covariance(self.months, table))


@dataclass(frozen=True, slots=True)
class ShareMonths:
    """Days of a kind in the months of many cities: running month numbers, counts and valid days."""

    months: Array
    counts: Array
    days: Array

    def posterior(self, table: FieldTable, start: Array | None = None) -> Posterior:
        """Field of each city after its months."""
        mean, covariance = prior_mean(self.months, table), prior_covariance(self.months, table)
        return seen_shares(self.counts, self.days, table.clustering, mean, covariance, start)


def fitted(
    seen: MeanMonths | ShareMonths, start: FieldTable, rounds: int = 3, factors: Sequence[float] = COARSE_TO_FINE
) -> FieldTable:
    """Table with the largest evidence of all cities together, from a start that names what days scatter.

    Level and season follow the pool (expectation step), the spreads a search with shrinking ``factors``; in turns.
    """
    table = start
    for _ in range(rounds):
        for _ in range(_CENTRINGS):
            table = _centred(seen, table)
        table = _searched(seen, table, factors)
    return table


def _centred(seen: MeanMonths | ShareMonths, table: FieldTable) -> FieldTable:
    """Level and season moved to where the cities' fields lie on average, weighted by how much was seen."""
    field = seen.posterior(table).mean
    season = np.asarray(table.season)
    moved = season.copy()
    numbers = seen.months.astype(int) % 12
    for number in range(12):
        here = numbers == number
        weight = seen.days[:, here]
        if weight.sum() > 0:
            moved[number] = (weight * field[:, here]).sum() / weight.sum() - table.level
    centre = float(moved.mean())
    return replace(table, level=table.level + centre, season=tuple(float(one) for one in moved - centre))


def _searched(seen: MeanMonths | ShareMonths, table: FieldTable, factors: Sequence[float]) -> FieldTable:
    here = seen.posterior(table)
    best, field = float(here.evidence.sum()), here.mean
    for factor in factors:
        for _ in range(_TURNS):
            before = best
            for name in _MOVED:
                for by in (factor, 1 / factor):
                    change: dict[str, Any] = {name: float(np.clip(getattr(table, name) * by, *_BOUNDS[name]))}
                    trial = replace(table, **change)
                    found = seen.posterior(trial, field)
                    evidence = float(found.evidence.sum())
                    if evidence > best + _SMALL:
                        table, best, field = trial, evidence, found.mean
                        break
            if best - before < _ENOUGH:
                break
    return table


def day_spread(thirds: Array, days: Array, months: Array) -> tuple[float, float]:
    """Spread of a day, freed of its neighbours, in cold and warm months, from the scatter of thirds of a month.

    Shape   logarithms of means of thirds and their valid days, cities × months × 3
    """
    found = []
    for season in (cold(months), ~cold(months)):
        values, weights = thirds[:, season], days[:, season]
        whole = (weights >= 7).all(2)
        values, weights = values[whole], weights[whole]
        centre = (values * weights).sum(1, keepdims=True) / weights.sum(1, keepdims=True)
        found.append(float(np.sqrt((weights * (values - centre) ** 2).sum() / (2 * len(values)))))
    return found[0], found[1]


def day_clustering(thirds: Array, days: Array) -> float:
    """How much more days of a kind scatter between the thirds of a month than independent days would (at least 1).

    Shape   counts in thirds and their valid days, cities × months × 3
    """
    whole = (days >= 7).all(2)
    counts, valid = thirds[whole], days[whole]
    share = counts.sum(1, keepdims=True) / valid.sum(1, keepdims=True)
    between = ((counts - valid * share) ** 2 / valid).sum()
    alone = (2 * share * (1 - share)).sum()
    return max(1.0, float(between / alone)) if alone > 0 else 1.0
