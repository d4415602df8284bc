"""The scorer of the corpus gives full marks to an output made of the key itself, and notices every kind of fault."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from corpus_score import Pairing, score

KEY = Path(__file__).parent / "read" / "corpus" / "hengling-2024.key.json"


@pytest.fixture(scope="module")
def key() -> dict[str, Any]:
    return json.loads(KEY.read_text("utf-8"))


@pytest.fixture
def ideal(key: dict[str, Any]) -> dict[str, Any]:
    """What a reader without a fault would give: every item at the place of its quote, one sentence a line."""
    key = copy.deepcopy(key)
    text = KEY.with_suffix("").with_suffix(".txt").read_text("utf-8")
    pairing = Pairing(text)

    def placed(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        spots = [pairing.place(item["quote"]) for item in items]
        return [{**item, "start": a, "end": b} for item, (a, b) in zip(items, spots, strict=True)]  # type: ignore[misc]

    starts = [text.index(f"（{a['numeral']}）{a['title']}") for a in key["articles"]]
    articles = [
        {"responsibility": a.pop("responsibility_groups"), **a, "start": s, "end": e}
        for a, s, e in zip(key["articles"], starts, [*starts[1:], len(text)], strict=True)
    ]
    cuts = [0, *(n + 1 for n, sign in enumerate(text) if sign in "\n。"), len(text)]
    sentences = [{"start": a, "end": b, "role": "measure"} for a, b in pairwise(cuts) if text[a:b].strip()]
    out = {"text": text, "document": key["document"], "chapters": key["chapters"], "articles": articles}
    return out | {name: placed(key[name]) for name in ("targets", "rules", "procedures")} | {"sentences": sentences}


def test_full_marks_for_the_key_itself(key: dict[str, Any], ideal: dict[str, Any]) -> None:
    assert [str(m) for m in score(key, ideal) if not m.reached] == []


def forget_targets(out: dict[str, Any]) -> None:
    del out["targets"][:3]


def invent_targets(out: dict[str, Any]) -> None:
    out["targets"] += [{**t, "value": 4711} for t in out["targets"] if t["kind"] == "numeric"][:5]


def turn_comparators(out: dict[str, Any]) -> None:
    for target in out["targets"]:
        target["comparator"] = "="


def forget_rules(out: dict[str, Any]) -> None:
    del out["rules"][:3]


def invent_rules(out: dict[str, Any]) -> None:
    out["rules"] += [{"start": n, "end": n + 1} for n in range(20)]


def shift_threshold(out: dict[str, Any]) -> None:
    for rule in out["rules"]:
        if rule["threshold"]:
            rule["threshold"] = {**rule["threshold"], "op": ">"}


def forget_bodies(out: dict[str, Any]) -> None:
    for article in out["articles"][3:6]:
        article["responsibility"] = []


def lose_sentence(out: dict[str, Any]) -> None:
    del out["sentences"][len(out["sentences"]) // 2]


def give_up(out: dict[str, Any]) -> None:
    for sentence in out["sentences"][::3]:
        sentence["role"] = "unparsed"


def join_sentences(out: dict[str, Any]) -> None:
    out["sentences"] = [{"start": 0, "end": len(out["text"]), "role": "measure"}]


def forget_procedures(out: dict[str, Any]) -> None:
    del out["procedures"][:5]


def miscount(out: dict[str, Any]) -> None:
    del out["chapters"][-1]


@pytest.mark.parametrize(
    ("fault", "measure"),
    [
        (forget_targets, "numeric targets F1"),
        (invent_targets, "numeric targets F1"),
        (turn_comparators, "comparators"),
        (forget_rules, "rules found"),
        (invent_rules, "rules that are in the key"),
        (shift_threshold, "rule thresholds"),
        (forget_bodies, "bodies"),
        (lose_sentence, "characters with a sentence"),
        (give_up, "share understood"),
        (join_sentences, "sentences in order and short"),
        (forget_procedures, "procedures"),
        (miscount, "chapters"),
    ],
)
def test_every_fault_is_noticed(
    key: dict[str, Any], ideal: dict[str, Any], fault: Callable[[dict[str, Any]], None], measure: str
) -> None:
    fault(ideal)
    assert measure in {m.name for m in score(key, ideal) if not m.reached}
