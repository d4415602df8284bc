"""Reads an official document into chapters, articles, responsibilities, targets, rules, duties and procedures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lantian.plan.read.documents import lines_ended_by_lf, text_of_bytes, text_of_file


def read(path: Path | str) -> dict[str, Any]:
    """A document file as ``lantian-plan/1``.

    Errors  Refusal where the file is missing, empty, too large, binary, garbled or damaged
    """
    path = Path(path)
    return read_text(text_of_file(path), path.name)


def read_bytes(content: bytes, name: str) -> dict[str, Any]:
    """A document's bytes as ``lantian-plan/1``.

    Errors  as for ``read``
    """
    return read_text(text_of_bytes(content, name), name)


def read_text(text: str, name: str = "") -> dict[str, Any]:
    """A document's text as ``lantian-plan/1``; a text that is no plan gives ``plan: false`` and no targets."""
    from lantian.plan.read.output import as_data
    from lantian.plan.read.reader import reading_of

    return as_data(reading_of(lines_ended_by_lf(text)), name)
