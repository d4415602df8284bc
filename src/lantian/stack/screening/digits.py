"""Last digits that are not evenly spread: numbers made by hand or by a formula."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lantian.stack.screening.hours import runs
from lantian.stack.screening.rule import DigitRule
from lantian.stack.screening.trace import DAY, Alarm, Trace

_DIGITS = 10


def digit_preference(trace: Trace, rule: DigitRule) -> Iterator[Alarm]:
    """Days on which some last digits stand far more often than one time in ten (χ² beyond chance, and by a wide margin)."""
    for code in trace.pollutants:
        good, step = trace.good(code), trace.step(code)
        if trace.usual[code] < rule.steps_least * step:  # too few digits to be spread
            continue
        kept = good.copy()  # a value that stays is one choice of digits, not many
        kept[1:] &= trace.values[code][1:] != trace.values[code][:-1]
        digit = np.rint(np.where(good, trace.values[code], 0.0) / step).astype(np.int64) % _DIGITS
        day = np.arange(trace.minutes) // DAY
        counts = np.bincount((day * _DIGITS + digit)[kept], minlength=trace.minutes // DAY * _DIGITS)
        table = counts.reshape(-1, _DIGITS)
        n = table.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            excess = ((table - n[:, None] / _DIGITS) ** 2).sum(axis=1) * _DIGITS / n - (_DIGITS - 1)
            skew = np.sqrt(np.maximum(excess, 0) / n / (_DIGITS - 1))
        for first, until in runs((n >= rule.least_values) & (100 * skew > rule.skew_percent), 1, gap=1):
            part = table[first:until].sum(axis=0)
            most = int(part.argmax())
            evidence = {"digit": most, "percent": round(100 * part[most] / part.sum(), 1), "values": int(part.sum())}
            score = 100 * float(np.nanmax(skew[first:until])) / rule.skew_percent
            yield Alarm("digit_preference", code, first * DAY, until * DAY, score, evidence)
