"""Marks of operation against what the gas says: stopped but running, running but stopped."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lantian.stack.screening.hours import runs
from lantian.stack.screening.rule import IdleRule, RunningRule
from lantian.stack.screening.trace import O2, TEMPERATURE, VELOCITY, Alarm, Bools, Trace


def stopped_but_running(trace: Trace, rule: RunningRule) -> Iterator[Alarm]:
    """Minutes marked as stopped (or all pollutants flagged F) in which gas flows, hot and low in oxygen, as ever."""
    if any(code not in trace.values for code in (O2, VELOCITY, TEMPERATURE)):
        return
    off = trace.stopped | ~(trace.running | trace.idle)
    flows = trace.sent_normal(VELOCITY) & (100 * trace.values[VELOCITY] > rule.flow_percent * trace.usual[VELOCITY])
    hot = trace.sent_normal(TEMPERATURE) & (
        100 * trace.values[TEMPERATURE] > rule.heat_percent * trace.usual[TEMPERATURE]
    )
    burns = trace.sent_normal(O2) & (trace.values[O2] < float(rule.oxygen))
    for first, until in runs(off & flows & hot & burns, rule.least_minutes, gap=10):
        evidence = {
            "minutes": until - first,
            "oxygen": round(float(np.nanmean(trace.values[O2][first:until])), 2),
            "velocity": round(float(np.nanmean(trace.values[VELOCITY][first:until])), 2),
        }
        yield Alarm("stopped_but_running", "", first, until, (until - first) / rule.least_minutes, evidence)


def running_but_stopped(trace: Trace, rule: IdleRule) -> Iterator[Alarm]:
    """Minutes reported as normal operation with usual concentrations while hardly any gas flows and oxygen is that of air."""
    if any(code not in trace.values for code in (O2, VELOCITY)):
        return
    still = trace.good(VELOCITY) & (100 * trace.values[VELOCITY] < rule.flow_percent * trace.usual[VELOCITY])
    air = trace.good(O2) & (trace.values[O2] > float(rule.oxygen))
    for code in trace.pollutants:
        usual: Bools = trace.good(code) & (100 * trace.values[code] > rule.level_percent * trace.usual[code])
        for first, until in runs((still | air) & usual, rule.least_minutes, gap=10):
            evidence = {
                "minutes": until - first,
                "level": round(float(np.nanmean(trace.values[code][first:until])), 2),
                "velocity": round(float(np.nanmean(trace.values[VELOCITY][first:until])), 2),
            }
            yield Alarm("running_but_stopped", code, first, until, (until - first) / rule.least_minutes, evidence)
