"""One strict reader for the rulebook's files: YAML 1.2, numbers as Decimal, duplicate keys refused, lines kept.

The values come from ruamel.yaml's events, not from its constructor: that keeps the line of every value, refuses what
a file of law must not contain (tags, anchors, directives, several documents) and is fast enough to need no cache.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from lantian.basis.finding import Finding, Place, Refusal, Severity, Text

MAX_BYTES = 4_000_000
_NUMBER = re.compile(r"[+-]?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d{1,3})?\Z")
_DOUBTFUL = re.compile(r"[+-]?(0\d[\d_]*|0[ox][\da-fA-F]+|\d+_[\d_]*|\.\d+|\d+\.|\.inf|\.nan)\Z", re.IGNORECASE)
_WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}


class RulebookError(Refusal):
    """A rulebook file cannot be used: names the file, the line, what is wrong and what to do about it."""

    def __init__(self, file: str, line: int | None, what: Text, remedy: Text) -> None:
        self.file, self.line, self.what, self.remedy = file, line, what, remedy
        text = Text(f"{what.zh}。{remedy.zh}", f"{what.en}. {remedy.en}")
        super().__init__(Finding("RULEBOOK-FILE-REFUSED", Severity.REFUSED, text, Place(file=file, row=line)))


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a file with the place it stands at; mappings and lists hold nodes."""

    value: dict[str, Node] | list[Node] | str | Decimal | bool | None
    file: str
    line: int

    def error(self, what: Text, remedy: Text) -> RulebookError:
        """The error that names this node's place."""
        return RulebookError(self.file, self.line, what, remedy)

    def mapping(self) -> dict[str, Node]:
        """The entries of a mapping.

        Errors  RulebookError where it is none
        """
        if isinstance(self.value, dict):
            return self.value
        raise self.error(
            Text("这里应为键值表", "a mapping is expected here"),
            Text("请写成“键: 值”，每行一个", "Write “key: value”, one a line"),
        )

    def items(self) -> list[Node]:
        """The entries of a list.

        Errors  RulebookError where it is none
        """
        if isinstance(self.value, list):
            return self.value
        raise self.error(
            Text("这里应为列表", "a list is expected here"),
            Text("请写成 [甲, 乙]，或每行以“- ”开头", "Write [a, b], or begin each line with “- ”"),
        )

    def plain(self) -> Any:
        """The value without places, as ordinary dictionaries, lists and scalars."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        return [node.plain() for node in self.value] if isinstance(self.value, list) else self.value


def load(path: Path, name: str | None = None) -> Node:
    """The content of one YAML file as nodes.

    Errors  RulebookError with file, line, what and remedy; an absent or unreadable file too
    """
    label = name or str(path)
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        raise RulebookError(
            label,
            None,
            Text(f"文件读不出来（{error.strerror}）", f"cannot be read ({error.strerror})"),
            Text("请检查文件是否存在、能否读取", "Check that the file exists and may be read"),
        ) from None
    if size > MAX_BYTES:
        raise RulebookError(
            label,
            None,
            Text(f"文件有 {size} 字节，超过 {MAX_BYTES}", f"{size} bytes, more than {MAX_BYTES}"),
            Text("请拆成小文件", "Split it into small files"),
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise RulebookError(
            label,
            line,
            Text("不是 UTF-8 编码", "not encoded as UTF-8"),
            Text("请另存为 UTF-8", "Save the file as UTF-8"),
        ) from None
    return loads(text, label)


def loads(text: str, name: str) -> Node:
    """The content of a YAML text as nodes; ``name`` is the file name used in messages.

    Errors  RulebookError with file, line, what and remedy
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        return _document(iter(YAML(typ="safe", pure=True).parse(text)), name)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = str(error.problem or error.context or "").strip()
        raise RulebookError(
            name,
            mark.line + 1 if mark else None,
            Text(f"YAML 语法有误（{problem}）", f"YAML syntax: {problem}"),
            Text(
                "请检查这一行及上一行的缩进、引号和冒号", "Check indentation, quotes and colons here and a line above"
            ),
        ) from None
    except YAMLError as error:
        raise RulebookError(
            name,
            None,
            Text(f"YAML 语法有误（{error}）", f"YAML syntax: {error}"),
            Text("请检查文件中的特殊字符", "Check the file for special characters"),
        ) from None


def _document(events: Iterator[Any], name: str) -> Node:
    root: Node | None = None
    for event in events:
        kind = type(event).__name__
        if kind == "DocumentStartEvent" and (event.version or event.tags):
            raise _refused(name, event, "%YAML、%TAG 指令", "directives", "请删去这一行", "Remove the line")
        if kind.startswith(("Stream", "Document")):
            continue
        if root is not None:
            raise _refused(
                name,
                event,
                "一个文件里的第二份文档",
                "a second document in one file",
                "请分成两个文件",
                "Use two files",
            )
        root = _node(event, events, name)
    if root is None:
        raise RulebookError(
            name, 1, Text("文件是空的", "the file is empty"), Text("请写入内容或删去文件", "Fill or remove it")
        )
    return root


def _node(event: Any, events: Iterator[Any], name: str) -> Node:
    kind, line = type(event).__name__, event.start_mark.line + 1
    if kind == "AliasEvent" or event.anchor is not None:
        raise _refused(
            name,
            event,
            "锚点或引用（& *）",
            "anchors and aliases",
            "请把内容写全，或加引号",
            "Write it out, or quote it",
        )
    if event.tag is not None:
        raise _refused(
            name,
            event,
            f"类型标签 {event.tag}",
            f"the tag {event.tag}",
            "请删去标签，或加引号",
            "Remove it, or quote it",
        )
    if kind == "ScalarEvent":
        return Node(_scalar(event, name, line), name, line)
    if kind == "SequenceStartEvent":
        return Node(list(_entries(events, name)), name, line)
    return Node(_mapping(events, name), name, line)


def _entries(events: Iterator[Any], name: str) -> Iterator[Node]:
    for event in events:
        if type(event).__name__ == "SequenceEndEvent":
            return
        yield _node(event, events, name)


def _mapping(events: Iterator[Any], name: str) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for event in events:
        if type(event).__name__ == "MappingEndEvent":
            break
        if type(event).__name__ != "ScalarEvent":
            raise _refused(
                name, event, "不是文字的键", "keys that are no plain text", "请用一个词作键", "Use one word as key"
            )
        key = event.value
        if key in found:
            raise _error(
                name,
                event.start_mark.line + 1,
                Text(
                    f"键“{key}”写了两次（第一次在第 {found[key].line} 行）",
                    f"the key {key!r} occurs twice (first in line {found[key].line})",
                ),
                Text("请删去一个", "Remove one"),
            )
        found[key] = _node(next(events), events, name)
    return found


def _scalar(event: Any, name: str, line: int) -> str | Decimal | bool | None:
    text: str = event.value
    if not event.implicit[0]:  # quoted or block text is text
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _NUMBER.match(text):
        return Decimal(text)
    if _DOUBTFUL.match(text):
        raise _error(
            name,
            line,
            Text(f"“{text}”这样的数字有歧义", f"the number {text!r} is ambiguous"),
            Text("数字请写成 17 或 0.5；编号请加引号", "Write numbers as 17 or 0.5, and put codes in quotes"),
        )
    return text


def _error(name: str, line: int, what: Text, remedy: Text) -> RulebookError:
    return RulebookError(name, line, what, remedy)


def _refused(name: str, event: Any, zh: str, en: str, do_zh: str, do_en: str) -> RulebookError:
    return _error(
        name,
        event.start_mark.line + 1,
        Text(f"规则文件不接受{zh}", f"not accepted in the rulebook: {en}"),
        Text(do_zh, do_en),
    )


def nearest(word: str, allowed: Iterable[str]) -> Text:
    """A remedy that names the nearest allowed spelling and what is allowed."""
    known = sorted(allowed)
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    zh = (f"是否为“{close[0]}”？" if close else "") + f"可用：{'、'.join(known)}"
    return Text(zh, (f"Is it {close[0]!r}? " if close else "") + f"Allowed: {', '.join(known)}")
