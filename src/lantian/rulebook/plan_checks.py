"""What must hold in a plan: ids unique and never reused, every name resolves, everything is answered."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lantian.basis.finding import Text
from lantian.basis.region import checked
from lantian.rulebook.answers import answers, bases
from lantian.rulebook.loader import Node, RulebookError, nearest
from lantian.rulebook.plans import Answer, Article, Group, Item, Plan, Procedure, Rule, Target, deadline_day

_ID = re.compile(r"([TRPD])(\d{2,3})-\d{1,3}\Z")
_LETTER = {Target: "T", Rule: "R", Procedure: "P", Group: "D"}
OPERATORS = ("<=", "<", ">=", ">", "=", "≈", "range")


def remember(entry: Node, places: dict[str, Node]) -> None:
    """Keeps the place of an item by its id.

    Errors  RulebookError for an id that stands twice in the plan
    """
    identity = entry.mapping().get("id")
    if identity is None or not isinstance(identity.value, str):
        return  # the typed reader names the missing or wrong id
    first = places.get(identity.value)
    if first is not None:
        raise identity.error(
            Text(f"编号 {identity.value} 写了两次（第一次在 {first.file} 第 {first.line} 行）",
                 f"the id {identity.value} occurs twice (first in {first.file}, line {first.line})"),
            Text("请改用新编号；编号不重复使用", "Use a new id; ids are never reused"),
        )  # fmt: skip
    places[identity.value] = entry


def whole(plan: Plan, folder: str, head: Node, places: dict[str, Node], retired: set[str]) -> None:
    """Checks one plan by itself; ``retired`` are the ids no item may bear.

    Errors  RulebookError for the first thing that does not hold
    """
    _head(plan, folder, head)
    known = plan.items()
    for article in plan.articles:
        node = places[f"article {article.n}"]
        _chapter(plan, article, node)
        _answer(article.answered_by, node)
        for item in article.items():
            _identity(article, item, places[item.id], retired)
            _item(plan, item, places[item.id], known)


def editions(plans: dict[str, Plan]) -> None:
    """Checks that ``replaces`` and ``continued_by`` name plans that exist, and that none replaces itself in a circle.

    Errors  RulebookError
    """
    for plan in plans.values():
        for key, other in (("replaces", plan.replaces), ("continued_by", plan.continued_by)):
            if other is not None and other not in plans:
                what = Text(f"{key} 指向的方案“{other}”不存在", f"{key} names {other!r}, which is no plan")
                raise _in_plan(plan, what, nearest(other, plans))
        seen, at = {plan.id}, plan.replaces
        while at is not None:
            if at in seen:
                what = Text(f"replaces 绕成一圈（{'、'.join(sorted(seen))}）", "replaces runs in a circle")
                raise _in_plan(
                    plan, what, Text("请只让新版本指向旧版本", "Let the newer edition name the older one only")
                )
            seen.add(at)
            at = plans[at].replaces


def _in_plan(plan: Plan, what: Text, remedy: Text) -> RulebookError:
    return RulebookError(f"plans/{plan.id}/plan.yaml", None, what, remedy)


def _head(plan: Plan, folder: str, node: Node) -> None:
    entries = node.mapping()
    if plan.id != folder:
        raise entries["id"].error(
            Text(
                f"方案编号“{plan.id}”与文件夹名“{folder}”不同", f"the id {plan.id!r} differs from the folder {folder!r}"
            ),
            Text("请使两者一致", "Make them the same"),
        )
    if not plan.region and not plan.draft:
        raise entries["region"].error(
            Text("没有行政区划代码", "there is no region code"),
            Text(
                "请填写六位代码；填好之前方案为草稿（draft: true）",
                "Fill it in; until then the plan is a draft (draft: true)",
            ),
        )
    for code in filter(None, (plan.region, *(county.code for county in plan.counties))):
        try:
            checked(code)
        except ValueError:
            place = entries["region"] if code == plan.region else entries["counties"]
            raise place.error(
                Text(f"“{code}”不是六位行政区划代码", f"{code!r} is no six-digit region code"),
                Text("请写加引号的六位代码", "Write six digits in quotes"),
            ) from None
    if plan.centre and not (len(plan.centre) == 2 and -180 <= plan.centre[0] <= 180 and -90 <= plan.centre[1] <= 90):
        raise entries["centre"].error(
            Text("城市位置不是一对经纬度", "the centre is no pair of longitude and latitude"),
            Text("请写 [经度, 纬度]，单位为度", "Write [longitude, latitude] in degrees"),
        )
    last = max((day for day in (deadline_day(t.deadline) for t in plan.targets) if day), default=None)
    if last and (plan.until is None or plan.until < last):
        raise entries["until"].error(
            Text(f"until 早于最后一个期限 {last}", f"until lies before the last deadline {last}"),
            Text(f"请写 {last} 或更晚", f"Write {last} or later"),
        )
    if plan.inherited and plan.inherited.body not in plan.bodies:
        raise entries["inherited"].error(*_unknown("责任主体", "body", plan.inherited.body, plan.bodies))


def _chapter(plan: Plan, article: Article, node: Node) -> None:
    if article.chapter is None:
        return
    chapter = next((chapter for chapter in plan.chapters if chapter.n == article.chapter), None)
    if chapter is None or not chapter.first <= article.n <= chapter.last:
        raise node.mapping()["chapter"].error(
            Text(
                f"第 {article.n} 条不在第 {article.chapter} 章之内",
                f"article {article.n} is not in chapter {article.chapter}",
            ),
            Text("请核对 plan.yaml 中各章的 first、last", "Check first and last of the chapters in plan.yaml"),
        )


def _item(plan: Plan, item: Item, node: Node, known: dict[str, Item]) -> None:
    _answer(item.answered_by, node)
    if isinstance(item, Target):
        _target(item, node, known)
    elif isinstance(item, Group):
        _bodies(plan, (*item.lead, *item.bodies), node)
        _group(item, node)
    elif isinstance(item, Procedure):
        _bodies(plan, item.actors, node)
    elif item.threshold and item.threshold.op not in OPERATORS:
        raise node.mapping()["threshold"].error(*_unknown("比较符", "operator", item.threshold.op, OPERATORS))


def _identity(article: Article, item: Item, node: Node, retired: set[str]) -> None:
    match = _ID.match(item.id)
    place = node.mapping()["id"]
    if not match or match[1] != _LETTER[type(item)] or int(match[2]) != article.n:
        example = f"{_LETTER[type(item)]}{article.n:02}-1"
        raise place.error(
            Text(f"编号“{item.id}”与条号或类别不符", f"the id {item.id!r} does not fit article or kind"),
            Text(f"请写成 {example}", f"Write it like {example}"),
        )
    if item.id in retired:
        raise place.error(
            Text(f"编号 {item.id} 已停用", f"the id {item.id} is retired"),
            Text("停用的编号不再使用，请用新编号", "Retired ids are never reused; use a new one"),
        )


def _target(target: Target, node: Node, known: dict[str, Item]) -> None:
    entries = node.mapping()
    if target.kind == "numeric" and (target.value is None or target.unit is None):
        raise node.error(
            Text(f"数值目标 {target.id} 没有 value 或 unit", f"the numeric target {target.id} has no value or unit"),
            Text("请补上；没有数值的用 kind: completion 或 external", "Add it, or use kind: completion or external"),
        )
    if target.same_as is not None and not isinstance(known.get(target.same_as), Target):
        others = [other for other in known if other.startswith("T")]
        raise entries["same_as"].error(*_unknown("目标", "target", target.same_as, others))
    if target.metric is not None:
        metrics = [entry.id for entry in answers().values() if entry.kind == "metric"]
        if target.metric not in metrics:
            raise entries["metric"].error(*_unknown("指标", "metric", target.metric, metrics))
        if target.answered_by.by != target.metric:
            raise entries["answered_by"].error(
                Text(f"metric 是 {target.metric}，answered_by 却不是", "answered_by differs from metric"),
                Text("请写 answered_by: {kind: metric, by: " + target.metric + "}", "Name the metric in answered_by"),
            )
        if target.basis not in bases():
            raise entries.get("basis", node).error(*_unknown("口径", "basis", str(target.basis), bases()))


def _group(group: Group, node: Node) -> None:
    outside = [body for body in group.lead if body not in group.bodies]
    if outside or (group.mode == "lead") > bool(group.lead):
        raise node.error(
            Text(
                f"{group.id} 的牵头单位缺失或不在 bodies 中",
                f"the lead of {group.id} is missing or not among its bodies",
            ),
            Text("bodies 须包含 lead；mode: lead 须写 lead", "bodies must contain lead; mode lead needs one"),
        )


def _bodies(plan: Plan, names: Iterable[str], node: Node) -> None:
    for name in names:
        if name not in plan.bodies:
            raise node.error(*_unknown("责任主体", "body", name, plan.bodies))


def _answer(answer: Answer, node: Node) -> None:
    place = node.mapping()["answered_by"]
    if answer.kind == "aspiration":
        if answer.reason is None or answer.by is not None:
            raise place.error(
                Text("aspiration 须写 reason，不写 by", "an aspiration has a reason and no by"),
                Text("请说明为何无可核查事项", "Say why nothing can be checked"),
            )
        return
    entry = answers().get(answer.by or "")
    if entry is None:
        raise place.error(*_unknown("应答", "answer", str(answer.by), answers()))
    if entry.kind != answer.kind:
        raise place.error(
            Text(
                f"“{answer.by}”的类别是 {entry.kind}，不是 {answer.kind}",
                f"{answer.by!r} is a {entry.kind}, not a {answer.kind}",
            ),
            Text(f"请写 kind: {entry.kind}", f"Write kind: {entry.kind}"),
        )


def _unknown(zh: str, en: str, name: str, allowed: Iterable[str]) -> tuple[Text, Text]:
    return Text(f"没有{zh}“{name}”", f"there is no {en} {name!r}"), nearest(name, allowed)
