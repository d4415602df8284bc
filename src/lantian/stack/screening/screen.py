"""All patterns over the minutes of outlets: the alarms, joined where they say the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from lantian.stack.screening import digits, edges, flags, formula, gas, levels, operation, repeats, steady, timing
from lantian.stack.screening.rule import Screening
from lantian.stack.screening.trace import HOUR, Alarm, Trace


def alarms(trace: Trace, rule: Screening) -> list[Alarm]:
    """What one outlet's minutes show, by pattern, factor and time."""
    return joined(_all(trace, rule), rule.joined_hours * HOUR)


def twin_alarms(traces: Sequence[Trace], rule: Screening) -> list[tuple[Trace, Alarm]]:
    """What outlets show against each other, at both."""
    found: dict[int, list[Alarm]] = {}
    for trace, alarm in repeats.twin_outlets(traces, rule.twin):
        found.setdefault(next(place for place, one in enumerate(traces) if one is trace), []).append(alarm)
    return [(traces[place], one) for place in found for one in joined(found[place], rule.joined_hours * HOUR)]


def _all(trace: Trace, rule: Screening) -> Iterator[Alarm]:
    yield from _of_hours(trace, rule)
    yield from (steady.flat_hours(trace, rule.flat) if trace.hourly else _of_minutes(trace, rule))


def _of_hours(trace: Trace, rule: Screening) -> Iterator[Alarm]:
    """Patterns that hours alone can show."""
    yield from steady.zero_padding(trace, rule.zeros)
    yield from edges.piled_below_limit(trace, rule.pile)
    yield from gas.dilution_air(trace, rule.dilution)
    yield from gas.oxygen_lowered(trace, rule.oxygen)
    yield from gas.oxygen_decoupled(trace, rule.decoupled)
    yield from gas.flow_not_following(trace, rule.flow, rule.decoupled)
    yield from gas.temperature_mismatch(trace, rule.temperature)
    yield from flags.maintenance_share(trace, rule.share)
    yield from flags.set_by_hand(trace, rule.hand)
    yield from operation.stopped_but_running(trace, rule.running)
    yield from operation.running_but_stopped(trace, rule.idle)
    yield from levels.level_shift(trace, rule.step)
    yield from levels.season_break(trace, rule.season)
    yield from levels.night_drop(trace, rule.night)
    yield from formula.mass(trace, rule.mass)


def _of_minutes(trace: Trace, rule: Screening) -> Iterator[Alarm]:
    """Patterns that only minutes show."""
    yield from steady.flat_line(trace, rule.flat)
    yield from steady.low_variation(trace, rule.low_variation)
    yield from steady.smoothed(trace, rule.smooth)
    yield from steady.interpolated(trace, rule.ramp)
    yield from repeats.repeated(trace, rule.replay)
    yield from repeats.daily_repeat(trace, rule.daily_repeat)
    yield from repeats.scaled_copy(trace, rule.copy)
    yield from edges.truncated_range(trace, rule.range)
    yield from edges.clipped_below_limit(trace, rule.clip)
    yield from gas.probe_pulled(trace, rule.probe)
    yield from digits.digit_preference(trace, rule.digits)
    yield from timing.time_shift(trace, rule.shift)
    yield from flags.marks_cover_excess(trace, rule.cover)
    yield from flags.marks_clustered(trace, rule.cluster)
    yield from flags.missing_when_high(trace, rule.gap)
    yield from formula.conversion(trace, rule.formula)
    yield from formula.hour_mean_mismatch(trace, rule.hour)


def joined(found: Iterable[Alarm], apart: int) -> list[Alarm]:
    """Alarms of one pattern and factor less than so many minutes apart made one: the strongest's numbers, the whole span."""
    kept: list[Alarm] = []
    for one in sorted(found, key=lambda alarm: (alarm.pattern, alarm.factor, alarm.first, alarm.until)):
        last = kept[-1] if kept else None
        if last and (last.pattern, last.factor) == (one.pattern, one.factor) and one.first - last.until < apart:
            strong = max(last, one, key=lambda alarm: alarm.score)
            until = max(last.until, one.until)
            kept[-1] = Alarm(one.pattern, one.factor, last.first, until, strong.score, strong.evidence)
        else:
            kept.append(one)
    return kept


def of_all(traces: Sequence[Trace], rule: Screening) -> list[tuple[Trace, Alarm]]:
    """The alarms of several outlets, each by itself and against the others of its company."""
    own = chain.from_iterable(((trace, alarm) for alarm in alarms(trace, rule)) for trace in traces)
    return [*own, *twin_alarms(traces, rule)]
