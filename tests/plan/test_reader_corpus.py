"""The reader on fictional plans it was not written for: one key, one document, one sheet of measures each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from corpus_score import bare, score

CORPUS = Path(__file__).parent / "read" / "corpus"
DOCUMENTS = sorted(p for p in CORPUS.iterdir() if p.suffix in {".txt", ".docx"})

reader = pytest.importorskip("lantian.plan.read")
needs_reader = pytest.mark.skipif(not hasattr(reader, "read"), reason="the plan reader is not there yet")


def key_of(document: Path) -> dict[str, Any]:
    return json.loads(document.with_suffix(".key.json").read_text("utf-8"))


PLANS = [d for d in DOCUMENTS if key_of(d)["document"]["plan"]]
OTHERS = [d for d in DOCUMENTS if not key_of(d)["document"]["plan"]]


@needs_reader
@pytest.mark.parametrize("document", PLANS, ids=lambda d: d.name)
def test_plan_reaches_every_measure(document: Path) -> None:
    sheet = score(key_of(document), reader.read(document))
    assert len(sheet) >= 8
    short = [str(m) for m in sheet if not m.reached]
    assert not short, "\n".join([document.name, *short])


@needs_reader
@pytest.mark.parametrize("document", OTHERS, ids=lambda d: d.name)
def test_what_is_not_a_plan_gives_no_targets(document: Path) -> None:
    out = reader.read(document)
    assert out["document"]["plan"] is False
    assert out["targets"] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda d: d.name)
def test_every_quote_of_a_key_stands_in_its_document(document: Path) -> None:
    if document.suffix != ".txt":
        assert document.with_suffix(".txt").is_file()  # the key is held against the text form
        return
    text, key = bare(document.read_text("utf-8")), key_of(document)
    for kind in ("targets", "rules", "procedures"):
        for item in key[kind]:
            assert bare(item["quote"]) in text, item["quote"]
    for article in key["articles"]:
        assert bare(article["title"]) in text
        for group in article["responsibility_groups"]:
            assert bare(group["quote"]) in text
            assert set(group["lead"]) <= set(group["bodies"])
    assert key["counts"] == {name: len(key[name]) for name in key["counts"]}
