"""Bracketed spans of a text, and splitting at marks that stand outside brackets and quotation marks."""

from __future__ import annotations

from dataclasses import dataclass

_PAIRS = {"（": "）", "〔": "〕", "【": "】", "《": "》", "〈": "〉", "“": "”", "‘": "’"}
_CLOSERS = {close: open_ for open_, close in _PAIRS.items()}
_FAR = 500  # a bracket that does not close within this many characters was never meant to


@dataclass(frozen=True, slots=True)
class Bracket:
    """A bracketed span: offsets of the opening mark and after the closing mark, and the opening mark."""

    start: int
    end: int
    mark: str


def brackets_of(text: str, marks: str = "（〔【") -> list[Bracket]:
    """Outermost bracketed spans that open with one of ``marks``; a span that never closes is none."""
    found: list[Bracket] = []
    at = 0
    while at < len(text):
        if text[at] in marks:
            end = _close(text, at)
            if end:
                found.append(Bracket(at, end, text[at]))
                at = end
                continue
        at += 1
    return found


def _close(text: str, at: int) -> int | None:
    opening, depth = text[at], 0
    closing = _PAIRS[opening]
    for index in range(at, min(len(text), at + _FAR)):
        if text[index] == opening:
            depth += 1
        elif text[index] == closing:
            depth -= 1
            if depth == 0:
                return index + 1
    return None


def depths(text: str) -> list[int]:
    """How many brackets and quotation marks each character stands in; unpaired marks count for nothing."""
    depth = [0] * len(text)
    stack: list[tuple[str, int]] = []
    for index, char in enumerate(text):
        if char in _PAIRS:
            stack.append((char, index))
        elif char in _CLOSERS:
            while stack and stack[-1][0] != _CLOSERS[char]:
                if not any(opening == _CLOSERS[char] for opening, _ in stack):
                    break
                stack.pop()
            if stack and stack[-1][0] == _CLOSERS[char]:
                _, start = stack.pop()
                if index - start <= _FAR:
                    for inside in range(start, index + 1):
                        depth[inside] += 1
    return depth


def split(text: str, marks: str) -> list[tuple[int, int]]:
    """Spans between marks outside brackets; the mark itself is left out, empty spans too."""
    depth, spans, start = depths(text), [], 0
    for index, char in enumerate(text):
        if char in marks and depth[index] == 0:
            if index > start:
                spans.append((start, index))
            start = index + 1
    if start < len(text):
        spans.append((start, len(text)))
    return spans
