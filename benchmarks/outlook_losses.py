"""Where the back-test gains and loses: other readings of the Brier score, and the losses by distance to the limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.outlook_runs import GUIDE, REQUIRED_FROM, STARTS, Run
from benchmarks.outlook_score import Forecast, by_group, gain, promised

_EDGE = GUIDE + 0.5  # the mean that is no longer printed as the limit
_BANDS = ((0.0, 2.0), (2.0, 5.0), (5.0, 1000.0))


def readings(done: Sequence[Run], province: Mapping[str, str]) -> str:
    """One line a run and limit: the gain in Brier score from July on and over all dates, and how far it can be trusted.

    “If true”: the gain that would have come had things happened with the probabilities foretold. “Without one
    province”: the gain without the province that lowers, or raises, it most.
    """
    head = f"{'gain in Brier score, %':<36}{'1 Jul–1 Dec':>12}{'if true':>9}{'all dates':>11}  without one province"
    lines = [head]
    for run in done:
        late, every = run.since(REQUIRED_FROM), run.since(min(STARTS))
        for key in sorted({key for one in late for key, *_ in one.limits}):
            most, least = by_group(key, late, province)
            lines.append(
                f"{run.label + ' ' + key:<36}{_percent(gain(key, late)):>12}{_percent(promised(key, late)):>9}"
                f"{_percent(gain(key, every)):>11}  {_percent(least)} to {_percent(most)}"
            )
    return "\n".join(lines)


def losses(run: Run) -> str:
    """Brier sums of the limit of 35 from July on, by how far the year ended from it: cities, ours, naive."""
    late = run.since()
    lines = [f"{run.label}: distance of the year from {_EDGE}, cities, sum of Brier ours and naive (≤{GUIDE})"]
    for low, high in _BANDS:
        found = [one for one in late if low <= abs(one.outcome - _EDGE) < high]
        ours, naive = _sums(found)
        lines.append(f"  {low:g}–{high:g} µg/m³  {len({one.city for one in found}):>4}{ours:>8.2f}{naive:>8.2f}")
    worst = sorted({one.city for one in late}, key=lambda city: -_sums([one for one in late if one.city == city])[0])
    for city in worst[:5]:
        own = [one for one in late if one.city == city]
        ours, naive = _sums(own)
        lines.append(f"    {city} {own[0].outcome:.1f}{ours:>8.2f}{naive:>8.2f}")
    return "\n".join(lines)


def _sums(forecasts: Sequence[Forecast]) -> tuple[float, float]:
    found = [limit for one in forecasts for limit in one.limits if limit[0] == f"≤{GUIDE}"]
    return sum((chance - was) ** 2 for _, chance, was, _ in found), sum(naive != was for _, _, was, naive in found)


def _percent(share: float) -> str:
    return f"{100 * share:+.0f}"
