"""The trace: the plan jixi-2024 is whole, everything in it resolves, and every article is answered."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lantian.basis.units import unit_of
from lantian.rulebook import Plan, plan
from lantian.rulebook.answers import answers, bases
from lantian.rulebook.plans import Group, Procedure, Rule, Target

COUNTS = {"chapters": 10, "articles": 39, "targets": 25, "rules": 68, "procedures": 35, "groups": 41}


@pytest.fixture(scope="module")
def jixi() -> Plan:
    return plan("jixi-2024")


@pytest.fixture(scope="module")
def key(shared: Path) -> dict[str, Any]:
    return json.loads((shared / "data/plans/jixi-2024.key.json").read_text(), parse_float=Decimal, parse_int=Decimal)


def test_the_counts_are_those_of_the_document(jixi: Plan) -> None:
    assert {name: len(getattr(jixi, name)) for name in COUNTS} == COUNTS
    assert [article.n for article in jixi.articles] == list(range(1, 40))
    assert len({item.id for article in jixi.articles for item in article.items()}) == 25 + 68 + 35 + 41


def test_every_article_and_item_is_answered(jixi: Plan) -> None:
    register = answers()
    for article in jixi.articles:
        for thing in (article, *article.items()):
            answer = thing.answered_by
            if answer.kind == "aspiration":
                assert answer.reason is not None
            else:
                assert register[str(answer.by)].kind == answer.kind
    assert [a.n for a in jixi.articles if a.answered_by.kind == "aspiration"] == [1, 2]


def test_what_is_not_built_says_what_stands_in() -> None:
    for entry in answers().values():
        if not entry.built:
            assert answers()[str(entry.meanwhile)].built
    assert len({entry.id for entry in answers().values()}) == len(answers()) == 36


def test_targets_of_air_data_have_metric_and_basis(jixi: Plan) -> None:
    metrics = {t.id: t.metric for t in jixi.targets if t.metric}
    assert metrics == {
        "T03-1": "pm25_annual_mean", "T03-2": "heavy_pollution_days", "T26-1": "good_day_ratio",
        "T26-2": "pm25_annual_mean", "T26-3": "heavy_pollution_days",
    }  # fmt: skip
    for target in jixi.targets:
        if target.metric:
            assert target.basis in bases()
            assert unit_of(answers()[target.metric].unit or "") == unit_of(target.unit or "")
    assert {t.id: t.same_as for t in jixi.targets if t.same_as} == {"T26-2": "T03-1", "T26-3": "T03-2"}


def test_every_unit_is_known(jixi: Plan) -> None:
    units = {t.unit for t in jixi.targets if t.unit} | {r.threshold.unit for r in jixi.rules if r.threshold}
    assert all(unit and unit_of(unit) and unit_of(unit).id == unit for unit in units)  # type: ignore[union-attr]


def test_ambiguities_are_noted_and_not_corrected(jixi: Plan) -> None:
    items = jixi.items()
    coal, rail, yards, straw = (items[i] for i in ("T10-1", "T15-1", "T19-4", "T21-1"))
    assert isinstance(coal, Target) and isinstance(rail, Target) and isinstance(yards, Target)  # noqa: PT018
    assert isinstance(straw, Target)
    assert (coal.comparator, coal.unit, rail.unit) == ("≈", "%", "pp")
    assert (yards.deadline, straw.value, straw.deadline) == (None, None, "每年")
    assert all(item.notes for item in (coal, rail, yards, straw))


def test_the_plan_reaches_to_its_last_deadline(jixi: Plan) -> None:
    assert (jixi.until, jixi.continued_by, jixi.replaces) == (date(2030, 12, 31), None, None)
    assert (jixi.inherited.body, jixi.inherited.from_article) == ("county_governments", 4) if jixi.inherited else False
    assert [county.code for county in jixi.counties] == [
        "230302", "230303", "230304", "230305", "230306", "230307", "230321", "230381", "230382",
    ]  # fmt: skip
    assert jixi.cities == ("鸡西",)


def test_every_body_is_used(jixi: Plan) -> None:
    used = {body for group in jixi.groups for body in group.bodies} | {b for p in jixi.procedures for b in p.actors}
    assert set(jixi.bodies) == used | {jixi.inherited.body if jixi.inherited else ""}


def test_texts_are_short_and_bilingual(jixi: Plan) -> None:
    for article in jixi.articles:
        assert 30 <= len(article.digest.zh) <= 90
        texts = [article.title, article.digest, *(group.digest for group in article.groups)]
        texts += [t.indicator for t in article.targets] + [r.subject for r in article.rules]
        texts += [p.name for p in article.procedures]
        assert all(text.zh != text.en and "！" not in text.zh for text in texts)


# Against the hand-made key


SHORTER = {"R07-3": "室内地坪、室外建筑防护、交通标识（无特殊功能要求的）"}  # the key quotes 26 characters of the text


def _names(plan: Plan, ids: tuple[str, ...]) -> list[str]:
    return [plan.bodies[body].zh for body in ids]


def _unit(written: str | None) -> str | None:
    unit = unit_of(written) if written else None
    return unit.id if unit else written


def test_chapters_articles_and_groups_equal_the_key(jixi: Plan, key: dict[str, Any]) -> None:
    assert [(c.n, c.numeral, c.title.zh, [c.first, c.last]) for c in jixi.chapters] == [
        (c["n"], c["numeral"], c["title"], c["articles"]) for c in key["chapters"]
    ]
    for article, expected in zip(jixi.articles, key["articles"], strict=True):
        assert (article.n, article.numeral, article.chapter, article.title.zh) == (
            expected["n"], expected["numeral"], expected["chapter"], expected["title"],
        )  # fmt: skip
        assert [(g.id, g.mode, _names(jixi, g.lead), _names(jixi, g.bodies), g.open_list) for g in article.groups] == [
            (f"D{article.n:02}-{i}", g["mode"], g["lead"], g["bodies"], g["open_list"])
            for i, g in enumerate(expected["responsibility_groups"], 1)
        ]
    assert set(key["bodies"]) <= {body.zh for body in jixi.bodies.values()}


def test_targets_equal_the_key(jixi: Plan, key: dict[str, Any]) -> None:
    def ours(t: Target) -> tuple[Any, ...]:
        return (t.id, t.article, t.indicator.zh, t.kind, t.comparator, t.value, t.unit, t.baseline_year, t.deadline,
                t.scope, t.strength)  # fmt: skip

    names = ("id", "article", "indicator", "kind", "comparator", "value", "unit", "baseline_year", "deadline", "scope",
             "strength")  # fmt: skip
    assert [ours(t) for t in jixi.targets] == [
        tuple(_unit(t[name]) if name == "unit" else t[name] for name in names) for t in key["targets"]
    ]


def test_rules_equal_the_key(jixi: Plan, key: dict[str, Any]) -> None:
    def ours(rule: Rule) -> tuple[Any, ...]:
        limit = rule.threshold
        return (rule.id, rule.article, rule.type, rule.strength, rule.scope, bool(rule.exception),
                (limit.param, limit.op, limit.value, limit.unit) if limit else None)  # fmt: skip

    def theirs(rule: dict[str, Any]) -> tuple[Any, ...]:
        limit = rule["threshold"]
        return (rule["id"], rule["article"], rule["type"], rule["strength"], SHORTER.get(rule["id"], rule["scope"]),
                bool(rule["exception"]),
                (limit["param"], limit["op"], limit["value"], _unit(limit["unit"])) if limit else None)  # fmt: skip

    assert [ours(rule) for rule in jixi.rules] == [theirs(rule) for rule in key["rules"]]


def test_procedures_equal_the_key(jixi: Plan, key: dict[str, Any]) -> None:
    def ours(p: Procedure) -> tuple[Any, ...]:
        return (p.id, p.article, p.name.zh, p.frequency, p.trigger, _names(jixi, p.actors))

    assert [ours(p) for p in jixi.procedures] == [
        (p["id"], p["article"], p["name"], p["frequency"], p["trigger"], p["actors"]) for p in key["procedures"]
    ]


def test_no_sentence_of_the_official_text_is_in_the_package(jixi: Plan, shared: Path) -> None:
    """Digests, notes and names are our own words: no run of 25 characters of the text."""
    official = "".join((shared / "data/plans/jixi-2024.txt").read_text().split())
    for article in jixi.articles:
        texts = [article.digest.zh]
        for item in article.items():
            if isinstance(item, Group):
                texts.append(item.digest.zh)
            elif isinstance(item, Target):
                texts += [item.indicator.zh, *(note.zh for note in item.notes)]
            elif isinstance(item, Rule):
                texts += [item.subject.zh, item.exception or "", item.scope or ""]
            else:
                texts += [item.name.zh]
        runs = Counter(
            run for text in texts for run in (text[i : i + 25] for i in range(len(text) - 24)) if run in official
        )
        assert not runs, article.n


def test_counties_are_those_of_the_map(jixi: Plan, shared: Path) -> None:
    features = json.loads((shared / "data/geo/230300_full.wgs84.json").read_text())["features"]
    assert {(c.code, c.zh) for c in jixi.counties} == {
        (str(f["properties"]["adcode"]), f["properties"]["name"]) for f in features
    }
