"""Scores of the outlook: share of outcomes inside the interval with its binomial interval, Brier score against naive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan, sqrt
from statistics import NormalDist, mean

_Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Forecast:
    """One forecast and what came: interval, outcome, and per limit (probability, met, naive, key)."""

    city: str
    mean: float
    p10: float
    p90: float
    outcome: float
    mass: float  # chance of the interval to hold the outcome, counts weighted at its ends (counts come in whole days)
    limits: tuple[tuple[str, float, bool, bool], ...]

    @property
    def inside(self) -> bool:
        """Whether the outcome lies in the interval."""
        return self.p10 <= self.outcome <= self.p90


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table."""

    label: str
    n: int
    inside: float
    low: float
    high: float
    mass: float
    width: float
    bias: float
    brier: dict[str, tuple[float, float]]  # per limit: ours, naive

    def gain(self, key: str) -> float | None:
        """How much smaller our Brier score is than the naive one; None where the naive one is 0."""
        ours, naive = self.brier[key]
        return 1 - ours / naive if naive > 0 else None


def line(label: str, forecasts: Sequence[Forecast], cities: int | None = None) -> Line:
    """Scores of some forecasts; ``cities`` how many independent ones stand behind them for the binomial interval."""
    n = len(forecasts)
    inside = mean(one.inside for one in forecasts)
    low, high = wilson(inside, cities or n)
    keys = sorted({key for one in forecasts for key, *_ in one.limits})
    return Line(
        label, n, inside, low, high, mean(one.mass for one in forecasts),
        mean(one.p90 - one.p10 for one in forecasts), mean(one.mean - one.outcome for one in forecasts),
        {key: _brier(key, forecasts) for key in keys},
    )  # fmt: skip


def _brier(key: str, forecasts: Iterable[Forecast]) -> tuple[float, float]:
    found = [limit for one in forecasts for limit in one.limits if limit[0] == key]
    ours = mean((chance - was) ** 2 for _, chance, was, _ in found)
    return ours, mean((naive != was) for _, _, was, naive in found)


def gain(key: str, forecasts: Iterable[Forecast]) -> float:
    """How much smaller our Brier score is than the naive one; nan where the naive one is 0."""
    ours, naive = _brier(key, forecasts)
    return 1 - ours / naive if naive > 0 else nan


def promised(key: str, forecasts: Iterable[Forecast]) -> float:
    """The gain that would come if what happens happened with the probabilities foretold."""
    found = [limit for one in forecasts for limit in one.limits if limit[0] == key]
    ours = sum(chance * (1 - chance) for _, chance, _, _ in found)
    naive = sum(1 - chance if told else chance for _, chance, _, told in found)
    return 1 - ours / naive if naive > 0 else nan


def by_group(key: str, forecasts: Sequence[Forecast], group: Mapping[str, str]) -> tuple[float, float]:
    """The gain without the group of cities that lowers it most, and without the one that raises it most."""
    names = sorted({group[one.city] for one in forecasts})
    left = [gain(key, [one for one in forecasts if group[one.city] != name]) for name in names]
    known = [one for one in left if not isnan(one)]
    return (max(known), min(known)) if known else (nan, nan)


def wilson(share: float, n: int) -> tuple[float, float]:
    """Binomial interval (Wilson, 95 %) of a share."""
    centre = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z * sqrt(share * (1 - share) / n + _Z**2 / (4 * n * n)) / (1 + _Z**2 / n)
    return max(0.0, centre - half), min(1.0, centre + half)


def calibrated(one: Line) -> bool:
    """Whether 75–85 % lie inside.

    For counts the share is that of ``mass``: an interval that ends on whole days holds its ends only in part.
    """
    return 0.75 <= one.mass <= 0.85


def met(one: Line) -> bool:
    """Whether a required line holds: 75–85 % inside, Brier at least 30 % better at each of its limits.

    Limits in brackets are further readings and not asked for.
    """
    return calibrated(one) and all((one.gain(key) or 0.0) >= 0.30 for key in one.brier if not key.startswith("("))


def verdict(one: Line) -> str:
    """Every reading of the requirement on its own, so that none hides behind another."""
    parts = [("ends whole", 0.75 <= one.inside <= 0.85), ("ends in part", calibrated(one))]
    parts += [(f"Brier {key}", (one.gain(key) or 0.0) >= 0.30) for key in one.brier]
    return f"{'met' if met(one) else 'NOT met':<9}{one.label:<26}" + "  ".join(
        f"{name}: {'yes' if holds else 'no'}" for name, holds in parts
    )


def table(title: str, lines: Sequence[Line]) -> str:
    """A table as plain text."""
    head = f"{'as_of':<26}{'n':>6}{'inside':>8}{'95 %':>15}{'mid':>7}{'width':>8}{'bias':>8}  Brier ours/naive (gain)"
    return "\n".join([title, head, *map(_row, lines)])


def _row(one: Line) -> str:
    brier = "  ".join(_brier_text(one, key) for key in one.brier)
    interval = f"[{100 * one.low:.1f}, {100 * one.high:.1f}]"
    return (
        f"{one.label:<26}{one.n:>6}{100 * one.inside:>7.1f}%{interval:>15}{100 * one.mass:>6.1f}%"
        f"{one.width:>8.2f}{one.bias:>+8.2f}  {brier}"
    )


def _brier_text(one: Line, key: str) -> str:
    ours, naive = one.brier[key]
    gain = one.gain(key)
    return f"{key} {ours:.3f}/{naive:.3f} ({'–' if gain is None else f'{100 * gain:+.0f} %'})"
