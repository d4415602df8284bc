"""The screening's suite: each pattern planted into clean simulated stacks, clean ones beside them, and how it came out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from lantian.stack.screening.patterns import PATTERNS
from lantian.stack.screening.rule import Screening
from lantian.stack.screening.screen import alarms, of_all
from lantian.stack.screening.trace import DAY, Alarm, Span
from lantian.work import simulated_tampering_gas as gas
from lantian.work import simulated_tampering_marks as marks
from lantian.work import simulated_tampering_values as values
from lantian.work.simulated_stack_kinds import KINDS
from lantian.work.simulated_stack_trace import simulated_trace
from lantian.work.simulated_tampering import Change, planted

FIRST: Final = date(2026, 3, 1)
DAYS: Final = 31
TUNING_SEED: Final = 1_000  # thresholds were set on seeds from here on
REPORT_SEED: Final = (
    900_000  # figures of the report come from seeds from here on, never looked at in setting thresholds
)
CLEAN: Final = ""
_COUPLED: Final = ("coal_boiler", "biomass_boiler", "gas_boiler", "power_unit")  # oxygen follows the load there
_COVER: Final = 0.5  # share of the planted minutes an alarm must cover
_WIDE: Final = 3  # and it may span at most so many times them, and two days
_CHANGES: Final = (
    values.flat_line,
    values.zero_padding,
    values.low_variation,
    values.smoothed,
    values.interpolated,
    values.replayed_day,
    values.repeated_block,
    values.daily_repeat,
    values.scaled_copy,
    values.twin_outlets,
    values.truncated_range,
    values.clipped_below_limit,
    values.piled_below_limit,
    values.digit_preference,
    values.time_shift,
    values.level_shift,
    values.season_break,
    values.night_drop,
    gas.dilution_air,
    gas.oxygen_lowered,
    gas.oxygen_decoupled,
    gas.probe_pulled,
    gas.temperature_mismatch,
    gas.flow_not_following,
    gas.stopped_but_running,
    gas.running_but_stopped,
    marks.marks_cover_excess,
    marks.maintenance_share,
    marks.marks_clustered,
    marks.set_by_hand,
    marks.missing_when_high,
    marks.reference_o2_changed,
    marks.converted_mismatch,
    marks.hour_mean_mismatch,
    marks.mass_zero,
    marks.mass_mismatch,
)
CHANGES: Final[Mapping[str, Change]] = {change.__name__: change for change in _CHANGES}


@dataclass(frozen=True, slots=True)
class Case:
    """One simulated stack-month: what is planted (``CLEAN``: nothing) into which kind, from which seed."""

    pattern: str
    kind: str
    seed: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a case showed: whether it was found by its own name, by it or near kin; patterns raised; alarms elsewhere."""

    case: Case
    own: bool
    kin: bool
    raised: tuple[str, ...]
    false: tuple[str, ...]


def cases(each: int, clean: int, seed: int) -> list[Case]:
    """``each`` months of every pattern and ``clean`` clean ones, kinds in turn, a seed of its own for each."""
    kinds = tuple(KINDS)
    found = []
    for number, pattern in enumerate(CHANGES):
        may = _COUPLED if pattern in ("oxygen_decoupled", "flow_not_following") else kinds
        found += [Case(pattern, may[(number + k) % len(may)], seed + number * 1000 + k) for k in range(each)]
    return found + [Case(CLEAN, kinds[k % len(kinds)], seed + 90_000 + k) for k in range(clean)]


def outcome(case: Case, rule: Screening) -> Outcome:
    """What the screening makes of a case.

    Rule    found: alarms of the name cover at least half of the planted minutes, spanning not much more than them; an
            alarm that does not touch the planted minutes is false
    """
    kind = KINDS[case.kind]
    trace = simulated_trace(kind, case.seed, FIRST, DAYS, outlet="模拟排放口一", company="模拟企业")
    if case.pattern == CLEAN:
        return Outcome(case, False, False, (), tuple(one.pattern for one in alarms(trace, rule)))
    other = None
    if case.pattern == "twin_outlets":
        other = simulated_trace(kind, case.seed + 500, FIRST, DAYS, outlet="模拟排放口二", company="模拟企业")
    made = planted(case.pattern, CHANGES[case.pattern], trace, kind, np.random.default_rng(case.seed), other)
    if other is not None:
        seen = [one for where, one in of_all([made.trace, other], rule) if where is made.trace]
    else:
        seen = alarms(made.trace, rule)
    span = made.first, made.until
    near = {case.pattern, *PATTERNS[case.pattern].kin}
    inside = [one for one in seen if _overlap(one, span)]
    return Outcome(
        case,
        _covers([one for one in seen if one.pattern == case.pattern], span),
        _covers([one for one in seen if one.pattern in near], span),
        tuple(sorted({one.pattern for one in inside})),
        tuple(one.pattern for one in seen if not _overlap(one, span)),
    )


def _overlap(alarm: Alarm, span: Span) -> int:
    return max(0, min(alarm.until, span[1]) - max(alarm.first, span[0]))


def _covers(found: Sequence[Alarm], span: Span) -> bool:
    length = span[1] - span[0]
    hit = np.zeros(length, np.bool_)
    for one in found:
        if one.until - one.first <= _WIDE * length + 2 * DAY:
            hit[max(one.first - span[0], 0) : max(one.until - span[0], 0)] = True
    return bool(hit.mean() >= _COVER)


@dataclass(frozen=True, slots=True)
class Result:
    """Figures over outcomes: planted and found by pattern, and false alarms a clean stack-month."""

    outcomes: tuple[Outcome, ...]

    @property
    def planted(self) -> list[Outcome]:
        """Outcomes with something planted."""
        return [one for one in self.outcomes if one.case.pattern != CLEAN]

    @property
    def clean(self) -> list[Outcome]:
        """Outcomes of clean stacks."""
        return [one for one in self.outcomes if one.case.pattern == CLEAN]

    @property
    def recall(self) -> float:
        """Share found by name or near kin."""
        return sum(one.kin for one in self.planted) / max(len(self.planted), 1)

    @property
    def strict_recall(self) -> float:
        """Share found by its own name."""
        return sum(one.own for one in self.planted) / max(len(self.planted), 1)

    @property
    def false_alarms(self) -> float:
        """Alarms a clean stack-month."""
        return sum(len(one.false) for one in self.clean) / max(len(self.clean), 1)

    @property
    def false_beside(self) -> float:
        """Alarms a planted stack-month that do not touch what was planted."""
        return sum(len(one.false) for one in self.planted) / max(len(self.planted), 1)


def lines(result: Result) -> Iterable[str]:
    """The report in text: figures, by pattern, and planted × raised (in how many months a pattern was raised at its hours)."""
    yield f"planted months {len(result.planted)}, clean months {len(result.clean)}"
    yield f"recall (named or near kin)      {100 * result.recall:6.1f} %   required ≥ 95"
    yield f"recall (named strictly)         {100 * result.strict_recall:6.1f} %"
    yield f"false alarms / clean month      {result.false_alarms:6.2f}     required ≤ 1"
    yield f"other alarms / planted month    {result.false_beside:6.2f}     (outside the planted hours)"
    yield ""
    yield f"{'planted':<22}{'months':>7}{'named':>7}{'kin':>5}  raised at its hours (months)"
    for pattern in CHANGES:
        of = [one for one in result.planted if one.case.pattern == pattern]
        raised = _counted(name for one in of for name in one.raised)
        named, kin = sum(one.own for one in of), sum(one.kin for one in of)
        yield f"{pattern:<22}{len(of):>7}{named:>7}{kin:>5}  {raised}"
    yield f"{'(clean)':<22}{len(result.clean):>7}{'':>12}  {_counted(name for one in result.clean for name in one.false)}"


def _counted(names: Iterable[str]) -> str:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])))
