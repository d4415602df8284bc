"""Parameters of law by date: what held on a day, and the spans of one edition inside a period.

A parameter path is its file below ``national/``: ``ambient.limits.pm25`` is ``national/ambient/limits/pm25.yaml``.
A class declares ``PATH`` and the fields it uses. Where PATH is a file, fields are keys of its dated values. Where PATH
is a folder, fields are files in it and their classes hold the keys.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol, TypeVar, cast

from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.basis.period import DAY, Days
from lantian.rulebook.loader import Node, RulebookError, load, nearest
from lantian.rulebook.shape import built

NATIONAL = Path(__file__).parent / "national"
TOTAL_FROM = date(2012, 1, 1)
FAR = date(9999, 12, 31)

Confidence = Literal["verified", "one-source", "unverified"]
_DOUBT: tuple[Confidence, ...] = ("verified", "one-source", "unverified")


class Parameters(Protocol):
    """A small frozen dataclass of the parameters a room uses, with the path they stand at."""

    PATH: ClassVar[str]


P = TypeVar("P", bound=Parameters)
T = TypeVar("T")


class NoRuleError(Refusal):
    """The rulebook says nothing for this day."""

    def __init__(self, path: str, day: date) -> None:
        text = Text(
            f"{day} 早于规则库的起始日 {TOTAL_FROM}，{path} 没有数值。请改用 {TOTAL_FROM} 及以后的日期",
            f"{day} lies before {TOTAL_FROM}, where the rulebook begins: no value of {path}. Use a later date",
        )
        super().__init__(Finding("RULEBOOK-DATE-EARLY", Severity.REFUSED, text, Place()))


@dataclass(frozen=True, kw_only=True, slots=True)
class Value:
    """What held from one day to another, with its source and confidence; ``node`` holds the entries themselves."""

    days: Days
    node: Node
    source: str
    confidence: Confidence
    edition: str | None
    applies: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """A dated parameter: total from 2012-01-01 on, without gaps or overlaps."""

    path: str
    title: Text
    unit: str | None
    selected_by: str
    values: tuple[Value, ...]

    @property
    def confidence(self) -> Confidence:
        """The weakest confidence among the values."""
        return weakest(self.values)

    @property
    def source(self) -> tuple[str, ...]:
        """The sources of the values, each once, in order."""
        return tuple(dict.fromkeys(value.source for value in self.values))

    def on(self, day: date) -> Value:
        """The value that held on a day.

        Errors  NoRuleError before 2012-01-01
        """
        for value in self.values:
            if day in value.days:
                return value
        raise NoRuleError(self.path, day)

    def spans(self, first: date, last: date) -> list[tuple[Days, Value]]:
        """The values that held in a period, each with its part of the period.

        Errors  NoRuleError where the period begins before 2012-01-01
        """
        if first <= last and first < self.values[0].days.first:
            raise NoRuleError(self.path, first)
        parts = ((Days(max(first, v.days.first), min(last, v.days.last)), v) for v in self.values)
        return [(days, value) for days, value in parts if len(days)]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Head:
    title: Text
    selected_by: str
    unit: str | None = None
    confidence: Confidence | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Span:
    source: str
    until: date | None = None
    confidence: Confidence | None = None
    edition: str | None = None
    applies: str | None = None


_OWN = frozenset({"from", "until", "source", "confidence", "applies", "notes"})


def on(path: str, day: date) -> Value:
    """The value of a parameter on a day.

    Errors  RulebookError for an unknown path; NoRuleError before 2012-01-01
    """
    return parameter(path).on(day)


def fill(cls: type[P], day: date) -> P:
    """The class filled with what held on a day.

    Errors  NoRuleError before 2012-01-01; RulebookError where path or keys do not fit the class
    """
    return _filled(cls, day)


def spans(cls: type[P], first: date, last: date) -> list[tuple[Days, P]]:
    """The class filled once for each span of one edition inside a period, in order.

    Errors  NoRuleError where the period begins before 2012-01-01
    """
    starts = {first}
    for path in _paths(cls):
        starts |= {days.first for days, _ in parameter(path).spans(first, last)}
    edges = sorted(starts)
    ends = [edge - DAY for edge in edges[1:]] + [last]
    return [(Days(a, b), _filled(cls, a)) for a, b in zip(edges, ends, strict=True) if a <= b]


def weakest(values: Iterable[Value]) -> Confidence:
    """The weakest confidence among values."""
    return max((value.confidence for value in values), key=_DOUBT.index)


def doubtful(cls: type[P], day: date) -> tuple[Value, ...]:
    """The values behind a filled class that are not verified, for the mark 未核实依据 on screen."""
    return tuple(value for value in (on(path, day) for path in _paths(cls)) if value.confidence != "verified")


def _folder(path: str) -> Path:
    return NATIONAL.joinpath(*path.split("."))


def _paths(cls: type[Any]) -> list[str]:
    if _folder(cls.PATH).is_dir():
        return [f"{cls.PATH}.{field.name}" for field in dataclasses.fields(cls)]
    return [cls.PATH]


def _filled(cls: type[P], day: date) -> P:
    if not _folder(cls.PATH).is_dir():
        return _built(cls, on(cls.PATH, day))
    hints = typing.get_type_hints(cls)
    return cls(
        **{path.rpartition(".")[2]: _built(hints[path.rpartition(".")[2]], on(path, day)) for path in _paths(cls)}
    )


def _built(cls: type[T], value: Value) -> T:
    """The class from one value: keys it has no field for are passed over; source, confidence … may be fields too."""
    own = {field.name for field in dataclasses.fields(cast(type[Any], cls)) if field.init}
    known: dict[str, Any] = {
        "source": value.source,
        "confidence": value.confidence,
        "applies": value.applies,
        "from_": value.days.first,
        "until": value.days.last,
    }
    given = {name: known[name] for name in own & known.keys()}
    return built(cls, value.node, strict=False, **given)


def paths() -> list[str]:
    """All parameter paths of the rulebook."""
    return sorted(".".join(file.relative_to(NATIONAL).with_suffix("").parts) for file in NATIONAL.rglob("*.yaml"))


@lru_cache(maxsize=512)  # the package's law does not change while a process runs
def parameter(path: str) -> Parameter:
    """The dated parameter at a path.

    Errors  RulebookError for an unknown path and for a broken file
    """
    file = _folder(path).with_suffix(".yaml")
    if not file.is_file():
        raise RulebookError(
            f"national/{path.replace('.', '/')}.yaml",
            None,
            Text(f"没有参数“{path}”", f"there is no parameter {path!r}"),
            nearest(path, paths()),
        )
    return read(path, load(file, str(file.relative_to(NATIONAL.parent))))


def read(path: str, node: Node) -> Parameter:
    """The dated parameter a file's node describes.

    Errors  RulebookError for gaps, overlaps, a start after 2012-01-01 or an end, missing source or confidence
    """
    head = built(_Head, node, also=frozenset({"values"}))
    entries = node.mapping()["values"].items() if "values" in node.mapping() else []
    values = tuple(_value(entry, head) for entry in entries)
    if not values:
        raise node.error(
            Text("没有 values", "there are no values"), Text("请按日期写 values 列表", "Add the list values by date")
        )
    expected = TOTAL_FROM
    for entry, value in zip(entries, values, strict=True):
        if value.days.first != expected:
            raise entry.error(
                Text(
                    f"本段应从 {expected} 开始，写的是 {value.days.first}",
                    f"this value must begin on {expected}, not {value.days.first}",
                ),
                Text(
                    "各段首尾相接，自 2012-01-01 起无空缺、无重叠",
                    "Values follow one another from 2012-01-01 without gap or overlap",
                ),
            )
        expected = value.days.last + DAY if value.days.last < FAR else FAR
    if values[-1].days.last != FAR:
        raise entries[-1].error(
            Text("最后一段写了截止日", "the last value ends"),
            Text("最后一段不写 until", "Leave out until in the last one"),
        )
    return Parameter(path=path, title=head.title, unit=head.unit, selected_by=head.selected_by, values=values)


def _value(entry: Node, head: _Head) -> Value:
    fields = entry.mapping()
    if "from" not in fields:
        raise entry.error(
            Text("缺少键：from", "missing key: from"), Text("请写本段的起始日", "Write the day the value begins")
        )
    own = built(
        _Span,
        Node(
            {key: fields[key] for key in fields if key in _OWN | {"edition"} and key not in ("from", "notes")},
            entry.file,
            entry.line,
        ),
    )
    start = built(_Start, Node({"start": fields["from"]}, entry.file, entry.line)).start
    confidence = own.confidence or head.confidence
    if confidence is None:
        raise entry.error(Text("缺少键：confidence", "missing key: confidence"), nearest("", _DOUBT))
    rest = Node({key: node for key, node in fields.items() if key not in _OWN}, entry.file, entry.line)
    return Value(
        days=Days(start, own.until or FAR),
        node=rest,
        source=own.source,
        confidence=confidence,
        edition=own.edition,
        applies=own.applies,
    )


@dataclass(frozen=True, slots=True)
class _Start:
    start: date
