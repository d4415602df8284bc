"""Cases of checks: a few lines of text that page and tests read alike, made into evidence.

A line is ``<kind> <time> <factor> <field>=<value> …``; kind is a word of ``KINDS``, factor a code or a short name of
``SHORT``. A time is ``HH:MM`` or ``HH:MM:SS`` of the case's day, ``2dHH:MM`` two days later, ``a~b`` every period from a
to b. Values between commas go round through the periods. Other lines: ``set name=value …`` (settings of the outlet),
``mark <time~time> condition|monitor <label> [factor]``, ``span a~b``, ``now a``, ``refused CODE=count``,
``revised <kind> <time> <factor> …`` (a second content of a period), ``main <kind> …`` (the outlet it bypasses).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import polars as pl

from lantian.stack.checks.evidence import (
    DAY,
    FLOW,
    HOUR,
    MINUTE,
    MOISTURE,
    MOMENT,
    NO,
    NO2,
    NOX,
    O2,
    PM,
    PRESSURE,
    REVISIONS,
    ROWS,
    RUN_DAY,
    SO2,
    STATE,
    TEMPERATURE,
    VELOCITY,
    Evidence,
    OutletSettings,
)
from lantian.stack.marks import Mark

CASE_DAY: Final = datetime(2026, 3, 2)  # noqa: DTZ001  civil time, as everywhere inside
KINDS: Final = {"moment": MOMENT, "minute": MINUTE, "hour": HOUR, "day": DAY, "state": STATE, "runday": RUN_DAY}
SHORT: Final = {
    "PM": PM, "SO2": SO2, "NOX": NOX, "NO": NO, "NO2": NO2, "O2": O2, "V": VELOCITY, "T": TEMPERATURE, "P": PRESSURE,
    "H": MOISTURE, "Q": FLOW,
}  # fmt: skip
STEPS: Final = {
    MOMENT: timedelta(minutes=1), MINUTE: timedelta(minutes=1), HOUR: timedelta(hours=1), DAY: timedelta(days=1),
    STATE: timedelta(minutes=1), RUN_DAY: timedelta(days=1),
}  # fmt: skip
USUAL: Final = OutletSettings(
    "case",
    mn="8888888888888880000000A1",
    ranges={PM: 100.0, SO2: 500.0, NOX: 500.0},
    limits={PM: 20.0, SO2: 100.0, NOX: 150.0},
    reference_o2=9.0,
    duct_area=4.0,
)
_TIME = re.compile(r"(?:(-?\d+)d)?(\d\d):(\d\d)(?::(\d\d))?\Z")
_NUMBERS: Final = ("min", "avg", "max", "zs_min", "zs", "zs_max", "cou", "rt", "places")
_SOON: Final = timedelta(seconds=20)  # how soon a record arrives where a case does not say


@dataclass(frozen=True, slots=True)
class Line:
    """A line of records as the page shows it: whose, kind, time, factor and fields as written."""

    owner: str  # "", "main" or "revised"
    cn: str
    time: str
    factor: str
    fields: Mapping[str, str]

    def periods(self) -> list[datetime]:
        """Starts of the periods it stands for."""
        first, _, last = self.time.partition("~")
        until, at, found = moment(last or first), moment(first), []
        while at <= until:
            found.append(at)
            at += STEPS[self.cn]
        return found


def moment(text: str) -> datetime:
    """The moment a case means.

    Errors  ValueError where it is none
    """
    parts = _TIME.match(text)
    if parts is None:
        raise ValueError(f"no time of a case: {text!r}")
    days, hours, minutes, seconds = (int(one or 0) for one in parts.groups())
    return CASE_DAY + timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def lines(case: str) -> Iterator[Line]:
    """The lines of records of a case."""
    for words in _words(case):
        owner = words[0] if words[0] in ("main", "revised") else ""
        kind, *rest = words[1:] if owner else words
        if kind in KINDS:
            time, factor, *fields = rest
            pairs = dict(one.split("=", 1) for one in fields)
            yield Line(owner, KINDS[kind], time, SHORT.get(factor, factor), pairs)


def others(case: str) -> list[str]:
    """The other lines: settings, marks, span."""
    return [" ".join(words) for words in _words(case) if words[0] in ("set", "mark", "span", "now", "refused")]


def evidence(case: str) -> Evidence:
    """A case as evidence.

    Errors  ValueError where a line cannot be read
    """
    outlet, marks, refused = USUAL, list[Mark](), dict[str, int]()
    first, until = CASE_DAY, CASE_DAY + timedelta(days=1)
    now = None
    for words in _words(case):
        if words[0] == "set":
            outlet = _set(outlet, words[1:])
        elif words[0] == "mark":
            marks.append(_mark(words))
        elif words[0] == "span":
            first, until = (moment(one) for one in words[1].split("~"))
        elif words[0] == "now":
            now = moment(words[1])
        elif words[0] == "refused":
            refused.update({name: int(count) for name, count in (one.split("=") for one in words[1:])})
        elif words[0] not in (*KINDS, "main", "revised"):
            raise ValueError(f"no line of a case: {' '.join(words)!r}")
    records = list(lines(case))
    table = _table([one for one in records if one.owner == ""], outlet)
    main = [one for one in records if one.owner == "main"]
    return Evidence(
        outlet,
        first,
        until,
        now or until + timedelta(days=2),
        table,
        _revisions(table, _table([one for one in records if one.owner == "revised"], outlet)),
        tuple(marks),
        refused,
        _table(main, outlet) if main else None,
    )


def _words(case: str) -> Iterator[list[str]]:
    return (line.split() for line in case.strip().splitlines() if line.strip())


def _set(outlet: OutletSettings, words: list[str]) -> OutletSettings:
    changes: dict[str, Any] = {}
    for word in words:
        name, value = word.split("=", 1)
        if name in ("ranges", "limits"):
            changes[name] = {SHORT.get(k, k): float(v) for k, v in (one.split(":") for one in value.split(","))}
        elif name == "factors":
            changes[name] = tuple(SHORT.get(one, one) for one in value.split(","))
        elif name in ("reference_o2", "duct_area"):
            changes[name] = float(value)
        elif name == "interval_minutes":
            changes[name] = int(value)
        elif name in ("running_from", "closed_on"):
            changes[name] = moment(value)
        else:
            changes[name] = value
    return replace(outlet, **changes)


def _mark(words: list[str]) -> Mark:
    start, end = (moment(one) for one in words[1].split("~"))
    factor = SHORT.get(words[4], words[4]) if len(words) > 4 else None
    family: Any = words[2]
    return Mark("case", factor, family, words[3], start, end)


def _table(found: list[Line], outlet: OutletSettings) -> pl.DataFrame:
    rows = [row for line in found for row in _rows(line, outlet)]
    return pl.DataFrame(rows, schema=ROWS, orient="row").sort("cn", "start", "code", maintain_order=True)


def _rows(line: Line, outlet: OutletSettings) -> Iterator[dict[str, Any]]:
    step = {MOMENT: timedelta(), STATE: timedelta(), MINUTE: timedelta(minutes=outlet.interval_minutes)}
    rounds = {name: value.split(",") for name, value in line.fields.items()}
    starts = line.periods()
    if line.cn == MINUTE:
        starts = starts[:: outlet.interval_minutes] if len(starts) > 1 else starts
    for at, start in enumerate(starts):
        given = {name: values[at % len(values)] for name, values in rounds.items()}
        end = start + step.get(line.cn, STEPS[line.cn])
        row: dict[str, Any] = {"cn": line.cn, "start": start, "end": end, "code": line.factor, "flag": "N"}
        row["arrived"] = moment(given.pop("arrived")) if "arrived" in given else end + _SOON
        row["qn_at"] = moment(given.pop("qn")) if "qn" in given else end + _SOON / 2
        row["places"] = len(given.get("avg", "").partition(".")[2])
        for name, text in given.items():
            row[name] = None if text == "-" else float(text) if name in _NUMBERS else text
        row["places"] = int(row["places"])
        yield row


def _revisions(table: pl.DataFrame, revised: pl.DataFrame) -> pl.DataFrame:
    before = table.select("cn", "start", "code", *(pl.col(one).alias(f"{one}_before") for one in ("avg", "zs", "flag")))
    return revised.join(before, on=["cn", "start", "code"]).select(list(REVISIONS))
