"""Who answers for a measure: 牵头, 按职责分工负责, 负责, 责任单位, in brackets, on lines of their own or as a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lantian.plan.read.bodies import bodies_in, count_items
from lantian.plan.read.brackets import Bracket, brackets_of, split
from lantian.plan.read.deadlines import Deadline, deadlines_in
from lantian.plan.read.flat import Flat

_LEAD_LABEL = r"(?:牵头|主办|主责|主管|第一责任)(?:责任)?(?:单位|部门|主体|领导|人)?"
_BODY_LABEL = (
    r"(?:市级|市直|县级)?(?:责任|配合|参与|协办|协同|协助|实施|落实|承办|执行|督导|指导|支持|联合|监管|主要责任|"
    r"具体实施|组织实施)(?:单位|部门|主体|机构)|(?:责任|配合|参与|协办)"
)
_TIME_LABEL = r"(?:完成|办结|实施|整改)?(?:时限|时间|期限|时间节点|时限要求|日期)(?:要求)?"
LABEL = re.compile(
    rf"(?:(?P<lead>{_LEAD_LABEL})|(?P<body>{_BODY_LABEL})|(?P<time>{_TIME_LABEL}))(?:[】〕]?[：]|[】〕](?=[^。，；、]))"
)
_LABEL_START = re.compile(rf"[【〔（]?{LABEL.pattern}")
_WORDS = re.compile(r"牵头|负责|职责分工|分工落实|责任单位|责任部门|配合|参与|落实|主办|协办|会同|督导")
_INHERITED = re.compile(
    r"(?:以下|下列|后续|其他|下文|以上|各项)?(?:各项|各条|所有)?(?:工作|任务|措施|条款|内容)?(?:均|都|皆)?(?:需|由|须|应|为)(?P<body>[^，。；]{2,30}?)"
    r"(?:负责)?(?:抓好)?(?:落实|负责|实施|组织实施)[，,、]?(?:不再|不一一|不另|以下不再|下同)"
)
_NOT_REPEATED = re.compile(
    r"[，。；]?(?:以下|下列|其他)[^。]{0,20}不再(?:逐一|一一|另行)?(?:列出|赘述|重复|单列)|[，。；（]?(?:以下|下)(?:均)?同(?=[。；，）〕】]|$)"
)
_LEADS = re.compile(
    r"^(?P<list>.+?)(?:共同|联合)?(?:牵头|主办)(?:负责|督导|组织|抓总|协调|实施|落实|推进|指导|组织实施)*(?P<rest>.*)$"
)
_WITH = re.compile(r"^(?P<lead>.+?)会同(?P<list>.+?)(?:等.{0,6})?(?:按.{0,8}分工)?(?:负责|落实|组织实施|实施|推进)*$")
_DUTY = re.compile(
    r"(?:共同|依法|具体)?(?:依?按照?(?:各自)?(?:工作)?职[责能](?:和?分工|权限|要求)?)?(?:分工|各自)?"
    r"(?:负责|配合|参与|参加|协助|落实|协同|支持|指导|监管|组织实施|实施|推进|督导|抓好)+(?:落实|实施|推进|组织实施|指导)*$"
)
_SHARED = re.compile(r"职[责能](?:和?分工|权限|要求)?|分工")


@dataclass(slots=True)
class Group:
    """One declaration of responsibility: mode, lead, all bodies (lead included), whether open, and its place."""

    mode: str = "listed"
    lead: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    open_list: bool = False
    start: int = 0
    end: int = 0
    deadline: str | None = None
    inherited: Flat | None = None

    def add(self, names: list[str], *, lead: bool, is_open: bool) -> None:
        """Takes in more bodies."""
        self.open_list |= is_open
        for name in names:
            if lead and name not in self.lead:
                self.lead.append(name)
            if name not in self.bodies:
                self.bodies.append(name)

    def take_in(self, other: Group) -> None:
        """Goes on with a further line of the same declaration."""
        self.add(other.lead, lead=True, is_open=other.open_list)
        self.add(other.bodies, lead=False, is_open=other.open_list)
        self.deadline = self.deadline or other.deadline
        self.inherited = self.inherited or other.inherited
        self.end = max(self.end, other.end)
        if self.lead:
            self.mode = "lead"
        elif self.bodies and self.mode == "none":
            self.mode = "listed"


def groups_in(flat: Flat) -> list[tuple[int, int, Group]]:
    """Declarations in a paragraph with their offsets in it, in order."""
    found = [*_bracketed(flat), *_sentences(flat)]
    found.sort(key=lambda item: item[0])
    kept: list[tuple[int, int, Group]] = []
    for first, last, group in found:
        if kept and first < kept[-1][1]:
            continue
        group.start, group.end = flat.span(first, last)
        kept.append((first, last, group))
    return kept


def _bracketed(flat: Flat) -> list[tuple[int, int, Group]]:
    found = []
    for bracket in brackets_of(flat.text):
        first, last = bracket.start + 1, bracket.end - 1
        if last - first < 4:
            continue
        inner = flat.text[first:last]
        if _WORDS.search(inner) or LABEL.search(inner):
            group = parse(flat.cut(first, last))
        elif _closes_sentence(flat.text, bracket) and not re.search(r"[：；]", inner):
            group = _bare_list(flat.cut(first, last))
        else:
            continue
        if group and (group.bodies or group.inherited or group.deadline) and _is_whole(group, inner):
            found.append((bracket.start, bracket.end, group))
    cut = _cut_short(flat.text)
    if cut is not None:
        found.append((cut, len(flat), parse(flat.cut(cut + 1, len(flat)))))
    return found


def _cut_short(text: str) -> int | None:
    """Where a declaration opens that the end of a cut document leaves open."""
    at = max(text.rfind(mark) for mark in "（〔【")
    if at < 0 or len(text) - at > 300 or re.search(r"[）〕】。]", text[at:]):
        return None
    return at if re.search(r"牵头|责任单位|负责", text[at:]) else None


def _is_whole(group: Group, inner: str) -> bool:
    """Whether the names and the words of duty fill the bracket; a remark that only mentions a body does not declare."""
    if LABEL.search(inner) or group.inherited:
        return True
    rest = re.sub(
        r"[、，。；和及与由等并（）]|牵头|负责|按?照?(?:各自)?职责(?:分工)?|分工|配合|参与|落实|督导|主办|协办|会同|协助|共同|实施",
        "",
        inner,
    )
    return len(rest) - sum(len(name) for name in group.bodies) <= 24


def _closes_sentence(text: str, bracket: Bracket) -> bool:
    return (
        bracket.start > 0
        and (bracket.end == len(text) or text[bracket.end] in "。\n")
        and text[bracket.start - 1] in "。）”；"
    )


def _bare_list(flat: Flat) -> Group:
    names, is_open = bodies_in(flat)
    strict = [name for name in names if re.search(r"(?:局|委|办|政府|管委会|公司|中心|办公室)(?:（.+）)?$", name)]
    if not names or len(strict) < len(names) or len(names) != count_items(flat.text):
        return Group("none")
    return Group("listed", [], names, is_open)


def _sentences(flat: Flat) -> list[tuple[int, int, Group]]:
    """Label lines (牵头单位：…) and whole sentences (由…牵头，…配合。) outside brackets."""
    found: list[tuple[int, int, Group]] = []
    spans = split(flat.text, "。")
    for first, last in spans:
        at = _label_start(flat.text, first, last)
        if at is None and _is_declaration(flat.text[first:last]):
            at = first
        if at is None:
            continue
        group = parse(flat.cut(at, last))
        if group and (group.bodies or group.deadline):
            if found and found[-1][1] + 1 == at and _label_start(flat.text, at, last) is not None:
                found[-1][2].take_in(group)
                found[-1] = (found[-1][0], last, found[-1][2])
            else:
                found.append((at, last, group))
    return [(first, last + (last < len(flat.text)), group) for first, last, group in found]


def _label_start(text: str, first: int, last: int) -> int | None:
    for match in _LABEL_START.finditer(text, first, last):
        if match.start() == first or text[match.start() - 1] in "；，）】〕 ":
            return match.start()
    return None


def _is_declaration(text: str) -> bool:
    """Whether a sentence does nothing but name bodies and their part."""
    if len(text) > 240 or not re.search(r"(?:负责|牵头|配合|参与|落实|实施)$", text) or re.search(r"\d", text):
        return False
    if not re.match(r"(?:由|市|县|区|省|各|州|盟)", text) or not re.search(r"牵头|负责|配合|参与", text):
        return False
    rest = 0
    for first, last in split(text, "，；"):
        part = _DUTY.sub("", re.sub(r"(?:共同)?牵头(?:负责|组织|督导|实施)*", "", text[first:last]))
        names, _ = bodies_in(Flat(part, part, tuple(range(len(part)))))
        rest += len(re.sub(r"[、和及与由等]|有关部门|相关部门|部门", "", part)) - sum(len(name) for name in names)
    return rest <= 3


def inherited_in(flat: Flat) -> Flat | None:
    """The body that everything below is left to (以下均需…落实，不再列出), wherever it is said."""
    match = _INHERITED.search(flat.text)
    return flat.cut(*match.span("body")) if match else None


def parse(flat: Flat) -> Group:
    """The declaration a text makes, without its brackets."""
    group = Group()
    body = _without_inherited(flat, group)
    roles = _Roles(group)
    for first, last, label in _parts(body.text):
        part = body.cut(first, last)
        if label == "time":
            group.deadline = group.deadline or _deadline(part)
        elif label is None or re.search(r"牵头|负责|会同|配合|参与", part.text):
            for a, b in split(part.text, "，；。"):
                roles.take(part.cut(a, b), label)
        else:
            roles.flush(lead=False)
            roles.listed(part, lead=label == "lead")
    roles.flush(lead=False)
    roles.settle()
    return group


def _without_inherited(flat: Flat, group: Group) -> Flat:
    """Takes note of “以下均需…落实，不再列出” and gives the text without that clause."""
    match = _INHERITED.search(flat.text)
    if match:
        group.inherited = flat.cut(*match.span("body"))
        return flat.cut(0, match.start())
    again = _NOT_REPEATED.search(flat.text)
    if not again:
        return flat
    before = [
        span
        for span in split(flat.text[: again.start()], "，；。")
        if flat.text[span[0] : span[1]].endswith(("落实", "实施"))
    ]
    if before:
        first, last = before[-1]
        duty = _DUTY.search(flat.text[first:last])
        group.inherited = flat.cut(first, first + duty.start() if duty else last)
    return flat.cut(0, again.start())


def _parts(text: str) -> Iterator[tuple[int, int, str | None]]:
    """The text before, between and after labels, with the label that governs each."""
    labels = list(LABEL.finditer(text))
    if not labels:
        yield 0, len(text), None
        return
    if labels[0].start() > 1:
        yield 0, labels[0].start(), None
    for label, after in zip(labels, [*labels[1:], None], strict=True):
        last = after.start() if after else len(text)
        while last > label.end() and text[last - 1] in "；，。【〔（】〕 ":
            last -= 1
        if last > label.end():
            yield label.end(), last, label.lastgroup


def _deadline(part: Flat) -> str | None:
    found: list[Deadline] = deadlines_in(part.text)
    if found:
        return found[-1].value
    return part.raw if re.search(r"每|长期|持续|常年|常态", part.text) and len(part) <= 20 else None


class _Roles:
    """Reads the segments of one declaration and sorts bodies into lead and others."""

    def __init__(self, group: Group) -> None:
        self.group = group
        self.waiting: list[Flat] = []
        self.shared = False
        self.duty = False

    def take(self, part: Flat, label: str | None) -> None:
        """One segment between commas."""
        text = part.text
        if re.search(r"\d", text) and re.search(r"前|底|完成|年|月", text):
            self.group.deadline = self.group.deadline or _deadline(part)
            return
        self.shared |= bool(_SHARED.search(text))
        lead, with_ = _LEADS.match(text), _WITH.match(text)
        if lead:
            self.flush(lead=True)
            self.listed(part.cut(*lead.span("list")), lead=True)
            rest = part.cut(*lead.span("rest"))
            for a, b in [_without_duty(rest.text)]:
                self.listed(rest.cut(a, b), lead=False)
        elif with_:
            self.flush(lead=True)
            self.listed(part.cut(*with_.span("lead")), lead=True)
            self.listed(part.cut(*with_.span("list")), lead=False)
        elif _DUTY.search(text):
            first, last = _without_duty(text)
            self.flush(lead=label == "lead")
            self.listed(part.cut(first, last), lead=label == "lead")
            self.duty |= "负责" in text[last:] or "分工" in text[last:] or "落实" in text[last:]
        else:
            self.waiting.append(part)

    def flush(self, *, lead: bool) -> None:
        """Names that stood before a comma go where the following words send them."""
        for part in self.waiting:
            self.listed(part, lead=lead)
        self.waiting = []

    def listed(self, part: Flat, *, lead: bool) -> None:
        """A plain list of names."""
        names, is_open = bodies_in(part)
        inherited = self.group.inherited.raw if self.group.inherited else None
        self.group.add([name for name in names if name != inherited], lead=lead, is_open=is_open)

    def settle(self) -> None:
        """The mode that follows from what was read."""
        group = self.group
        if group.lead:
            group.mode = "lead"
        elif self.duty and len(group.bodies) == 1 and not group.open_list and not self.shared:
            group.mode, group.lead = "sole", list(group.bodies)
        elif self.shared or self.duty:
            group.mode = "shared"
        elif not group.bodies:
            group.mode = "none"


def _without_duty(text: str) -> tuple[int, int]:
    duty = _DUTY.search(text)
    return 0, duty.start() if duty else len(text)
