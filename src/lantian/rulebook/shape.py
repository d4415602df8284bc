"""Typed values from nodes: a dataclass says which keys a file may hold and what they are.

Keys that are not fields are refused with the nearest spelling, missing ones are named, values are checked against the
field's type: str, int, Decimal, bool, date, Text, Literal, tuple[T, ...], dict[str, T], T | None, other dataclasses.
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

from lantian.basis.finding import Text
from lantian.rulebook.loader import Node, nearest

T = TypeVar("T")
Reader = Callable[[Node], Any]
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


@dataclasses.dataclass(frozen=True, slots=True)
class _Shape:
    readers: dict[str, Reader]
    required: frozenset[str]


def built(cls: type[T], node: Node, *, also: frozenset[str] = frozenset(), strict: bool = True, **given: Any) -> T:
    """An instance of a dataclass filled from a mapping.

    ``given`` fields come from the caller and may not stand in the file; ``also`` keys are passed over.

    With ``strict=False`` every key that is no field is passed over, at any depth: a class may use a part of a file.

    Errors  RulebookError for unknown and missing keys and for values of another type
    """
    shape = _shape(typing.cast(typing.Hashable, cls), strict)
    entries = node.mapping()
    values = dict(given)
    for key, entry in entries.items():
        reader = shape.readers.get(key)
        if reader is None or key in given:
            if key in also or not strict:
                continue
            allowed = (shape.readers.keys() | also) - given.keys()
            raise entry.error(Text(f"不认识的键“{key}”", f"unknown key {key!r}"), nearest(key, allowed))
        values[key] = reader(entry)
    missing = shape.required - values.keys()
    if missing:
        names = "、".join(sorted(missing))
        raise node.error(
            Text(f"缺少键：{names}", f"missing keys: {', '.join(sorted(missing))}"),
            Text("请补上；确实没有的写 null", "Add them; write null where there is none"),
        )
    return cls(**values)


@lru_cache(maxsize=256)  # shapes of classes never change; this only saves reading annotations again
def _shape(cls: Any, strict: bool) -> _Shape:
    hints = typing.get_type_hints(cls)
    fields = [field for field in dataclasses.fields(cls) if field.init]
    required = frozenset(
        f.name for f in fields if f.default is dataclasses.MISSING and f.default_factory is dataclasses.MISSING
    )
    return _Shape({f.name: reader(hints[f.name], strict) for f in fields}, required)


def reader(kind: Any, strict: bool = True) -> Reader:
    """The function that turns a node into a value of this type.

    Errors  TypeError for a type the rulebook does not know (a fault in code, not in a file)
    """
    if kind in _SCALARS:
        return _SCALARS[kind]
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union) and len(arguments) == 2 and type(None) in arguments:
        inner = reader(next(argument for argument in arguments if argument is not type(None)), strict)
        return lambda node: None if node.value is None else inner(node)
    if origin is typing.Literal:
        return lambda node: _one_of(node, arguments)
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        entry = reader(arguments[0], strict)
        return lambda node: tuple(entry(item) for item in node.items())
    if origin is dict and arguments[0] is str:
        value = reader(arguments[1], strict)
        return lambda node: {key: value(entry) for key, entry in node.mapping().items()}
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        of_text = getattr(kind, "of_text", None)  # a class may be written short, as one word
        if of_text is None:
            return lambda node: built(kind, node, strict=strict)
        return lambda node: of_text(node.value) if isinstance(node.value, str) else built(kind, node, strict=strict)
    raise TypeError(f"the rulebook cannot fill a field of type {kind!r}")


def _one_of(node: Node, allowed: tuple[Any, ...]) -> Any:
    if node.value in allowed:
        return node.value
    shown = [str(value) for value in allowed]
    raise node.error(
        Text(f"“{node.value}”不在允许的取值中", f"{node.value!r} is not one of the allowed values"),
        nearest(str(node.value), shown),
    )


def _text(node: Node) -> str:
    if isinstance(node.value, str) and node.value.strip():
        return node.value
    raise node.error(
        Text(f"这里应为文字，不是 {_shown(node)}", f"text is expected here, not {_shown(node)}"),
        Text("数字样的文字请加引号，例如 '2025'", "Put text that looks like a number in quotes, like '2025'"),
    )


def _pair(node: Node) -> Text:
    """Chinese and English; a plain text stands for both (imported plans have no English)."""
    if isinstance(node.value, dict):
        return built(Text, node)
    return Text(_text(node), _text(node))


def _integer(node: Node) -> int:
    if isinstance(node.value, Decimal) and node.value == node.value.to_integral_value():
        return int(node.value)
    raise node.error(
        Text(f"这里应为整数，不是 {_shown(node)}", f"a whole number is expected here, not {_shown(node)}"),
        Text("请写整数，不加引号", "Write a whole number without quotes"),
    )


def _decimal(node: Node) -> Decimal:
    if isinstance(node.value, Decimal):
        return node.value
    raise node.error(
        Text(f"这里应为数字，不是 {_shown(node)}", f"a number is expected here, not {_shown(node)}"),
        Text("请写数字，不加引号和单位", "Write a number without quotes and unit"),
    )


def _boolean(node: Node) -> bool:
    if isinstance(node.value, bool):
        return node.value
    raise node.error(
        Text(f"这里应为 true 或 false，不是 {_shown(node)}", f"true or false is expected, not {_shown(node)}"),
        Text("请写 true 或 false", "Write true or false"),
    )


def _date(node: Node) -> date:
    if isinstance(node.value, str) and _ISO.match(node.value):
        try:
            return date.fromisoformat(node.value)
        except ValueError:
            pass  # 2024-02-30: named below like any other text that is no date
    raise node.error(
        Text(f"这里应为日期，不是 {_shown(node)}", f"a date is expected here, not {_shown(node)}"),
        Text("请写成 2024-05-07", "Write it like 2024-05-07"),
    )


def _shown(node: Node) -> str:
    if isinstance(node.value, dict | list):
        return "…"
    return "null" if node.value is None else f"“{node.value}”"


_SCALARS: dict[Any, Reader] = {Text: _pair, str: _text, int: _integer, Decimal: _decimal, bool: _boolean, date: _date}
