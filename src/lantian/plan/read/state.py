"""What a document says of all its targets, and what one clause of a sentence leaves to the next."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from lantian.plan.read.deadlines import Deadline
from lantian.plan.read.flat import Flat


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands above a sentence: the year before which a date is past, the one year the document is for, its last year,
    the deadline of a declaration (完成时限), and the date that a section of targets has named before.
    """

    first_year: int | None = None
    single_year: int | None = None
    deadline: str | None = None
    last_year: int | None = None
    carried: str | None = None

    @property
    def by(self) -> str | None:
        """The deadline of a target that names none; 长期坚持 is none."""
        own = self.deadline if self.deadline and re.search(r"\d|每", self.deadline) else None
        return own or self.carried

    def dated(self, deadline: str | None, carried: str | None = None) -> Frame:
        """The frame with the deadline of a declaration and the date carried on."""
        return replace(self, deadline=deadline or self.deadline, carried=carried)


@dataclass(slots=True)
class State:
    """What a clause leaves to the next of its sentence."""

    deadlines: list[Deadline] = field(default_factory=list)
    indicator: Flat | None = None
    scope: Flat | None = None
    general: Flat | None = None  # 全市: holds for the whole sentence
    strength: str = "约束"
    leading: str = "约束"  # the word of strength before the date, for all that follows
    base: int | None = None
    ahead: bool = False  # the date says by when (到…年, …前)
    frame_start: int | None = None  # where a clause that only gives a date begins
    last: tuple[str, str, str] | None = None  # predicate, unit and suffix of the target before
    pending: str | None = None  # 分别达到：
    work: Flat | None = None  # what was done to what, for “再完成80台”
    shares: bool = False  # the sentence counts shares of a whole (完成总数的40%)
