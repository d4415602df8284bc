"""A run of visible characters cut loose from line breaks, each still knowing where it stands in the document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lantian.plan.read.script import plain


@dataclass(frozen=True, slots=True)
class Flat:
    """Visible text as analysed and as written, with the document offset of each character."""

    text: str
    raw: str
    at: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.text)

    def cut(self, first: int, last: int) -> Flat:
        """The part from ``first`` up to ``last``."""
        return Flat(self.text[first:last], self.raw[first:last], self.at[first:last])

    def span(self, first: int = 0, last: int | None = None) -> tuple[int, int]:
        """Document offsets of the characters from ``first`` up to ``last`` (not empty)."""
        last = len(self.text) if last is None else last
        return self.at[first], self.at[last - 1] + 1

    def wide_gap(self, index: int) -> bool:
        """Whether white space stood before this character in the document."""
        return index > 0 and self.at[index] - self.at[index - 1] > 1


EMPTY = Flat("", "", ())


class Source:
    """A document's text with its analysed form of the same length."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain = plain(text)

    def flat(self, start: int, end: int) -> Flat:
        """The visible characters from ``start`` to ``end``; a blank stays only between Latin words or numbers."""
        text: list[str] = []
        at: list[int] = []
        for match in _RUN.finditer(self.plain, start, end):
            if text and self._keeps_blank(at[-1], match.start()):
                text.append(" ")
                at.append(match.start() - 1)
            text.extend(match[0])
            at.extend(range(match.start(), match.end()))
        return Flat(
            "".join(text), "".join(" " if c == " " else self.text[k] for c, k in zip(text, at, strict=True)), tuple(at)
        )

    def _keeps_blank(self, before: int, after: int) -> bool:
        gap = self.text[before + 1 : after]
        return "\n" not in gap and all(self.plain[k].isascii() and self.plain[k].isalnum() for k in (before, after))


def joined(parts: Iterable[Flat]) -> Flat:
    """Several runs as one, in document order."""
    kept = [part for part in parts if len(part)]
    return Flat("".join(p.text for p in kept), "".join(p.raw for p in kept), tuple(k for p in kept for k in p.at))


_RUN = re.compile(r"[^\s\u200b\u200c\u200d\u2060\u00ad\ufeff]+")
