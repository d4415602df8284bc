"""State of a target that people's entries answer: completion, and numbers no series here gives.

Progress in step with time (序时进度): before the deadline a share done counts as on track where it is not below the
share of the time gone between the issue of the plan and the deadline. No other threshold is used.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from lantian.basis.finding import Text
from lantian.basis.period import DAY, year
from lantian.plan.state.compare import (
    ABOUT,
    ABOUT_NOTE,
    BASICALLY_NOTE,
    DONE,
    limit_text,
    meets,
    number,
    with_unit,
)
from lantian.plan.state.deadline import Deadline, deadline
from lantian.plan.state.measured import NOT_ISSUED
from lantian.plan.state.model import Aim, Flag, Limit, Said, State, TargetState

_WHOLE = Fraction(100)
_UPWARD = (">=", ">", "=", ABOUT, "range")
_Verdict = tuple[State, Text]


def latest(entries: Iterable[Said], as_of: date) -> Said | None:
    """The entry that counts: the last one up to the end of ``as_of``; a recognised one before others of its day."""
    known = [one for one in entries if one.on <= as_of]
    return max(known, key=lambda one: (one.on, one.recognised), default=None)


def entered_state(aim: Aim, limit: Limit, entries: Iterable[Said], as_of: date) -> TargetState:
    """State of a target answered by what people entered about it.

    Rule    done and reported is met at once (待省认定 until recognised), for it does not go back; a number is met or
            missed by an entry for the end of the deadline, before that on_track or at_risk; without an entry no_data
    """
    when = deadline(aim.deadline)
    last = year(limit.year).last if limit.issued and limit.year else when.last
    if when.yearly and last is None:
        last = year(as_of.year).last
    said = latest(_of_period(entries, when, limit, as_of), as_of)
    state, reason = _judged(aim, limit, said, as_of, last)
    notes: tuple[Text, ...] = ()
    if limit.comparator == ABOUT:
        notes += (ABOUT_NOTE,)
    if limit.comparator == "basically_all":
        notes += (BASICALLY_NOTE,)
    value = _value(said)
    return TargetState(
        target_id=aim.id,
        state=state,
        flags=_flags(aim, said),
        value=value,
        value_text=_value_text(said, limit),
        unit=limit.unit,
        limit=None if limit.value is None or limit.comparator in DONE else number(limit.value),
        limit_text=limit_text(limit.comparator, limit.value, limit.upper, limit.unit),
        limit_source=limit.source,
        plan_limit_text=_own(aim) if limit.issued else None,
        comparator=limit.comparator,
        period=said.on.isoformat() if said else None,
        basis=None,
        deadline=when.last,
        outlook=None,
        budget=(),
        reason=reason,
        notes=notes,
        recognised=said.recognised if said else None,
        said=said,
    )


def _own(aim: Aim) -> Text:
    return limit_text(aim.comparator, aim.value, aim.upper, aim.unit)


def _of_period(entries: Iterable[Said], when: Deadline, limit: Limit, as_of: date) -> list[Said]:
    """Entries that speak of the judged period: every one up to a deadline, only this year's for a yearly number."""
    if not (when.yearly or limit.issued):
        return list(entries)
    days = year(limit.year or as_of.year)
    return [one for one in entries if one.on in days]


def _flags(aim: Aim, said: Said | None) -> tuple[Flag, ...]:
    flags = []
    if said and not (said.recognised or said.reviewed):
        flags.append(Flag.PROVISIONAL)
    if said and said.simulated:
        flags.append(Flag.SIMULATED)
    if not aim.verified:
        flags.append(Flag.UNVERIFIED)
    return tuple(flags)


def _judged(aim: Aim, limit: Limit, said: Said | None, as_of: date, last: date | None) -> _Verdict:
    completion = limit.comparator in DONE
    if not completion and limit.value is None:
        return State.NO_DATA, NOT_ISSUED
    if said is None:
        return State.NO_DATA, _no_entry(as_of, last)
    over = last is not None and as_of >= last
    if said.recognised:
        done = _reached(said, limit)
        if done or over:
            return (State.MET if done else State.MISSED), _recognised(said, limit, done)
    if completion:
        return _completion(aim, said, as_of, last, over)
    return _number(aim, limit, said, as_of, last, over)


def _reached(said: Said, limit: Limit) -> bool:
    """Whether an entry says the target is reached; a recognition of ``about`` and ``basically`` rests on its state."""
    if said.state is not None:
        return said.state is State.MET
    if limit.comparator in DONE:
        return said.share is not None and said.share >= _WHOLE
    return said.value is not None and meets(said.value, limit)


def _completion(aim: Aim, said: Said, as_of: date, last: date | None, over: bool) -> _Verdict:
    if said.state is State.MET or (said.share is not None and said.share >= _WHOLE):
        return State.MET, Text(
            f"{said.on} 报告已完成，待省认定。", f"Reported complete on {said.on}; recognition pending."
        )
    if said.state is State.MISSED:
        return State.MISSED, Text(f"{said.on} 报告未能完成。", f"Reported as not completed on {said.on}.")
    if over:
        return _after(said, last)
    return _on_schedule(aim, said, said.share, as_of, last)


def _number(aim: Aim, limit: Limit, said: Said, as_of: date, last: date | None, over: bool) -> _Verdict:
    bound = limit_text(limit.comparator, limit.value, limit.upper, limit.unit)
    if said.state in (State.MET, State.MISSED):
        zh, en = ("已达到", "reached") if said.state is State.MET else ("未达到", "missed")
        return said.state, Text(f"{said.on} 报告{zh} {bound.zh}。", f"Reported as {en} ({bound.en}) on {said.on}.")
    if over:
        if said.value is None or (last is not None and said.on < last):
            return State.NO_DATA, _no_final(said, last)
        met = meets(said.value, limit)
        figure = with_unit(_value(said) or "—", limit.unit)
        zh, en = ("达到", "meets") if met else ("未达到", "does not meet")
        reason = Text(f"期末为 {figure.zh}，{zh} {bound.zh}。", f"{figure.en} at the end, which {en} {bound.en}.")
        return (State.MET if met else State.MISSED), reason
    if said.value is not None and meets(said.value, limit):
        figure = with_unit(_value(said) or "—", limit.unit)
        return State.ON_TRACK, Text(
            f"{said.on} 为 {figure.zh}，已到 {bound.zh}；期末再作认定。",
            f"{figure.en} on {said.on} already meets {bound.en}; settled at the deadline.",
        )
    share = said.share
    if share is None and said.value is not None and limit.comparator in _UPWARD and limit.value:
        share = said.value / limit.value * _WHOLE
    if share is None and said.state is None and said.value is not None:
        figure = with_unit(_value(said) or "—", limit.unit)
        return State.AT_RISK, Text(
            f"{said.on} 为 {figure.zh}，尚未到 {bound.zh}。", f"{figure.en} on {said.on} does not meet {bound.en} yet."
        )
    return _on_schedule(aim, said, share, as_of, last)


def elapsed(begins: date, last: date, as_of: date) -> Fraction:
    """Share of the time gone between two dates, in percent, the day of ``as_of`` included; 0 … 100."""
    whole = (last + DAY - begins).days
    if whole <= 0:
        return _WHOLE
    return min(_WHOLE, max(Fraction(0), Fraction(100 * (as_of + DAY - begins).days, whole)))


def _on_schedule(aim: Aim, said: Said, share: Fraction | None, as_of: date, last: date | None) -> _Verdict:
    if said.state is not None or share is None or last is None:
        return _as_said(said, share)
    begins = aim.begins if aim.begins is not None and aim.begins <= said.on else year(said.on.year).first
    gone = elapsed(begins, last, said.on)
    state = State.ON_TRACK if share >= gone else State.AT_RISK
    zh, en = ("不低于", "not below") if state is State.ON_TRACK else ("低于", "below")
    done, due = number(share, 0), number(gone, 0)
    return state, Text(
        f"{said.on} 完成 {done}%，{zh}序时进度 {due}%。", f"{done}% done on {said.on}, {en} the {due}% of time gone."
    )


def _as_said(said: Said, share: Fraction | None) -> _Verdict:
    state = said.state or (State.ON_TRACK if share else State.NO_DATA)
    if state is State.NO_DATA:
        return state, Text("填报中没有进展数字。", "The entry gives no progress.")
    words = {State.ON_TRACK: ("正常推进", "on track"), State.AT_RISK: ("滞后", "behind")}
    zh, en = words.get(state, ("进展已填报", "reported"))
    return state, Text(f"{said.on} 报告{zh}。", f"Reported {en} on {said.on}.")


def _after(said: Said, last: date | None) -> _Verdict:
    if last is not None and said.on < last:
        return State.NO_DATA, _no_final(said, last)
    share = "" if said.share is None else f"（完成 {number(said.share, 0)}%）"
    share_en = "" if said.share is None else f" ({number(said.share, 0)}% done)"
    return State.MISSED, Text(f"期限 {last} 已到，未报完成{share}。", f"Not complete{share_en} by {last}.")


def _no_final(said: Said, last: date | None) -> Text:
    return Text(
        f"期限 {last} 已到，期末情况尚未填报（最近一次填报 {said.on}）。",
        f"The deadline {last} has passed; the final figure has not been entered (last entry {said.on}).",
    )


def _no_entry(as_of: date, last: date | None) -> Text:
    if last is not None and as_of >= last:
        return Text(f"期限 {last} 已到，尚无填报。", f"The deadline {last} has passed; nothing was entered.")
    return Text("责任单位尚未填报。", "The responsible body has not entered anything yet.")


def _recognised(said: Said, limit: Limit, done: bool) -> Text:
    bound = limit_text(limit.comparator, limit.value, limit.upper, limit.unit)
    zh, en = ("已完成", "met") if done else ("未完成", "not met")
    return Text(f"经认定{zh}（{bound.zh}，{said.on}）。", f"Recognised as {en} ({bound.en}, {said.on}).")


def _value(said: Said | None) -> str | None:
    if said is None:
        return None
    if said.value is not None:
        return said.value_text or number(said.value)
    return None if said.share is None else number(said.share)


def _value_text(said: Said | None, limit: Limit) -> Text:
    if said is None:
        return Text("—", "—")
    if said.value is not None:
        return with_unit(said.value_text or number(said.value), said.unit or limit.unit)
    if said.share is not None:
        return Text(f"完成 {number(said.share)}%", f"{number(said.share)}% done")
    return Text("已填报", "entered")
