"""Rules of a sentence: what is forbidden, required, allowed on a condition, phased out, encouraged, punished, rewarded."""

from __future__ import annotations

import re

from lantian.plan.read.brackets import split
from lantian.plan.read.flat import Flat
from lantian.plan.read.model import Rule
from lantian.plan.read.rule_marks import FITTED, MARKS, PHASE_OUT, REQUIRED, WORK, Mark
from lantian.plan.read.thresholds import Threshold, thresholds_in

_OFFICE = (
    r"(?:政府|部门|(?:各|有关|相关|责任|成员|直属|牵头|配合|部门和)单位|各县（?市?、?区?）?|县（市）区|县（市、区）|各地|各级|各区|局|委|办|管委会|"
    r"办公室|专班|乡镇|街道|领导小组|机构|各部门|领导干部|党委)(?:都|均|也|按.{0,8}|根据.{0,12})?$"
)
_DUTY_AFTER = re.compile(
    r"(?:进一步|显著|明显|大幅|切实|高度|充分|继续|持续|加强|加大|加快|强化|坚持|制定|建立健全|完善|按照|按|结合|把|统筹|牢固|积极|定期|及时向|将.*纳入|主动|深入|认真|抓好|做好|提高)"
)


_SOFT = re.compile(r"(?:推进|加强|继续|支持)[^，]{0,10}(?:推广应用)")
_FRAME = re.compile(
    r"(?:对|对于|针对|在|如|若|因|凡|涉及|新建|新、改|新增|改建|扩建|按照?|根据|当|自|从|除|确需|未|达不到|逾期)"
)
_NOUNS = re.compile(
    r"(?:项目|企业|锅炉|机组|炉窑|车辆|机械|基地|园区|场所|工地|区域|单位|矿山|堆场|船舶|设施|装置|行业|地区|产品|原料|工艺|码头|涂料|建筑|废气|前|后|时|的|内|期间|情况下|前提下|基础上)$"
)
_VERBS = re.compile(
    r"(?:推进|加强|加快|加大|完善|强化|开展|建立|实施|推动|提高|优化|落实|深化|提升|健全|促进|统筹|积极|持续)"
)
_CONDITION = re.compile(r"^(?:如需|如|若|因|确需|对)")
_SHORT = re.compile(
    r"原则上不再|原则上|不再|(?:有序|逐步|分批|限期)(?:推进)?(?:淘汰|取消|取缔|退出|关停|压减)?|推广|清理整顿|纳入|予以|给予|依法|确保|严厉打击|坚决打击|严厉追究|应当|(?<!供)应|配套|整治|区域限批"
)
_MAX = 150


class Rules:
    """Reads the rules of one sentence."""

    def __init__(self, flat: Flat, taken: set[int]) -> None:
        self.flat, self.text, self.taken = flat, flat.text, taken
        self.clauses: set[int] = set()

    def read(self) -> list[Rule]:
        """All rules in order."""
        found: list[Rule] = []
        spans = split(self.text, "，；")
        befores: list[tuple[int, int] | None] = [None, *spans[:-1]]
        marks = [self._marked(first, last, before) for (first, last), before in zip(spans, befores, strict=True)]
        self._merge(spans, marks)
        begins = {index: self._begin(spans, marks, index) for index, mark in enumerate(marks) if mark}
        for index, mark in enumerate(marks):
            if mark is None:
                continue
            begin = begins[index]
            after = min((start for other, start in begins.items() if other > index), default=len(self.text) + 1)
            end = self._end(spans, marks, index, after)
            found.extend(self._rules(mark, spans[index], begin, end))
            self.clauses.add(spans[index][0])
        return found

    def _marked(self, first: int, last: int, before: tuple[int, int] | None) -> tuple[Mark, int, int] | None:
        text = self.text[first:last]
        if first in self.taken or _SOFT.search(text):
            return None
        topic = self.text[before[0] : before[1]] if before and self.text[first - 1] == "，" else ""
        if re.match(r"除.*外$", text):
            return None
        for mark in MARKS:
            for match in mark.pattern.finditer(text):
                if not self._quoted(first + match.start()) and not self._for_offices(mark, text, match, topic):
                    return mark, first + match.start(), first + match.end()
        return self._on_objects(text, first)

    def _on_objects(self, text: str, first: int) -> tuple[Mark, int, int] | None:
        """Work on objects told by a threshold is required of them even without a word of obligation."""
        limits = thresholds_in(text)
        match = WORK.search(text) if limits else None
        if match and any(
            re.match(r"的?[\u4e00-\u9fff]", text[limit.end :]) and limit.start > match.start() for limit in limits
        ):
            kind = PHASE_OUT if "淘汰" in match[0] or "退出" in match[0] else REQUIRED
            return kind, first + match.start(), first + match.start() + 2
        for limit in limits:
            fitted = FITTED.search(text, limit.end + 2)
            if fitted and limit.start <= 12 and re.match(r"的?[\u4e00-\u9fff]{2,}", text[limit.end : fitted.start()]):
                return REQUIRED, first + fitted.start(), first + fitted.end()
        return None

    def _merge(self, spans: list[tuple[int, int]], marks: list[tuple[Mark, int, int] | None]) -> None:
        """Measures against the same wrongdoing, one clause after the other, are one rule."""
        for index in range(len(marks) - 1, 0, -1):
            here, before = marks[index], marks[index - 1]
            if (
                not here
                or not before
                or here[0].type != before[0].type
                or here[0].type not in ("sanction", "incentive")
            ):
                continue
            if self.text[spans[index][0] - 1] == "，" and self.text[spans[index][0]] != "对":
                self.clauses.add(spans[index][0])
                marks[index] = None

    def _quoted(self, at: int) -> bool:
        before = self.text[:at]
        return any(before.count(a) > before.count(b) for a, b in ("《》", "“”", "（）"))

    def _for_offices(self, mark: Mark, text: str, match: re.Match[str], topic: str) -> bool:
        """要 and 应 said to an authority are duties, not rules on things."""
        if mark.type != "requirement" or match[0] not in ("要", "应", "应当", "须"):
            return False
        before, after = text[: match.start()] or topic, text[match.end() :]
        if re.match(r"严格(?:按照|执行|落实)", after) or before.endswith("的"):
            return False
        return bool(re.search(_OFFICE, before)) or bool(_DUTY_AFTER.match(after)) or not before

    def _begin(self, spans: list[tuple[int, int]], marks: list[tuple[Mark, int, int] | None], index: int) -> int:
        """Where the rule begins: with the clauses before that only say for whom, where or when."""
        first = spans[index][0]
        lead = self.text[first : marks[index][1]] if marks[index] else ""  # type: ignore[index]
        back = index
        while (
            back > 0
            and marks[back - 1] is None
            and spans[back - 1][0] not in self.taken
            and self.text[spans[back][0] - 1] == "，"
        ):
            clause = self.text[spans[back - 1][0] : spans[back - 1][1]]
            frame = bool(_FRAME.match(clause)) or bool(_NOUNS.search(clause))
            if (
                not frame
                or (_VERBS.match(clause))
                or (len(lead) > 14 and not clause.startswith(("对", "针对", "在", "如", "因")))
            ):
                break
            back -= 1
            lead = ""
        return spans[back][0]

    def _end(
        self, spans: list[tuple[int, int]], marks: list[tuple[Mark, int, int] | None], index: int, stop: int
    ) -> int:
        """Where the rule ends: it takes in what follows in the same breath."""
        end = spans[index][1]
        for after in range(index + 1, len(spans)):
            first, last = spans[after]
            if (
                first >= stop
                or marks[after] is not None
                or first in self.taken
                or self.text[first - 1] == "；"
                or last - spans[index][0] > _MAX
            ):
                break
            end = last
        return end

    def _rules(self, found: tuple[Mark, int, int], clause: tuple[int, int], begin: int, end: int) -> list[Rule]:
        mark, first, last = found
        text = self.text[clause[0] : clause[1]]
        limits: list[Threshold] = thresholds_in(self.text[begin : clause[1]])
        before, after = self.flat.cut(clause[0], first), self.flat.cut(last, clause[1])
        subject = (
            after
            if mark.type in ("prohibition", "phase_out", "encouragement", "restriction", "sanction") and len(after) > 1
            else before
        ).raw
        subject = subject or text
        type_ = self._type(mark, begin, clause, first)
        start, stop = self.flat.span(begin, end)
        scope = (
            self.flat.cut(begin, clause[0] - 1).raw
            if begin < clause[0]
            else (before.raw or None if mark.type == "prohibition" else None)
        )
        exception = re.search(r"(?:除|确需|因.{2,20}(?:无法|不能)).{2,40}?(?:外|的)(?=，|$)", self.text[begin:end])
        base = Rule(
            type_, mark.strength or self._strength(first, last), subject, start, stop, scope=scope,
            exception=self.flat.raw[begin + exception.start() : begin + exception.end()] if exception else None,
        )  # fmt: skip
        if not limits:
            return [base]
        return [
            self._with(base, limit)
            for limit in (limits if len(limits) > 1 and self._is_list(limits, begin) else limits[:1])
        ]

    def _is_list(self, limits: list[Threshold], begin: int) -> bool:
        """Whether several thresholds stand for several objects (10蒸吨/小时及以下燃煤锅炉和2蒸吨/小时及以下生物质锅炉)."""
        between = self.text[begin + limits[0].end : begin + limits[1].start]
        return bool(re.search(r"[\u4e00-\u9fff]{2,}[、和及或，]", between))

    def _with(self, rule: Rule, limit: Threshold) -> Rule:
        return Rule(
            rule.type, rule.strength, rule.subject, rule.start, rule.end, limit.as_dict(), rule.scope, rule.exception
        )

    def _type(self, mark: Mark, begin: int, clause: tuple[int, int], first: int) -> str:
        if mark.type == "requirement":
            if re.search(
                r"项目.{0,6}应(?:当)?(?:符合|满足)|落实气源|以供定改|以气定改", self.text[clause[0] : clause[1]]
            ):
                return "precondition"
            if re.match(r"原则上(?:不|禁)", self.text[first:]):
                return "prohibition"
            if begin < clause[0] and _CONDITION.match(self.text[begin : clause[0] - 1]):
                return "conditional_requirement"
        return mark.type

    def _strength(self, first: int, last: int) -> str:
        """The word of strength as written, 原则上 and 要 included."""
        before = re.search(r"(?:原则上|坚决|严厉|要)$", self.text[:first])
        start = before.start() if before else first
        if self.text[start:last].startswith("原则上") and self.text[last : last + 2] in ("不再", "不得", "禁止"):
            return self.flat.raw[start : last + 2]
        short = _SHORT.search(self.text, start, last)
        return self.flat.raw[short.start() : short.end()] if short else self.flat.raw[start:last]
