"""What a state is, what it is judged from, and what is said with it.

Callers fill ``Aim`` from a plan's target, ``YearLimit`` from what the province issued for a year, ``Measured`` from
series and ``Said`` from what a person entered; nothing here knows where those are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from lantian.basis.determination import Basis, Determination
from lantian.basis.finding import Text


class State(StrEnum):
    """State of an item; the values are those pages and programs see."""

    NO_DATA = "no_data"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    MISSED = "missed"
    MET = "met"
    NOT_COMPUTED = "not_computed"


class Flag(StrEnum):
    """What stands beside a state: not final, simulated figures, law or curated data not verified."""

    PROVISIONAL = "provisional"
    SIMULATED = "simulated"
    UNVERIFIED = "unverified"


STATE_WORDS = {
    State.ON_TRACK: Text("预计可完成", "on track"),
    State.AT_RISK: Text("滞后风险", "at risk"),
    State.MISSED: Text("未完成", "missed"),
    State.MET: Text("已完成", "met"),
    State.NO_DATA: Text("无数据", "no data"),
    State.NOT_COMPUTED: Text("不计算", "not computed"),
}
FLAG_WORDS = {
    Flag.PROVISIONAL: Text("暂定", "provisional"),
    Flag.SIMULATED: Text("模拟数据", "simulated data"),
    Flag.UNVERIFIED: Text("未核实依据", "basis not verified"),
}
PRESSING = (State.MISSED, State.AT_RISK, State.ON_TRACK, State.NO_DATA, State.MET, State.NOT_COMPUTED)


def most_pressing(states: tuple[State, ...]) -> State:
    """The state an article or a plan shows for its items; without items nothing is computed.

    ``met`` therefore only where every computed item is met.
    """
    return min(states, key=PRESSING.index, default=State.NOT_COMPUTED)


@dataclass(frozen=True, slots=True)
class Aim:
    """A target as far as its state needs it; ``begins`` the day the plan was issued, where known."""

    id: str
    kind: str
    comparator: str
    value: Fraction | None
    unit: str
    deadline: str | None
    begins: date | None
    metric: str | None = None
    upper: Fraction | None = None
    strength: str | None = None
    verified: bool = True


@dataclass(frozen=True, slots=True)
class YearLimit:
    """What the province issued for one year: the limit in force of that year, with its document."""

    year: int
    comparator: str
    value: Fraction
    unit: str
    document: str
    issued_on: date | None = None
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """The limit a state is judged by; ``source`` says whose it is."""

    comparator: str
    value: Fraction | None
    upper: Fraction | None
    unit: str
    year: int | None
    source: Text
    issued: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """A metric over one calendar year up to ``as_of``, as far as it can be judged against one limit.

    ``value`` so far, ``best`` the best the year can still end with, ``expected`` its end if the rest is as in earlier
    years; all exact. ``valid``: after the year, whether it counts; before, whether it can still come to count.
    """

    metric: str
    year: int
    value: Fraction | None
    best: Fraction | None
    expected: Fraction | None
    places: int
    unit: str
    days: int
    complete: bool
    valid: bool
    lower_is_better: bool
    basis: Basis
    determination: Determination
    reviewed: bool = False
    simulated: bool = False
    verified: bool = True
    budget: tuple[Text, ...] = ()
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """A figure of another year shown beside a target, without any verdict."""

    year: int
    text: str
    valid: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What a person entered about an item: a value, a share done (percent) or a state, up to a date.

    ``recognised``: the province (or who assesses) has recognised it; ``reviewed``: someone else has checked it.
    """

    item: str
    on: date
    value: Fraction | None = None
    value_text: str | None = None
    unit: str = ""
    share: Fraction | None = None
    state: State | None = None
    recognised: bool = False
    reviewed: bool = False
    simulated: bool = False
    note: str = ""
    ref: str = ""


@dataclass(frozen=True, slots=True)
class TargetState:
    """State of one target with everything a page says beside it.

    ``value`` and ``limit`` are decimal texts or None; ``outlook`` what the year is expected to end with; ``budget``
    what is still allowed; ``plan_limit_text`` the plan's own limit where the year's is in force.
    """

    target_id: str
    state: State
    flags: tuple[Flag, ...]
    value: str | None
    value_text: Text
    unit: str
    limit: str | None
    limit_text: Text
    limit_source: Text
    plan_limit_text: Text | None
    comparator: str
    period: str | None
    basis: Basis | None
    deadline: date | None
    outlook: Text | None
    budget: tuple[Text, ...]
    reason: Text
    notes: tuple[Text, ...]
    determination: Determination | None = None
    comparisons: tuple[Comparison, ...] = ()
    recognised: bool | None = None
    said: Said | None = None

    @property
    def word(self) -> Text:
        """The state's word; met but not recognised says so."""
        return met_word(self.recognised) if self.state is State.MET else STATE_WORDS[self.state]


def met_word(recognised: bool | None) -> Text:
    """已完成, with 待省认定 until the province has recognised it."""
    if recognised is False:
        return Text("已完成（待省认定）", "met (recognition pending)")
    return STATE_WORDS[State.MET]


@dataclass(frozen=True, slots=True)
class ItemState:
    """State of a rule, a procedure or a responsibility group; ``task`` names the year's task it was read from."""

    item_id: str
    state: State
    flags: tuple[Flag, ...]
    reason: Text
    recognised: bool | None = None
    deadline: date | None = None

    @property
    def word(self) -> Text:
        """The state's word; met but not recognised says so."""
        return met_word(self.recognised) if self.state is State.MET else STATE_WORDS[self.state]
