"""State of a target that series answer: before the end of the judged year from its outlook, after it from its value."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from lantian.basis.finding import Text
from lantian.basis.period import year as year_days
from lantian.plan.state.compare import ABOUT, ABOUT_NOTE, limit_text, meets, number, with_unit
from lantian.plan.state.deadline import Deadline, deadline, judged_year
from lantian.plan.state.model import Aim, Comparison, Flag, Limit, Measured, State, TargetState, YearLimit

OWN_LIMIT = Text("方案规定", "the plan's own limit")


def limit_in_force(aim: Aim, issued: Iterable[YearLimit], as_of: date) -> Limit:
    """The limit a state is judged by: issued for the year of ``as_of``, else for the judged year, else the plan's.

    ``year`` of the answer is the calendar year it is judged in.
    """
    by_year = {one.year: one for one in issued}
    number_ = judged_year(deadline(aim.deadline), as_of)
    chosen = by_year.get(as_of.year) or by_year.get(number_)
    if chosen is None:
        return Limit(aim.comparator, aim.value, aim.upper, aim.unit, number_, OWN_LIMIT)
    source = Text(
        f"{chosen.issuer or '省'}下达 {chosen.year} 年度目标（{chosen.document}）",
        f"target of {chosen.year} issued by {chosen.issuer or 'the province'} ({chosen.document})",
    )
    return Limit(chosen.comparator, chosen.value, None, chosen.unit, chosen.year, source, issued=True)


def measured_state(
    aim: Aim, limit: Limit, measured: Measured | None, as_of: date, *, comparisons: tuple[Comparison, ...] = ()
) -> TargetState:
    """State of a target answered by a metric over the year ``limit.year``.

    Rule    before the end of the year: missed where even the best end no longer meets the limit, else on_track or
            at_risk by the expected end; after it met or missed, no_data where the year has no valid value. A year
            before the deadline's own, for which nothing was issued, never makes the target missed
    """
    when = deadline(aim.deadline)
    state, reason, notes = _judged(aim, limit, measured, as_of, when)
    shown = measured if measured is not None and measured.value is not None else None
    if limit.comparator == ABOUT:
        notes = (*notes, ABOUT_NOTE)
    return TargetState(
        target_id=aim.id,
        state=state,
        flags=_flags(aim, shown),
        value=number(shown.value, shown.places) if shown and shown.value is not None else None,
        value_text=_value_text(shown),
        unit=limit.unit,
        limit=None if limit.value is None else number(limit.value),
        limit_text=limit_text(limit.comparator, limit.value, limit.upper, limit.unit),
        limit_source=limit.source,
        plan_limit_text=limit_text(aim.comparator, aim.value, aim.upper, aim.unit) if limit.issued else None,
        comparator=limit.comparator,
        period=measured.determination.period.label() if measured else str(limit.year),
        basis=measured.basis if measured else None,
        deadline=when.last,
        outlook=_outlook(shown) if state is not State.NO_DATA else None,
        budget=shown.budget if shown else (),
        reason=reason,
        notes=(*notes, *(measured.notes if measured else ())),
        determination=measured.determination if measured else None,
        comparisons=comparisons,
    )


def _flags(aim: Aim, measured: Measured | None) -> tuple[Flag, ...]:
    flags = []
    if measured and not (measured.complete and measured.reviewed):
        flags.append(Flag.PROVISIONAL)
    if measured and measured.simulated:
        flags.append(Flag.SIMULATED)
    if not aim.verified or (measured and not measured.verified):
        flags.append(Flag.UNVERIFIED)
    return tuple(flags)


_Verdict = tuple[State, Text, tuple[Text, ...]]


def _judged(aim: Aim, limit: Limit, measured: Measured | None, as_of: date, when: Deadline) -> _Verdict:
    year = limit.year or as_of.year
    if limit.value is None:
        return State.NO_DATA, NOT_ISSUED, ()
    if aim.begins is not None and as_of < aim.begins and not limit.issued:
        return State.NO_DATA, _before_plan(aim, when, year), ()
    if measured is None or measured.value is None:
        return State.NO_DATA, _nothing(year, as_of), ()
    if measured.complete:
        if year == judged_year(when, date.max) or limit.issued or when.last is None:
            return _final(limit, measured, year)
        return _earlier_year(limit, measured, year, when)
    return _running(limit, measured, year, when)


def _final(limit: Limit, measured: Measured, year: int) -> _Verdict:
    value = measured.value or Fraction(0)
    figure, bound = with_unit(number(value, measured.places), measured.unit), _bound(limit)
    if not measured.valid:
        return (
            State.NO_DATA,
            Text(
                f"{year} 年有效天数不足（{measured.days} 天），{figure.zh} 不作评价。",
                f"{year} has too few valid days ({measured.days}); {figure.en} is not evaluated.",
            ),
            (),
        )
    met = meets(value, limit, measured.places, lower_is_better=measured.lower_is_better)
    state = State.MET if met else State.MISSED
    zh, en = ("达到", "meets") if met else ("未达到", "does not meet")
    return state, Text(f"{year} 年为 {figure.zh}，{zh} {bound.zh}。", f"{year}: {figure.en}, {en} {bound.en}."), ()


def _earlier_year(limit: Limit, measured: Measured, year: int, when: Deadline) -> _Verdict:
    """A whole year before the deadline's own: what it ended with says how near the limit is, no more."""
    value = measured.value or Fraction(0)
    state = _leaning(value, limit, measured)
    figure, bound, last = with_unit(number(value, measured.places), measured.unit), _bound(limit), when.last
    return (
        state,
        Text(
            f"{year} 年为 {figure.zh}；评价年为 {last.year if last else year} 年，要求 {bound.zh}。",
            f"{year}: {figure.en}; judged in {last.year if last else year} by {bound.en}.",
        ),
        (),
    )


def _running(limit: Limit, measured: Measured, year: int, when: Deadline) -> _Verdict:
    value = measured.value or Fraction(0)
    binding = limit.issued or when.last is None or year == when.last.year
    notes = () if measured.valid else (_cannot_become_valid(year),)
    figure, bound = with_unit(number(value, measured.places), measured.unit), _bound(limit)
    best = measured.best
    if (
        binding
        and best is not None
        and not meets(best, limit, measured.places, lower_is_better=measured.lower_is_better)
    ):
        top = with_unit(number(best, measured.places), measured.unit)
        reason = Text(
            f"{year} 年截至目前为 {figure.zh}，其余各天最好也只能到 {top.zh}，已不能达到 {bound.zh}。",
            f"{year} so far: {figure.en}; the best the year can end with is {top.en}, {bound.en} is out of reach.",
        )
        return State.MISSED, reason, notes
    expected = measured.expected if measured.expected is not None else value
    state = _leaning(expected, limit, measured)
    zh, en = ("可达到", "meets") if state is State.ON_TRACK else ("达不到", "does not meet")
    end = with_unit(number(expected, measured.places), measured.unit)
    if measured.expected is None:
        says = Text(f"照此{zh} {bound.zh}", f"as it stands this {en} {bound.en}")
    else:
        says = Text(
            f"其余各天按往年同期推算，全年约 {end.zh}，{zh} {bound.zh}",
            f"with the rest of the year as in earlier years it ends near {end.en}, which {en} {bound.en}",
        )
    later = "" if binding or when.last is None else f"评价年为 {when.last.year} 年。"
    later_en = "" if binding or when.last is None else f" The judged year is {when.last.year}."
    reason = Text(
        f"{year} 年截至目前为 {figure.zh}；{says.zh}。{later}", f"{year} so far: {figure.en}; {says.en}.{later_en}"
    )
    return state, reason, notes


def _leaning(value: Fraction, limit: Limit, measured: Measured) -> State:
    good = meets(value, limit, measured.places, lower_is_better=measured.lower_is_better)
    return State.ON_TRACK if good else State.AT_RISK


def _bound(limit: Limit) -> Text:
    return limit_text(limit.comparator, limit.value, limit.upper, limit.unit)


def _value_text(measured: Measured | None) -> Text:
    if measured is None or measured.value is None:
        return Text("—", "—")
    return with_unit(number(measured.value, measured.places), measured.unit)


def _outlook(measured: Measured | None) -> Text | None:
    if measured is None or measured.expected is None or measured.complete:
        return None
    end = with_unit(number(measured.expected, measured.places), measured.unit)
    return Text(f"按往年同期推算全年约 {end.zh}", f"ends near {end.en} if the rest is as in earlier years")


NOT_ISSUED = Text(
    "数值由省级每年下达，本年度尚未录入；录入后开始判断。",
    "The number is issued by the province each year and has not been entered for this year yet.",
)


def _before_plan(aim: Aim, when: Deadline, year: int) -> Text:
    judged = when.last.year if when.last else year
    return Text(
        f"数据日期早于方案印发日（{aim.begins}），评价年 {judged} 年没有数据；所列往年数值仅供对照。",
        f"The data end before the plan was issued ({aim.begins}); {judged} has none. Earlier years are for comparison.",
    )


def _nothing(year: int, as_of: date) -> Text:
    if as_of >= year_days(year).last:
        return Text(f"评价年 {year} 年没有数据。", f"There are no data of the judged year {year}.")
    return Text(f"{year} 年至今没有数据。", f"There are no data of {year} so far.")


def _cannot_become_valid(year: int) -> Text:
    return Text(
        f"{year} 年缺测天数已使全年有效天数达不到要求，年终将不作评价。",
        f"Missing days of {year} already rule out a valid year; it will not be evaluated.",
    )
