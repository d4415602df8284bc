"""Who answers for which item: bodies of a responsibility group, inheriting bodies, counties; and so who may enter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lantian.rulebook.plans import Article, Group, Item, Plan, Procedure
from lantian.site.access import Action, Scope, scope_of
from lantian.site.year.selectors import shares

if TYPE_CHECKING:
    from lantian.site.people.models import User

COUNTY_KINDS = {"county_government", "branch"}


@dataclass(frozen=True, slots=True)
class Reach:
    """What a viewer may enter: everything, the items of a body, or those of a county (then only for that county)."""

    scope: Scope | None
    body: str = ""
    county: str = ""


def reach_of(user: User) -> Reach:
    """Reach of a viewer's entries."""
    return Reach(scope_of(user, Action.ENTER_FACTS), user.body, user.county)


def bodies_of(plan: Plan, article: Article, item: Item) -> tuple[str, ...]:
    """Bodies that answer for an item: of its group, or of all groups of its article; actors of a procedure; inheritors."""
    groups = (item,) if isinstance(item, Group) else article.groups
    named = [body for group in groups for body in (*group.lead, *group.bodies)]
    if isinstance(item, Procedure):
        named += item.actors
    if plan.inherited and article.n >= plan.inherited.from_article:
        named.append(plan.inherited.body)
    return tuple(dict.fromkeys(named))


def county_bodies(plan: Plan, county: str) -> frozenset[str]:
    """Bodies of the plan that stand for a county: county governments and branches, and one named after the county."""
    names = {one.zh for one in plan.counties if one.code == county}
    return frozenset(
        body.id
        for body in plan.bodies.values()
        if body.zh in names or (body.kind in COUNTY_KINDS and body.zh not in {one.zh for one in plan.counties})
    )


def may_enter(plan: Plan, article: Article, item: Item, county: str, reach: Reach) -> bool:
    """Whether a viewer of this reach may enter facts of an item, for the city (county empty) or a county."""
    if reach.scope is Scope.ALL:
        return True
    answering = set(bodies_of(plan, article, item))
    if reach.scope is Scope.OWN_BODY:
        return bool(reach.body) and reach.body in answering
    if reach.scope is Scope.OWN_COUNTY and reach.county and county == reach.county:
        return bool(answering & county_bodies(plan, county)) or _has_share(plan, item.id, county)
    return False


def _has_share(plan: Plan, item_id: str, county: str) -> bool:
    return any(share.target == item_id and share.county == county for share in shares(plan.id))


def located(plan: Plan, item_id: str) -> tuple[Article, Item]:
    """The item of an id with its article.

    Errors  KeyError where the plan has none
    """
    for article in plan.articles:
        for item in article.items():
            if item.id == item_id:
                return article, item
    raise KeyError(item_id)
