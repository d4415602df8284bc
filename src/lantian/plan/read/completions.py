"""Targets without a number: something is to be finished altogether or basically, or a value is set by a higher level."""

from __future__ import annotations

import re

from lantian.plan.read.brackets import split
from lantian.plan.read.deadlines import Base, Deadline, bases_in, by_date, deadlines_in, says_by
from lantian.plan.read.flat import Flat
from lantian.plan.read.indicators import scope_of, trimmed
from lantian.plan.read.model import Target
from lantian.plan.read.state import Frame
from lantian.plan.read.thresholds import thresholds_in

_DONE = (
    "供应|实施|推广|完成|淘汰|消除|实现|建成(?!区)|清零|退出|取缔|关停|关闭|达标|达到|"
    "取消|覆盖|替代|"
    "改造|解决|建立|形成|整治|搬迁|拆除|治理|编制|执行|采用|使用"
)
_ENDS = ("淘汰", "消除", "取缔", "关停", "关闭", "退出", "清零", "拆除", "取消")
_WHOLE = re.compile(rf"(?P<how>全部|基本|全面|率先|如期|按期|整体|总体)(?:上)?(?P<verb>{_DONE})")
_DATED = re.compile(
    r"(?P<verb>完成|淘汰|建成(?!区)|消除|取缔|关停|关闭|退出|清零|实现|搬迁|拆除|建立|出台|印发|编制完成|投入使用|投运)"
)
# what is done by a date that says “before”
_BEFORE = re.compile(
    r"(?P<verb>调整|划定|扩大|修订|发布|公布|制定|制订|编制|接入|联网|供应|停止|安装|配备|组建|设立|形成|整合|开通|启用|上线|改由|更换|替换)"
)
_AGAIN = re.compile(r"每(?:日|天|月|周|旬|季|年|半年)|定期|及时|动态")
_GRADUAL = re.compile(r"实施|推广|供应|执行")
_EXTERNAL = re.compile(
    r"(?:省级?|自治区|国家|上级|市级?|省委省政府|生态环境部)[^，。；]{0,8}(?:下达|既定|确定|核定|规定|考核|分解|明确|约束性|制定)[^，。；]{0,60}(?:目标|指标|任务|要求|比例|量)"
    r"|下达[^，。；]{0,12}(?:目标|指标|任务)"
)
_REACH = re.compile(r"完成|达到|控制|实现|不低于|不高于|不超过|满足|落实")
_CLEAR = re.compile(r"完成|淘汰|建成|取缔|关停|拆除|关闭")
_EVERY = re.compile(r"全部(?P<verb>[\u4e00-\u9fff]{2})(?!.*(?:为|是))")
_FORBIDS = re.compile(r"严禁|禁止|不得|不再|不准|鼓励|优先")
_BOUND = re.compile(r"必须|严禁|禁止|不得|应当|(?<![响对适相供])应(?!急|用)|一律|(?:^|的)需(?!要|求)")
_FITTED = re.compile(r"(?:应当?|须|必须|要)(?:按.{0,12})?(?P<verb>安装|配备|配套|建设|接入|联网|执行|使用|采用|达到)")
_NOT = re.compile(
    r"已(?:经)?(?:基本|全部|全面)?(?:完成|淘汰|建成|实现)|未(?:能)?(?:按期|如期)?完成|不能|未完成|超额完成|完成情况|对(?:未|不|超额)|明确|依法"
)


class Completions:
    """Completion and external targets of one sentence."""

    def __init__(self, flat: Flat, frame: Frame, taken: set[int]) -> None:
        self.flat, self.frame, self.taken = flat, frame, taken
        self.date: str | None = None
        self.past = False
        self.before = False  # the date says by when (…底前), not from when
        self.frame_start: int | None = None
        self.strength = "约束"
        self.clauses: set[int] = set()

    def read(self, date: str | None = None) -> list[Target]:
        """All of them in order; ``date`` is what the sentence before leaves to a 其中."""
        self.date = date
        found = []
        for first, last in split(self.flat.text, "，；："):
            target = self._clause(first, last)
            if target:
                found.append(target)
                if not self._rules_as_well(self.flat.text[first:last]):
                    self.clauses.add(first)
        return found

    def _rules_as_well(self, text: str) -> bool:
        """What must be done, or done altogether, from or by a date is a rule too."""
        whole = _WHOLE.search(text)
        return bool(
            _BOUND.search(text)
            or _FITTED.search(text)
            or (whole and whole["how"] == "全面" and _GRADUAL.match(whole["verb"]))
        )

    def _clause(self, first: int, last: int) -> Target | None:
        text = self.flat.text[first:last]
        dates = [
            d
            for d in deadlines_in(text, self.frame.single_year, self.frame.last_year)
            if d.kind != "every"
            and not re.search(r"(?:为|(?<![一二三四五六七八九十])是)$", text[: d.start])
            and (d.kind != "five" or by_date(text, d))
        ]
        if dates:
            self.date = dates[-1].value
            year = dates[-1].year
            self.before = text[dates[-1].end - 1] in "前底末"
            self.past = (
                self.frame.first_year is not None
                and year is not None
                and year < self.frame.first_year
                and not says_by(text, dates[-1])
            )
            if sum(d.end - d.start for d in dates) >= len(text) - 3:
                self.frame_start = first
                return None
        strength = re.search(r"力争|争取|原则上|努力", text)
        self.strength = self.flat.raw[first + strength.start() : first + strength.end()] if strength else "约束"
        if first in self.taken or self.past or _NOT.search(text) or _FORBIDS.search(text):
            return None
        external = _EXTERNAL.search(text)
        if external and _REACH.search(text[: external.end()]) and not re.search(r"按照?(?:省|国家|上级)", text):
            return self._target(
                first,
                last,
                "external",
                ">=" if re.search(r"率|比例|比重|以上|不低于", text) else "done",
                self._external_date(text),
                external,
            )
        if not self.date and _BOUND.search(text):
            return None
        whole, dated = _WHOLE.search(text), _DATED.search(text)
        if whole and (whole["how"] in ("基本", "全部") or self.date):
            return self._target(
                first, last, "completion", "basically_all" if whole["how"] == "基本" else "all", self.date, whole
            )
        every = _EVERY.search(text) if self.date else None
        if every and not whole:
            return self._target(first, last, "completion", "all", self.date, every)
        if (
            dated
            and not self.date
            and self.frame.deadline
            and re.search(r"\d{4}", self.frame.deadline)
            and _CLEAR.search(dated["verb"])
        ):
            return self._target(
                first, last, "completion", "all" if dated["verb"] in _ENDS else "done", self.frame.deadline, dated
            )
        fitted = _FITTED.search(text) if self.date else None
        if fitted and not dated:
            return self._target(first, last, "completion", "done", self.date, fitted)
        early = _BEFORE.search(text) if self.date and self.before and not _AGAIN.search(text) else None
        if early and not dated:
            return self._target(first, last, "completion", "done", self.date, early)
        if dated and self.date and not re.search(r"目标$|增长|下降|改善$", text):
            everything = dated["verb"] in _ENDS or "全部" in text
            return self._target(first, last, "completion", "all" if everything else "done", self.date, dated)
        return None

    def _external_date(self, text: str) -> str | None:
        return "每年" if re.search(r"年度|每年|各年", text) and not self.date else self.date

    def _target(
        self, first: int, last: int, kind: str, comparator: str, date: str | None, match: re.Match[str]
    ) -> Target:
        text = self.flat.text[first:last]
        marks: list[Deadline | Base] = [*deadlines_in(text, self.frame.single_year), *bases_in(text)]
        spans = [(d.start, d.end) for d in marks]
        scope, name = self._named(self.flat.cut(first, last), match, kind, spans)
        start = self.frame_start if self.frame_start is not None else first
        limits = thresholds_in(text)
        unit = "%" if kind == "external" and re.search(r"率|比例|比重", text) else None
        return Target(
            indicator=name, kind=kind, comparator=comparator, value=None, unit=unit, deadline=date or (self.frame.by if self.frame.deadline else None),
            start=self.flat.at[start], end=self.flat.at[last - 1] + 1, scope=scope, strength=self.strength,
            threshold=limits[0].as_dict() if limits else None,
        )  # fmt: skip

    def _named(
        self, clause: Flat, match: re.Match[str], kind: str, spans: list[tuple[int, int]]
    ) -> tuple[str | None, str]:
        """Scope and indicator of a clause: what is done, turned into a name (淘汰…锅炉 becomes …锅炉淘汰)."""
        before = trimmed(clause.cut(0, match.start()), [(a, b) for a, b in spans if b <= match.start()])
        modal = re.search(
            r"(?:应当|应|要|须|必须|需)(?:一并)?(?:在)?(?:\d{4}年[^，]{0,8}前)?$|(?:应|要)在.*$", before.text
        )
        before = before.cut(0, modal.start()) if modal and modal.start() else before
        scope, subject = scope_of(before)
        where = scope.raw if scope else None
        if kind == "external":
            head = re.match(r"(?:坚决|全面|确保|按期)*(?:完成|达到|实现|落实)(?:国家|省)?", subject.text)
            name = subject.cut(head.end() if head else 0, len(subject)).raw.rstrip("控制在不低高于超过")
            return where, name or clause.raw[match.start() : match.end()]
        verb, after = match["verb"], clause.cut(match.end(), len(clause)).raw
        word = clause.raw[match.start("verb") : match.end("verb")]
        if not after:
            return where, subject.raw + word
        if verb in _ENDS:
            return (subject.raw if len(subject) else where), after + word
        return where, subject.raw + after
