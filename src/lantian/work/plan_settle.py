"""Differences between an imported document and curated data, settled by a person one by one.

A change of a plan of the package is written as a copy into the data folder, which wins by id from then on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, cast

from lantian.basis.finding import Text
from lantian.basis.period import BEIJING
from lantian.rulebook import plan
from lantian.rulebook.joins import Difference, Join, read_join
from lantian.rulebook.loader import nearest
from lantian.rulebook.plan_writer import write_join, write_plan
from lantian.rulebook.plans import Body, Group, Item, Plan, Procedure, Rule, Target
from lantian.work.plan_edit import LETTERS, LISTS, added, edited, exchanged, next_id, refused
from lantian.work.plan_items import group_of, procedure_of, rule_of, target_of, threshold_of
from lantian.work.plan_places import Placed, joined_articles

Choice = Literal["document", "data", "both"]
_CHOICES = ("document", "data", "both")


def settle_difference(
    data: Path, plan_id: str, difference_id: str, choice: Choice, *, by: str, now: datetime
) -> Difference:
    """The settled difference: ``document`` takes the document's reading into the plan, ``data`` and ``both`` leave it.

    Errors  Refusal for an unknown plan, difference or choice, and for a whole article; then nothing is changed
    """
    known, join = plan(plan_id, data), _join(data, plan_id)
    found = _known(join, difference_id, choice)
    at = now.astimezone(BEIJING).isoformat(timespec="seconds")
    settled = replace(found, status="settled", choice=choice, by=by, at=at)
    differences = tuple(settled if one.id == found.id else one for one in join.differences)
    if choice != "document" or found.choice == "document":
        write_join(data, plan_id, replace(join, differences=differences))
        return settled
    read = json.loads((data / "plans" / plan_id / "read.json").read_bytes())
    changed, placed = _taken(known, found, read)
    new = _with_items(replace(join, differences=differences), placed)
    write_plan(data, replace(changed, changed_by=by, changed_at=at), join=new)
    return settled


def _known(join: Join, difference_id: str, choice: str) -> Difference:
    found = next((one for one in join.differences if one.id == difference_id), None)
    if found is None:
        remedy = nearest(difference_id, [one.id for one in join.differences])
        zh, en = f"没有差异“{difference_id}”。{remedy.zh}", f"there is no difference {difference_id!r}. {remedy.en}"
        raise refused("PLAN-SETTLE-UNKNOWN", zh, en)
    if choice not in _CHOICES:
        remedy = nearest(choice, _CHOICES)
        raise refused("PLAN-SETTLE-CHOICE", f"没有选择“{choice}”。{remedy.zh}", f"no choice {choice!r}. {remedy.en}")
    return found


def _join(data: Path, plan_id: str) -> Join:
    folder = data / "plans" / plan_id
    if not (folder / "join.yaml").is_file():
        zh = f"方案“{plan_id}”没有导入过文件，没有可处理的差异。请先导入"
        raise refused("PLAN-SETTLE-NO-DOCUMENT", zh, f"no document was imported for {plan_id!r}; import one first")
    return read_join(folder)


def _taken(known: Plan, difference: Difference, read: Mapping[str, Any]) -> tuple[Plan, tuple[Placed, ...]]:
    """The plan after the document's reading was chosen, and the place of an item that is new."""
    letter = LETTERS.get(difference.of)
    if letter is None:
        raise refused(
            "PLAN-SETTLE-ARTICLE",
            "整条的增减不能在这里采用。请作为新方案导入，或选择保留数据",
            "a whole article cannot be taken over here; import the document as a new plan, or keep the data",
        )
    if difference.kind == "only_in_data":
        articles = tuple(edited(article, {}, {str(difference.item): None}) for article in known.articles)
        return replace(known, articles=articles), ()
    entry, bodies = _entry(read, letter, difference), dict(known.bodies)
    if difference.kind == "only_in_document":
        n, identity = difference.article, next_id(known, difference.article, letter)
        item = _new(entry, n, identity, known.article(n).title, bodies)
        place = Placed(identity, difference.span[0], difference.span[1])
        return added(replace(known, bodies=bodies), n, item), (place,)
    corrected = _corrected(known.items()[str(difference.item)], entry, bodies)
    return exchanged(replace(known, bodies=bodies), corrected), ()


def _new(entry: Mapping[str, Any], n: int, identity: str, title: Text, bodies: dict[str, Body]) -> Item:
    if identity[0] == "T":
        return target_of(entry, n, identity)
    if identity[0] == "R":
        return rule_of(entry, n, identity)
    return procedure_of(entry, n, identity) if identity[0] == "P" else group_of(entry, identity, title, bodies)


def _entry(read: Mapping[str, Any], letter: str, difference: Difference) -> Mapping[str, Any]:
    groups = [group for article in read["articles"] for group in article.get("responsibility") or ()]
    entries = groups if letter == "D" else read.get(LISTS[letter], ())
    for entry in entries:
        if (entry["start"], entry["end"]) == tuple(difference.span):
            return cast("Mapping[str, Any]", entry)
    raise refused(
        "PLAN-SETTLE-STALE", "识读结果已变，找不到这一处。请重新导入文件", "the reading has changed; import again"
    )


def _corrected(old: Item, entry: Mapping[str, Any], bodies: dict[str, Body]) -> Item:
    """The item with the document's values; names, answers and notes stay ours."""
    if isinstance(old, Target):
        new = target_of(entry, old.article, old.id)
        if old.kind != "numeric":
            return replace(old, deadline=new.deadline)
        return replace(
            old, comparator=new.comparator, value=new.value, upper=new.upper, unit=new.unit, deadline=new.deadline
        )
    if isinstance(old, Rule):
        return replace(old, threshold=threshold_of(entry.get("threshold")))
    if isinstance(old, Group):
        group = group_of(entry, old.id, old.digest, bodies)
        return replace(old, lead=group.lead, bodies=group.bodies, mode=group.mode, open_list=group.open_list)
    assert isinstance(old, Procedure)
    return old  # procedures are matched by name alone: nothing in them can differ


def _with_items(join: Join, placed: tuple[Placed, ...]) -> Join:
    """The join with the sentences of new items knowing them."""
    sentences = [sentence for article in join.articles for sentence in article.sentences]
    rows = [{"start": s.start, "end": s.end, "role": s.role} for s in sentences]
    spans = [(article.article, article.start, article.end) for article in join.articles]
    before = [Placed(item, s.start, s.end) for s in sentences for item in s.items]
    return replace(join, articles=joined_articles({"sentences": rows}, spans, [*before, *placed]))
