"""Measures of a plan read by the program against a hand-made key: our own scorer for the corpus of fictional plans.

What a measure means: chapters and articles are counted; bodies are compared article by article; numeric targets match
on article, value, unit and year of the deadline; everything else is paired with the quote of the key, one to one, by
its span (an item that holds the quote and is at most 120 characters longer, or an overlap of half of both).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

Item = dict[str, Any]
ROOM = 120  # how much longer than its quote an item may be
LONGEST = 400  # a sentence longer than this has not been divided

UNITS = {
    **dict.fromkeys(("μg/m3", "μg/m³", "ug/m³", "µg/m3", "µg/m³", "微克/立方米", "微克每立方米"), "ug/m3"),
    "毫克/立方米": "mg/m3",
    **dict.fromkeys(("百分点", "个百分点"), "pp"),
    "％": "%",
    **dict.fromkeys(("蒸吨/小时", "蒸吨", "吨/小时"), "t/h"),
    "日": "天",
}


@dataclass(frozen=True)
class Measure:
    """One figure between 0 and 1, the least that is asked for, and what was missed."""

    name: str
    value: float
    least: float
    missed: tuple[str, ...] = ()

    @property
    def reached(self) -> bool:
        return self.value >= self.least - 1e-9

    def __str__(self) -> str:
        tail = "" if self.reached else "  <-- short: " + "; ".join(self.missed)
        return f"{self.name:<28}{self.value:6.3f} (at least {self.least:.2f}){tail}"


@dataclass
class Sheet:
    """The measures of one document in the order they were taken."""

    measures: list[Measure] = field(default_factory=list)

    def put(self, name: str, value: float, least: float, missed: Iterable[object] = ()) -> None:
        self.measures.append(Measure(name, value, least, tuple(str(m) for m in missed)))

    @property
    def short(self) -> list[Measure]:
        return [m for m in self.measures if not m.reached]


def score(key: Item, out: Item) -> list[Measure]:
    """All measures of one document that is a plan."""
    sheet = Sheet()
    cut = bool(key.get("note"))
    facts(sheet, key["document"], out.get("document") or {})
    if not cut:
        structure(sheet, key, out)
    if key["articles"]:
        responsibilities(sheet, key, out)
    numeric_targets(sheet, key, out, cut)
    pairing = Pairing(out.get("text") or "")
    rules(sheet, key["rules"], out.get("rules", []), pairing)
    other = [t for t in key["targets"] if t["kind"] != "numeric"]
    if other:
        given = [t for t in out.get("targets", []) if t.get("kind") in ("completion", "external")]
        found(sheet, "completion and external", other, given, pairing, 0.8)
    if key["procedures"] and not cut:
        found(sheet, "procedures", key["procedures"], out.get("procedures", []), pairing, 0.7)
    coverage(sheet, out)
    return sheet.measures


def facts(sheet: Sheet, want: Item, got: Item) -> None:
    """Is it a plan, is it whole, and the title, number and date printed on it."""
    for name in ("plan", "complete"):
        sheet.put(f"document: {name}", float(got.get(name) is want[name]), 1.0, [got.get(name)])
    for name in ("title", "number", "issued_on"):
        if name in want:
            same = undated(str(got.get(name) or "")) == undated(want[name])
            sheet.put(f"document: {name}", float(same), 1.0, [got.get(name)])


def structure(sheet: Sheet, key: Item, out: Item) -> None:
    for name in ("chapters", "articles"):
        want, got = len(key[name]), len(out.get(name, []))
        sheet.put(name, float(want == got), 1.0, [f"{got} instead of {want}"])
    titles = {a["n"]: plain_title(a.get("title")) for a in out.get("articles", [])}
    wrong = [f"{a['n']} {titles.get(a['n'])}" for a in key["articles"] if titles.get(a["n"]) != plain_title(a["title"])]
    if key["articles"]:
        sheet.put("article titles", 1 - len(wrong) / len(key["articles"]), 0.9, wrong)


def responsibilities(sheet: Sheet, key: Item, out: Item) -> None:
    given = {a["n"]: a for a in out.get("articles", [])}
    for name, field_names in (("bodies", ("bodies", "lead")), ("lead bodies", ("lead",))):
        want = {(a["n"], b) for a in key["articles"] for b in named(a, field_names)}
        got = {(n, b) for n in {a["n"] for a in key["articles"]} for b in named(given.get(n, {}), field_names)}
        if want or name == "bodies":
            least = 0.95
            missed = [*(f"-{n}:{b}" for n, b in sorted(want - got)), *(f"+{n}:{b}" for n, b in sorted(got - want))]
            sheet.put(name, f1(len(want & got), len(got), len(want)), least, missed)


def named(article: Item, fields: tuple[str, ...]) -> set[str]:
    groups = article.get("responsibility_groups", article.get("responsibility")) or []
    return {body for group in groups for name in fields for body in group.get(name) or []}


def numeric_targets(sheet: Sheet, key: Item, out: Item, cut: bool) -> None:
    want = [t for t in key["targets"] if t["kind"] == "numeric"]
    got = [t for t in out.get("targets", []) if t.get("kind", "numeric") == "numeric" and t.get("value") is not None]
    by_article = bool(key["articles"]) and all(isinstance(t["article"], int) for t in want)

    def mark(target: Item) -> Hashable:
        return (target.get("article") if by_article else None, value(target), unit(target), year(target))

    wanted, given = Counter(map(mark, want)), Counter(map(mark, got))
    hits = (wanted & given).total()
    missed = [*(f"-{m}" for m in wanted - given), *(f"+{m}" for m in given - wanted)]
    if cut:
        sheet.put("numeric targets recall", hits / max(1, len(want)), 0.95, missed)
    else:
        sheet.put("numeric targets F1", f1(hits, len(got), len(want)), 0.95, missed)
    sense = {mark(t): t["comparator"] for t in want}
    matched = [t for t in got if mark(t) in sense]
    wrong = [f"{mark(t)} {t.get('comparator')}" for t in matched if t.get("comparator") != sense[mark(t)]]
    if matched:
        sheet.put("comparators", 1 - len(wrong) / len(matched), 0.9, wrong)


def rules(sheet: Sheet, want: list[Item], got: list[Item], pairing: Pairing) -> None:
    if not want:
        return
    pairs = found(sheet, "rules found", want, got, pairing, 0.9)
    extra = [pairing.shown(r) for m, r in enumerate(got) if m not in pairs.values()]
    sheet.put("rules that are in the key", len(pairs) / len(got) if got else 0.0, 0.7, extra)
    bound = [n for n, rule in enumerate(want) if rule.get("threshold")]
    held = [n for n in bound if n in pairs and same_threshold(want[n]["threshold"], got[pairs[n]].get("threshold"))]
    if any(n in pairs for n in bound):
        wrong = [f"{want[n]['quote']}: {got[pairs[n]].get('threshold') if n in pairs else None}" for n in bound]
        wrong = [w for n, w in zip(bound, wrong, strict=True) if n not in held]
        sheet.put("rule thresholds", len(held) / len(bound), 0.9, wrong)


def same_threshold(want: Item, got: Item | None) -> bool:
    if not got or got.get("value") is None:
        return False
    return got.get("op") == want["op"] and float(got["value"]) == float(want["value"])


def found(sheet: Sheet, name: str, want: list[Item], got: list[Item], pairing: Pairing, least: float) -> dict[int, int]:
    pairs = pairing.pairs(want, got)
    missed = [item["quote"] for n, item in enumerate(want) if n not in pairs]
    sheet.put(name, len(pairs) / len(want), least, missed)
    return pairs


class Pairing:
    """Pairs items of the key with items given, by where the key's quote stands in the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = [n for n, sign in enumerate(text) if not sign.isspace()]
        self.bare = "".join(text[n] for n in self.at)

    def shown(self, item: Item) -> str:
        return bare(self.text[item["start"] : item["end"]])[:60]

    def place(self, quote: str) -> tuple[int, int] | None:
        wanted = bare(quote)
        first = self.bare.find(wanted) if wanted else -1
        return None if first < 0 else (self.at[first], self.at[first + len(wanted) - 1] + 1)

    def pairs(self, want: list[Item], got: list[Item]) -> dict[int, int]:
        offers = []
        for n, item in enumerate(want):
            place = self.place(item["quote"])
            if place is None:
                continue
            for m, other in enumerate(got):
                share = fit(place, (other["start"], other["end"]))
                if share:
                    offers.append((-share, n, m))
        chosen: dict[int, int] = {}
        for _, n, m in sorted(offers):
            if n not in chosen and m not in chosen.values():
                chosen[n] = m
        return chosen


def fit(quote: tuple[int, int], item: tuple[int, int]) -> float:
    """How well an item covers a quote, 0 where it does not count."""
    both = min(quote[1], item[1]) - max(quote[0], item[0])
    long_quote, long_item = quote[1] - quote[0], item[1] - item[0]
    if both <= 0:
        return 0.0
    holds = both == long_quote and long_item - long_quote <= ROOM
    halves = 2 * both >= max(long_quote, long_item)
    return both / max(long_quote, long_item) if holds or halves else 0.0


def coverage(sheet: Sheet, out: Item) -> None:
    """Every visible character of an article has one sentence, no sentence is too long, little is not understood."""
    text, articles = out.get("text") or "", out.get("articles") or []
    sentences = sorted(out.get("sentences", []), key=lambda s: s["start"])
    covered = {n for s in sentences for n in range(s["start"], s["end"])}
    todo = [n for a in articles for n in range(a["start"], a["end"]) if not text[n].isspace()]
    if not todo:
        return
    bare_spots = [text[max(0, n - 5) : n + 5] for n in todo if n not in covered]
    sheet.put("characters with a sentence", 1 - len(bare_spots) / len(todo), 1.0, bare_spots[:5])
    faults = [text[b["start"] : b["start"] + 20] for a, b in pairwise(sentences) if b["start"] < a["end"]]
    faults += [text[s["start"] : s["start"] + 20] for s in sentences if s["end"] - s["start"] > LONGEST]
    sheet.put("sentences in order and short", float(not faults), 1.0, faults[:5])
    unread = [bare(text[s["start"] : s["end"]]) for s in sentences if s.get("role") == "unparsed"]
    sheet.put("share understood", 1 - sum(map(len, unread)) / len(todo), 0.9, unread)


def value(target: Item) -> Hashable:
    raw = target.get("value")
    if isinstance(raw, list | tuple):
        return tuple(round(float(v), 6) for v in raw)
    return round(float(raw), 6) if raw is not None else None


def unit(target: Item) -> str:
    written = (target.get("unit") or "").strip()
    return UNITS.get(written, written)


def year(target: Item) -> str:
    written = str(target.get("deadline") or "")
    match = re.search(r"\d{4}", written)
    return match.group() if match else written


def bare(text: str) -> str:
    return "".join(text.split())


def undated(text: str) -> str:
    """A title without the years in brackets at its end: whether they belong to it is left open."""
    return re.sub(r"[（(]\d{4}[—\-–－]\d{4}年?[）)]$", "", bare(text))


def plain_title(text: str | None) -> str:
    return bare(text or "").rstrip("。")


def f1(hits: int, given: int, wanted: int) -> float:
    if not given or not wanted:
        return float(given == wanted)
    return 2 * hits / (given + wanted)
