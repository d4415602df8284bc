"""Where the parts of a read document stand: articles, sentences and the items each sentence carries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lantian.rulebook.joins import JoinedArticle, JoinedSentence

Read = Mapping[str, Any]
OUTSIDE = 0  # number of the article that takes what stands outside the articles (sections, tables)


@dataclass(frozen=True, slots=True)
class Span:
    """An article's number in the plan and its span in the document; ``entry`` is what the reader says of it."""

    n: int
    start: int
    end: int
    entry: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Placed:
    """An item of the plan at its span in the document."""

    id: str
    start: int
    end: int


def spans_of(read: Read) -> tuple[Span, ...]:
    """The document's articles; where the reader's numbers repeat, they are counted through in order."""
    entries = sorted(read["articles"], key=lambda entry: int(entry["start"]))
    numbers = [int(entry["n"]) for entry in entries]
    if len(set(numbers)) != len(numbers) or any(n < 1 for n in numbers):
        numbers = list(range(1, len(entries) + 1))
    return tuple(Span(n, int(e["start"]), int(e["end"]), e) for n, e in zip(numbers, entries, strict=True))


def article_at(item: Mapping[str, Any], spans: Sequence[Span]) -> int:
    """Number of the article an item stands in, by its place; OUTSIDE where it stands in none."""
    for span in spans:
        if span.start <= int(item["start"]) < span.end:
            return span.n
    return OUTSIDE


def outside_span(items: Sequence[Mapping[str, Any]], spans: Sequence[Span], text: str) -> tuple[int, int] | None:
    """The whole lines that hold most of the items outside the articles, no article between; None for no items."""
    runs: dict[int, list[Mapping[str, Any]]] = {}
    for item in items:
        runs.setdefault(sum(span.start <= int(item["start"]) for span in spans), []).append(item)
    if not runs:
        return None
    run = max(runs.values(), key=len)
    start = text.rfind("\n", 0, min(int(item["start"]) for item in run)) + 1
    end = text.find("\n", max(int(item["end"]) for item in run))
    end = len(text) if end < 0 else end
    return None if any(span.start < end and start < span.end for span in spans) else (start, end)


def joined_articles(
    read: Read, articles: Sequence[tuple[int, int, int]], placed: Sequence[Placed]
) -> tuple[JoinedArticle, ...]:
    """Each article (number, start, end) with its sentences and their items.

    A sentence that runs over an article's edge is cut there; lines without a sentence stay without one.
    """
    found = []
    for n, start, end in articles:
        rows = [
            (max(start, int(s["start"])), min(end, int(s["end"])), str(s["role"]))
            for s in read.get("sentences", ())
            if int(s["start"]) < end and start < int(s["end"])
        ]
        rows.sort()
        carried = _carried(rows, [item for item in placed if item.start < end and start < item.end])
        sentences = tuple(
            JoinedSentence(start=a, end=b, role=role, items=tuple(carried.get((a, b), ()))) for a, b, role in rows
        )
        found.append(JoinedArticle(article=n, start=start, end=end, sentences=sentences))
    return tuple(found)


def _carried(rows: list[tuple[int, int, str]], placed: list[Placed]) -> dict[tuple[int, int], list[str]]:
    """Items by the sentence that holds most of them."""
    found: dict[tuple[int, int], list[str]] = {}
    for item in sorted(placed, key=lambda one: (one.start, one.end, len(one.id), one.id)):
        best = max(rows, key=lambda row: min(row[1], item.end) - max(row[0], item.start), default=None)
        if best is not None and best[0] < item.end and item.start < best[1]:
            found.setdefault((best[0], best[1]), []).append(item.id)
    return found
