"""The official text beside a plan: which part is which article, and which sentence carries which items.

``text.txt`` and ``join.yaml`` stand in the data folder only. Spans are code points of ``text.txt``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from lantian.basis.finding import Text
from lantian.rulebook.loader import Node, RulebookError, load
from lantian.rulebook.plans import Article, Plan, Sentence
from lantian.rulebook.shape import built


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """A point where document and curated data differ, until a person settles it.

    ``choice``: ``document`` (the text is right), ``data`` (the curated item is right), ``both`` (different things).
    """

    id: str
    article: int
    of: Literal["article", "target", "rule", "procedure", "group"]
    kind: Literal["only_in_document", "only_in_data", "value"]
    what: str
    item: str | None = None
    document: str | None = None
    data: str | None = None
    span: tuple[int, ...] = ()
    status: Literal["open", "settled"] = "open"
    choice: Literal["document", "data", "both"] | None = None
    by: str | None = None
    at: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class JoinedSentence:
    """A sentence of the document: span, role, ids of the items it carries."""

    start: int
    end: int
    role: str
    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Span:
    """An article's span in the document."""

    article: int
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class JoinedArticle(_Span):
    """An article's span in the document and its sentences."""

    sentences: tuple[JoinedSentence, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Head:
    """What ``join.yaml`` says beside the articles."""

    document: str
    digest: str
    imported_at: str
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Join(_Head):
    """What ``join.yaml`` holds."""

    articles: tuple[JoinedArticle, ...]


def read_join(folder: Path) -> Join:
    """The join of a folder.

    Errors  RulebookError with file, line, what and remedy
    """
    node = load(folder / "join.yaml", f"plans/{folder.name}/join.yaml")
    own = built(_Head, node, also=frozenset({"articles"}))
    entries = node.mapping().get("articles")
    return Join(
        document=own.document, digest=own.digest, imported_at=own.imported_at, differences=own.differences,
        articles=tuple(_article(entry) for entry in entries.items()) if entries else (),
    )  # fmt: skip


def read_text(folder: Path) -> str:
    """The official text of a folder.

    Errors  RulebookError where it is absent or not UTF-8
    """
    name = f"plans/{folder.name}/text.txt"
    try:
        return (folder / "text.txt").read_bytes().decode()
    except OSError:
        what, remedy = (
            Text("有 join.yaml 而没有 text.txt", "join.yaml without text.txt"),
            Text("请重新导入文件", "Import again"),
        )
    except UnicodeDecodeError:
        what, remedy = Text("不是 UTF-8 编码", "not encoded as UTF-8"), Text("请重新导入文件", "Import again")
    raise RulebookError(name, None, what, remedy)


def digest_of(text: str) -> str:
    """SHA-256 of a text, by which a join knows the text it was made for."""
    return hashlib.sha256(text.encode()).hexdigest()


def joined(plan: Plan, folder: Path) -> Plan:
    """The plan with the official text and sentences of a data folder.

    Errors  RulebookError where text and join do not belong together
    """
    join, text = read_join(folder), read_text(folder)
    if digest_of(text) != join.digest:
        raise RulebookError(
            f"plans/{folder.name}/text.txt", None,
            Text("text.txt 与 join.yaml 不是同一份文件", "text.txt is not the text join.yaml was made for"),
            Text("请重新导入文件", "Import the document again"),
        )  # fmt: skip
    spans = {entry.article: entry for entry in join.articles}
    return replace(plan, articles=tuple(_with_text(article, spans.get(article.n), text) for article in plan.articles))


def _with_text(article: Article, span: JoinedArticle | None, text: str) -> Article:
    if span is None:
        return article
    sentences = tuple(Sentence(s.start - span.start, s.end - span.start, s.role, s.items) for s in span.sentences)
    return replace(article, text=text[span.start : span.end], sentences=sentences)


def _article(node: Node) -> JoinedArticle:
    entries = node.mapping()
    own = built(_Span, node, also=frozenset({"sentences"}))
    rows = entries["sentences"].items() if "sentences" in entries else []
    sentences = tuple(_sentence(row, own) for row in rows)
    return JoinedArticle(article=own.article, start=own.start, end=own.end, sentences=sentences)


def _sentence(row: Node, span: _Span) -> JoinedSentence:
    """A row [start, end, role, items…]."""
    values = [entry.value for entry in row.items()]
    if len(values) < 3 or not (isinstance(values[2], str) and all(isinstance(v, str) for v in values[3:])):
        raise _bad_row(row)
    try:
        start, end = int(str(values[0])), int(str(values[1]))
    except ValueError:
        raise _bad_row(row) from None
    if not span.start <= start < end <= span.end:
        raise _bad_row(row)
    return JoinedSentence(start=start, end=end, role=values[2], items=tuple(str(value) for value in values[3:]))


def _bad_row(row: Node) -> RulebookError:
    return row.error(
        Text(
            "句子应写成 [起, 止, 作用, 条目…]，且在本条之内",
            "a sentence is [start, end, role, items…] inside its article",
        ),
        Text("请重新导入文件", "Import the document again"),
    )
