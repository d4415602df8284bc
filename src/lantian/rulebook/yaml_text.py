"""Readable YAML 1.2 from plain values, as the rulebook's own files are written: short tables on one line, few quotes.

What is written here reads back the same through ``loader.loads``.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TypeAlias

Plain: TypeAlias = "str | int | Decimal | bool | Mapping[str, Plain] | list[Plain] | None"

WIDTH = 118
_LIKE_OTHERS = re.compile(
    r"[+-]?[\d.][\d_.oxeE+-]*\Z|[+-]?\.?(inf|nan)\Z|(null|true|false|yes|no|on|off)\Z|~\Z", re.IGNORECASE
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_SPECIAL_FIRST = set("-?:,[]{}#&*!|>'\"%@`= \t")


def yaml_text(value: Mapping[str, Plain]) -> str:
    """A file's text for a mapping, keys in their order."""
    return "\n".join(_mapping(value, 0)) + "\n"


def _mapping(value: Mapping[str, Plain], indent: int) -> Iterator[str]:
    pad = " " * indent
    for key, entry in value.items():
        head = f"{pad}{_scalar(key, flow=False)}:"
        short = _short(entry, WIDTH - _width(head) - 1)
        if short is not None:
            yield f"{head} {short}"
        elif isinstance(entry, Mapping):
            yield head
            yield from _mapping(entry, indent + 2)
        elif isinstance(entry, list):
            yield head
            yield from _list(entry, indent + 2)
        else:
            yield f"{head} {_scalar(entry, flow=False)}"


def _list(value: list[Plain], indent: int) -> Iterator[str]:
    pad = " " * indent
    for entry in value:
        short = _short(entry, WIDTH - indent - 2)
        if not isinstance(entry, Mapping | list) or short is not None:
            yield f"{pad}- {short}"
            continue
        lines = _mapping(entry, indent + 2) if isinstance(entry, Mapping) else _list(entry, indent + 2)
        yield f"{pad}- {next(lines).lstrip()}"
        yield from lines


def _short(value: Plain, room: int) -> str | None:
    """The value on one line, or None where it must stand on several: long ones, and items with an id."""
    if isinstance(value, Mapping | list) and not value:
        return "{}" if isinstance(value, Mapping) else "[]"
    if isinstance(value, Mapping):
        if "id" in value and len(value) > 4:
            return None
        text = "{" + ", ".join(f"{_scalar(key, flow=True)}: {_flow(entry)}" for key, entry in value.items()) + "}"
    elif isinstance(value, list):
        if any(isinstance(entry, Mapping | list) for entry in value):
            return None
        text = "[" + ", ".join(_flow(entry) for entry in value) + "]"
    else:
        return _scalar(value, flow=False)
    return text if _width(text) <= room else None


def _flow(value: Plain) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key, flow=True)}: {_flow(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(entry) for entry in value) + "]"
    return _scalar(value, flow=True)


def _scalar(value: str | int | Decimal | bool | None, *, flow: bool) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return str(value) if isinstance(value, int) else format(value, "f")
    return value if _plain(value, flow=flow) else _quoted(value)


def _plain(text: str, *, flow: bool) -> bool:
    return bool(
        text
        and text == text.strip()
        and text[0] not in _SPECIAL_FIRST
        and (not _LIKE_OTHERS.match(text) or _DATE.match(text))
        and ": " not in text
        and " #" not in text
        and not text.endswith(":")
        and not (flow and set(text) & set(",[]{}:"))
        and all(_printable(character) for character in text)
    )


def _quoted(text: str) -> str:
    body = json.dumps(text, ensure_ascii=False)
    return "".join(c if _printable(c) else _escaped(c) for c in body)


def _printable(character: str) -> bool:
    return unicodedata.category(character)[0] != "C" and unicodedata.category(character) not in ("Zl", "Zp")


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _width(text: str) -> int:
    """Columns on screen: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
