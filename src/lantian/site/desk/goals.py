"""The plan's targets as the desk shows them: those computed from air data one by one, the others counted by state."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from lantian.plan.state.model import PRESSING, STATE_WORDS, State, TargetState
from lantian.render.daily_report import Goal
from lantian.rulebook import Plan
from lantian.site import configured

# figure of the desk's table of the year -> what answers a target about it
METRICS = {
    "pm25": "pm25_annual_mean",
    "good_ratio": "good_day_ratio",
    "heavy_days": "heavy_pollution_days",
}


@dataclass(frozen=True, slots=True)
class Goals:
    """Goals by row of the table of the year, and how many of the plan's other targets are in each state."""

    by_row: dict[str, Goal]
    others: tuple[tuple[str, str, int], ...]

    @property
    def shown(self) -> tuple[Goal, ...]:
        """The goals computed from air data, in the order of the table."""
        return tuple(self.by_row.values())


def goals(as_of: date) -> Goals:
    """The configured plan's goals as of a day; where states cannot be had there are none."""
    plan = configured.plan()
    return arranged(plan, target_states(as_of))


def target_states(as_of: date) -> dict[str, TargetState]:
    """State of every target of the configured plan as of a day."""
    return {}


def arranged(plan: Plan, states: dict[str, TargetState]) -> Goals:
    """Goals of these states: the latest deadline of each metric, one target for each row."""
    by_row: dict[str, Goal] = {}
    used: set[str] = set()
    for row, metric in METRICS.items():
        known = [
            states[target.id] for target in plan.targets if target.answered_by.by == metric and target.id in states
        ]
        used |= {state.target_id for state in known}
        if known:
            names = {target.id: target.indicator.zh for target in plan.targets}
            chosen = min(known, key=lambda state: PRESSING.index(state.state))
            by_row[row] = goal(names[chosen.target_id], chosen)
    counts = Counter(state.state for state in states.values() if state.target_id not in used)
    others = tuple((state.value, STATE_WORDS[state].zh, counts[state]) for state in PRESSING if counts[state])
    return Goals(by_row, others)


def goal(name: str, state: TargetState) -> Goal:
    """One target's state in the words of the desk."""
    rest = "；".join(text.zh.rstrip("。") for text in state.budget) or None
    return Goal(
        target=state.target_id,
        name=name,
        limit=state.limit_text.zh,
        value=state.value_text.zh if state.value is not None else None,
        unit=state.unit,
        state=State(state.state).value,
        word=state.word.zh,
        flags=tuple(flag.value for flag in state.flags),
        rest=rest,
    )
