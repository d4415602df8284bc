"""A simulated stack as the screening sees it: measured minutes, then what its data logger makes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lantian.stack.conversion import AIR_O2
from lantian.stack.screening.hours import hours_of
from lantian.stack.screening.trace import DAY, FLOW, HOUR, O2, POLLUTANTS, Bytes, Floats, Trace
from lantian.work.simulated_stack import CONVERTED_TO, PLACES, SCALE, Stack, standard_flow
from lantian.work.simulated_stack_kinds import FACTORS, StackKind

_KG: Final = 1e-6 * 3600  # mg/m³ × m³/s over an hour


def simulated_trace(
    kind: StackKind, seed: int, first: date, days: int, *, outlet: str = "", company: str = ""
) -> Trace:
    """A clean stack's whole days (模拟数据) with the plant's own marks, hour means and mass."""
    start = datetime.combine(first, time())
    rows = Stack(kind, seed).minutes(start, days * DAY)
    place = ((rows["start"] - start).dt.total_minutes()).to_numpy()
    values = {code: _spread(rows[code], place, days) for code in FACTORS}
    flags: dict[str, Bytes] = {}
    for code in FACTORS:
        letters = np.frombuffer("".join(rows[f"{code}_flag"]).encode(), np.uint8)
        flags[code] = np.zeros(days * DAY, np.uint8)
        flags[code][place] = letters
    idle, stopped = np.zeros(days * DAY, np.bool_), np.zeros(days * DAY, np.bool_)
    idle[place], stopped[place] = (rows["condition"] != "").to_numpy(), (rows["condition"] == "停运").to_numpy()
    limits = {code: one.limit for code, one in kind.pollutants.items()}
    raw = Trace(outlet, company, start, values, {}, flags, idle, stopped, limits, kind.reference_o2)
    return with_sums(with_converted(raw))


def _spread(column: pl.Series, place: NDArray[np.int64], days: int) -> Floats:
    found = np.full(days * DAY, np.nan)
    found[place] = column.to_numpy() / 10**SCALE
    return found


def with_converted(trace: Trace, reference_o2: float | None = None) -> Trace:
    """The trace with converted values by the formula (of another reference oxygen where given)."""
    used = trace.reference_o2 if reference_o2 is None else reference_o2
    o2 = trace.values[O2]
    factor = np.where(o2 <= CONVERTED_TO, (AIR_O2 - (used or 0)) / (AIR_O2 - np.minimum(o2, CONVERTED_TO)), 1.0)
    converted = {
        code: np.round(trace.values[code] * factor, PLACES[code]) for code in POLLUTANTS if code in trace.values
    }
    return replace(trace, converted=converted)


def with_flow(trace: Trace, kind: StackKind) -> Trace:
    """The trace with the flow that follows from velocity, temperature, pressure and moisture."""
    flow = np.round(standard_flow(kind, trace.values), PLACES[FLOW])
    return replace(trace, values={**trace.values, FLOW: flow})


def with_sums(trace: Trace) -> Trace:
    """The trace with hour means of its normal minutes and hour mass, rounded as they are sent."""
    means = {code: hours_of(trace.values[code], trace.sent_normal(code)) for code in (*POLLUTANTS, FLOW)}
    enough = {code: one.n >= HOUR * 3 / 4 for code, one in means.items()}
    hour = {code: _rounded(np.where(enough[code], means[code].mean, np.nan), PLACES[code]) for code in POLLUTANTS}
    mass = {code: _rounded(hour[code] * means[FLOW].mean * _KG, 4) for code in POLLUTANTS}
    return replace(trace, hour_means=hour, hour_mass=mass)


def _rounded(values: Floats, places: int) -> Floats:
    found: Floats = np.round(values, places)
    return found
