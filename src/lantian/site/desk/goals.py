"""The plan's targets as the desk shows them: those computed from air data one by one, the others counted by state."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings

from lantian.plan.state.model import PRESSING, STATE_WORDS, Flag, State, TargetState
from lantian.render.daily_report import Goal
from lantian.rulebook import Plan
from lantian.site.living.selectors import seen, states_of
from lantian.site.people.models import User
from lantian.work.air_basis import DecidedBasis

# figure of the desk's table of the year -> what answers a target about it
METRICS = {
    "pm25": "pm25_annual_mean",
    "good_ratio": "good_day_ratio",
    "heavy_days": "heavy_pollution_days",
}
NAMES = {"pm25": "PM2.5 年均浓度", "good_ratio": "优良天数比率", "heavy_days": "重度及以上污染天数"}


@dataclass(frozen=True, slots=True)
class Goals:
    """Goals by row of the table of the year, and how many of the plan's other targets are in each state."""

    by_row: dict[str, Goal]
    others: tuple[tuple[str, str, int], ...]

    @property
    def shown(self) -> tuple[Goal, ...]:
        """The goals computed from air data, in the order of the table."""
        return tuple(self.by_row.values())

    @property
    def unverified(self) -> bool:
        """Whether any of them rests on law or curated data that is not verified."""
        return any(Flag.UNVERIFIED.value in one.flags for one in self.by_row.values())


def goals(as_of: date, viewer: User) -> Goals:
    """The configured plan's goals as of a day, as this viewer may see them."""
    view = seen(settings.PLAN, viewer)
    if view.as_of != as_of:
        view = replace(view, as_of=as_of, version=(view.version, as_of))
    states = states_of(view, viewer)
    return arranged(view.plan, states.targets, states.decided)


def arranged(plan: Plan, states: Mapping[str, TargetState], decided: Mapping[str, DecidedBasis]) -> Goals:
    """Goals of these states: of the targets about one metric the most pressing; the others counted once each.

    ``decided`` the basis of a target somebody decided: its value may differ from the table's and is said beside it.
    """
    by_row: dict[str, Goal] = {}
    used = {target.id for target in plan.targets if target.same_as}  # said twice in the plan, counted once
    for row, metric in METRICS.items():
        known = [
            states[target.id] for target in plan.targets if target.answered_by.by == metric and target.id in states
        ]
        if known:
            chosen = min(known, key=lambda state: (PRESSING.index(state.state), state.target_id in used))
            by_row[row] = goal(NAMES[row], chosen, decided.get(chosen.target_id))
        used |= {state.target_id for state in known}
    counts = Counter(state.state for state in states.values() if state.target_id not in used)
    others = tuple((state.value, STATE_WORDS[state].zh, counts[state]) for state in PRESSING if counts[state])
    return Goals(by_row, others)


def goal(name: str, state: TargetState, decided: DecidedBasis | None = None) -> Goal:
    """One target's state in the words of the desk."""
    words = [_short(text.zh) for text in state.budget]
    if decided and state.value is not None:
        words.insert(0, f"登记口径（{decided.document}）{state.value_text.zh}")
    rest = "；".join(words) or None
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


def _short(text: str) -> str:
    """A sentence without brackets, limit said twice and full stop; the why page has it whole."""
    return re.sub(r"（[^）]*）|，年均浓度修约后即不超过 [\d.]+", "", text).rstrip("。")
