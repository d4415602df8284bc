"""Rules of a sentence: what is forbidden, required, allowed on a condition, phased out, encouraged, punished, rewarded."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lantian.plan.read.brackets import split
from lantian.plan.read.flat import Flat
from lantian.plan.read.model import Rule
from lantian.plan.read.thresholds import Threshold, thresholds_in

_OFFICE = (
    r"(?:政府|部门|单位|各县（?市?、?区?）?|县（市）区|县（市、区）|各地|各级|各区|局|委|办|管委会|"
    r"办公室|专班|乡镇|街道|领导小组|机构|各部门|领导干部|党委)(?:都|均|也|按.{0,8}|根据.{0,12})?$"
)
_DUTY_AFTER = re.compile(
    r"(?:进一步|切实|高度|充分|继续|持续|加强|加大|加快|强化|坚持|制定|建立健全|完善|按照|按|结合|把|统筹|牢固|积极|定期|及时向|将.*纳入|主动|深入|认真|抓好|做好|提高)"
)


@dataclass(frozen=True, slots=True)
class _Mark:
    type: str
    pattern: re.Pattern[str]
    strength: str | None = None


def _mark(type_: str, pattern: str, strength: str | None = None) -> _Mark:
    return _Mark(type_, re.compile(pattern), strength)


# in order: the first that is found in a clause decides its type
_MARKS = (
    _mark(
        "prohibition",
        r"严禁|(?<!明确)禁止(?!和限制|类|性|区|开发区|燃放区|在禁)|不得|不准|不允许|不予(?:批准|审批|核准|备案|支持|办理|通过)|(?:一律)?不再(?:新建|审批|批准|新增|受理|核准|布局|办理|使用|扩建|备案|接受|允许|建设)|杜绝",
    ),
    _mark("prohibition", r"(?:严厉|坚决|严肃|从严|依法)?(?:打击|查处取缔)(?=.{4})"),
    _mark("prohibition", r"(?:全面|依法|坚决)?清理整顿|(?:坚决|依法|全面)取缔"),
    _mark(
        "prohibition",
        r"依法.{0,30}划定为.{0,12}(?:禁燃区|禁用区|禁行区|限行区|控制区|禁放区)|划定.{0,20}(?:禁燃区|禁用区|禁行区|禁放区)",
        "依法",
    ),
    _mark(
        "sanction",
        r"严厉?(?:追究|问责)|依法(?:依规)?(?:追究|移送|严惩|处罚|处理|查处|关闭|关停|责令)|(?:区域)?限批|予以.{0,10}(?:通报|处罚|惩戒|处分|问责|追责|约谈|停产)|(?:公开)?约谈|责令(?:停产|限期|关闭|整改)|一律.{0,6}(?:停产|关停|关闭|取缔|淘汰|不得)|停产整治|取消.{0,10}资格|扣减|从严从重|从重处罚|严肃追责|严肃问责",
    ),
    _mark(
        "incentive",
        r"给予.{0,20}(?:奖励|倾斜|补助|补贴|支持|优惠|表彰|激励|减免)|予以(?:奖励|表彰|补助|补贴|支持|倾斜)",
    ),
    _mark(
        "phase_out",
        r"(?:有序|逐步|分批|限期|分期分批|依法依规)(?:推进)?(?:淘汰|取消|取缔|退出|关停|压减|替代|关闭|更新)|(?:有序|逐步)推进.{0,45}(?:淘汰|退出|取缔)",
    ),
    _mark(
        "restriction",
        r"严格?(?:限制|管控新增|控制(?!在))|(?<![不无受有所和])限制(?!类|性|因素|和)(?=新|建|使用|生产|在|高|行|排|销|燃|\S{4})|严控(?!在)",
    ),
    _mark("precondition", r"方可|方能|后才能|才能(?:投|开|建|进)|前置条件|先.{1,12}后.{1,12}$"),
    _mark("requirement", r"必须"),
    _mark("requirement", r"一律"),
    _mark("requirement", r"(?<!坚持)原则上(?!按|达|完成)"),
    _mark("requirement", r"严格(?:执行|按照|遵守|落实(?=.{0,24}(?:要求|标准|制度|百分之百|规定|管理办法|限值)))"),
    _mark("condition", r"应(?:当)?在.{2,40}(?:期间|条件下?|时段|范围内)(?:进行|开展|实施)?"),
    _mark(
        "requirement",
        r"(?<![供对相效反响适因顺呼感回])应(?!用|急|对|收|税|届|力|变|邀|付|运|该|激|有尽|淘尽|退尽|改尽|装尽|收尽|查尽|统尽|诉|答|于|措施|能力|机制|链)(?:当)?(?=.{2})",
    ),
    _mark("requirement", r"(?<![无必])须(?!知)"),
    _mark("conditional_requirement", r"(?:^|(?<=的))需(?!要|求)(?=.{3})|(?<=的)(?:应|要|须)?配套(?=建设|安装)"),
    _mark(
        "requirement",
        r"(?<![不主需重必概摘纪首既只需还提需所紧])要(?!求|素|点|闻|件|道|塞|领|害|么|不|是|以|将|把)(?=.{3})",
    ),
    _mark(
        "requirement",
        r"确保(?=.{0,16}(?:符合|全覆盖|常闭|密闭|达标排放|稳定运行|正常运行|应收尽收|不超标|不外运|达到.{0,10}标准))",
    ),
    _mark("requirement", r"费用.{0,6}纳入|纳入(?:工程)?造价"),
    _mark("requirement", r"(?:全面|强制)(?:执行|实施|推行)(?=.{0,20}(?:标准|限值|准入|特别排放))"),
    _mark(
        "requirement",
        r"(?<!每年)(?<!每月)不(?:得)?(?:低于|少于|高于|超过)(?=\d+(?:\.\d+)?(?:米|厘米|小时|分钟|天|日|毫克|微克))",
    ),
    _mark("preference", r"优先(?!级|控制|领域|顺序|权|度|区|发展|保护)"),
    _mark("encouragement", r"鼓励(?!奖励|机制)|(?:大力|积极)?推广(?:使用|应用|采用)|提倡|倡导(?=使用|采用|选用)"),
    _mark("remediation", r"(?:实施|进行)(?:综合|深度|分类|升级|限期)?整治$"),
    _mark("prohibition", r"(?:^|[，；])(?:防止|严防)(?=.{4,}(?:转移|反弹|外溢|新增|偷排|复燃))"),
)
_REQUIRED = _mark("requirement", "")
_PHASE_OUT = _mark("phase_out", "")
_WORK = re.compile(r"(?:实施|完成|推进|加快|开展|推动).{2,60}?(?:改造|治理|淘汰|退出|替代|提标|整治)")
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
    r"原则上不再|原则上|不再|(?:有序|逐步|分批|限期)(?:推进)?(?:淘汰|取消|取缔|退出|关停|压减)?|推广|清理整顿|纳入|予以|给予|依法|确保|严厉打击|坚决打击|严厉追究|应当|应|配套|整治|区域限批"
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

    def _marked(self, first: int, last: int, before: tuple[int, int] | None) -> tuple[_Mark, int, int] | None:
        text = self.text[first:last]
        if first in self.taken or _SOFT.search(text):
            return None
        topic = self.text[before[0] : before[1]] if before and self.text[first - 1] == "，" else ""
        for mark in _MARKS:
            for match in mark.pattern.finditer(text):
                if not self._quoted(first + match.start()) and not self._for_offices(mark, text, match, topic):
                    return mark, first + match.start(), first + match.end()
        return self._on_objects(text, first)

    def _on_objects(self, text: str, first: int) -> tuple[_Mark, int, int] | None:
        """Work on objects told by a threshold is required of them even without a word of obligation."""
        match = _WORK.search(text)
        limits = thresholds_in(text) if match else []
        if not match or not any(
            re.match(r"的?[\u4e00-\u9fff]", text[limit.end :]) and limit.start > match.start() for limit in limits
        ):
            return None
        return (
            _PHASE_OUT if "淘汰" in match[0] or "退出" in match[0] else _REQUIRED,
            first + match.start(),
            first + match.start() + 2,
        )

    def _merge(self, spans: list[tuple[int, int]], marks: list[tuple[_Mark, int, int] | None]) -> None:
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
            if self.text[spans[index][0] - 1] == "，":
                self.clauses.add(spans[index][0])
                marks[index] = None

    def _quoted(self, at: int) -> bool:
        before = self.text[:at]
        return any(before.count(a) > before.count(b) for a, b in ("《》", "“”", "（）"))

    def _for_offices(self, mark: _Mark, text: str, match: re.Match[str], topic: str) -> bool:
        """要 and 应 said to an authority are duties, not rules on things."""
        if mark.type != "requirement" or match[0] not in ("要", "应", "应当", "须"):
            return False
        before, after = text[: match.start()] or topic, text[match.end() :]
        if re.match(r"严格(?:按照|执行|落实)", after):
            return False
        return bool(re.search(_OFFICE, before)) or bool(_DUTY_AFTER.match(after)) or not before

    def _begin(self, spans: list[tuple[int, int]], marks: list[tuple[_Mark, int, int] | None], index: int) -> int:
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
        self, spans: list[tuple[int, int]], marks: list[tuple[_Mark, int, int] | None], index: int, stop: int
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

    def _rules(self, found: tuple[_Mark, int, int], clause: tuple[int, int], begin: int, end: int) -> list[Rule]:
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

    def _type(self, mark: _Mark, begin: int, clause: tuple[int, int], first: int) -> str:
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
