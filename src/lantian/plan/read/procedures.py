"""Procedures of a sentence: what is done again and again, or whenever something happens."""

from __future__ import annotations

import re

from lantian.plan.read.brackets import split
from lantian.plan.read.flat import Flat
from lantian.plan.read.model import Procedure

_FREQUENCY = re.compile(
    r"每(?:[一二两三四五六七八九十\d]+(?:个)?)?(?:年度?|半年|季度?|月|旬|周|日|天)(?:\d{1,2}月(?:\d{1,2}日|底|末)?前)?(?:至少)?(?:不少于)?(?:[一二两三四\d]+次)?|"
    r"定期|不定期|适时|及时|动态|常态化|周期性|按[年季月周日旬]|年度|滚动|实时|第一时间|按时|逐[年月]|专项|持续"
)
_ACTS = (
    r"抽查|抽测|检查|巡查|督查|督导|督办|排查|核查|互查|稽查|普查|检验|检测|监测预警|评估|修订|更新|调度|通报|公示|公开|公布|发布|考核|审核|申报|报备|备案|"
    r"会商|销号|回头看|追溯|举报|约谈|预警|响应|应急处置|演练|联动|错峰|台账|建档|清单编制|清单.{0,8}(?:管理|编制)|动态化?管理|密封性|泄漏检测|双随机|路检路查|入户检查|监督管理|"
    r"监管.{0,4}巡查|联合执法|交叉|核算|复核|评价|审计|报告|报送|调整流程|工作流程|跟踪|关注|边开采边治理|收集处理|信用记录|举报奖励|激励奖励机制|监督"
)
_ACT = re.compile(_ACTS)
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:{_FREQUENCY.pattern}).{{0,45}}(?:{_ACTS})",
        r"(?:每(?:[一二两三四五\d]+(?:个)?)?(?:年|半年|季度?|月|周|旬|日)|定期|不定期|常态化|动态|及时).{0,60}(?:开展|进行|组织|实施|更新|修订|调整|公布|公开|公示|通报|报送|收集|清扫|清洗|维护|保养|检测|校准|召开|会商|指导|完善|编制)",
        r"(?:加强|加大|强化|开展|组织|实施|推进|做好|落实|规范|坚持|进行|完善|健全|建立|实行|深化|严格).{0,40}(?:抽查|抽测|路检路查|入户检查|检查|巡查|督查|督导|排查|核查|互查|稽查|评估|修订|调度|会商|追溯|预警|响应|演练|联动|监督管理|动态化?管理|双随机|联合执法|泄漏检测|错峰生产|错峰起炉|清单编制|边开采边治理|专项整治|专项行动|专项执法|专项检查)",
        r"(?:对|将).{2,60}(?:监督管理|监督检查|考核|进行排查|排查建档|进行追溯|公示|公布|纳入信用记录|开展评估|作为.{0,20}考核)",
        r"(?:规范|完善|健全).{2,40}流程",
        r"每(?:[一二两三四五\d]+(?:个)?)?(?:年|半年|季度?|月|周|旬|日|天).{0,40}(?:不少于|至少|不低于)?[一二两三四五六七八九十\d]+次",
        r"全面排查|密切关注|错峰(?:起炉|生产)(?:工作)?$|提升.{0,12}应急处置|(?:举报|激励).{0,4}奖励(?:机制|制度)?|举报激励",
        r"(?:依法)?(?:向社会)?(?:公开|公布|公示).{2,40}(?:信息|名单|情况|结果|数据)",
        r"(?:根据|按照|依据).{2,30}(?:预警|提示|信息).{0,20}(?:采取|启动|同步)|启动.{0,12}(?:响应|预案|预警)|(?:采取|启动).{0,10}应急(?:响应|减排)",
        r"(?:清单|名录|台账|档案).{0,10}(?:编制|更新|管理|建立|动态)|(?:编制|更新|建立|完善).{0,20}(?:清单|名录|台账|档案)",
    )
)
_NOT = re.compile(
    r"^对(?:未|不|超额|连续|考核)[^，]*(?:的)?(?:区|县|县区|地区|企业|单位|乡镇)?$|^(?:为|以).{0,20}(?:为|提供)|严厉打击"
)
_TRIGGER = re.compile(
    r"(?P<a>[^，。；]{2,40}?(?:时|前|后|期间|情况下|发生后))(?=，|$)|(?P<b>(?:按照|根据|依据)[^，。；]{2,30})(?=，|$)|对(?P<c>[^，。；]{2,40}?的)(?=，|$|[^，]{0,4}(?:组织|开展|实施))"
)
_ACTOR = re.compile(
    r"^(?:由)?[\u4e00-\u9fff（）、]{2,24}?(?:局|委|办|政府|部门|单位|企业|机构)(?=每|定期|及时|要|负责|对|组织|开展|加大|加强)"
)


class Procedures:
    """Reads the procedures of one sentence; clauses that are rules or targets are left out."""

    def __init__(self, flat: Flat, taken: set[int]) -> None:
        self.flat, self.text, self.taken = flat, flat.text, taken
        self.clauses: set[int] = set()

    def read(self) -> list[Procedure]:
        """All procedures in order."""
        spans = split(self.text, "，；")
        marked = [first not in self.taken and self._is_procedure(self.text[first:last]) for first, last in spans]
        found = []
        for index, (first, last) in enumerate(spans):
            if not marked[index]:
                continue
            begin, end = self._extent(spans, marked, index)
            found.append(self._made(first, last, begin, end))
            self.clauses.add(first)
        return found

    def _is_procedure(self, text: str) -> bool:
        return not _NOT.search(text) and any(pattern.search(text) for pattern in _PATTERNS)

    def _extent(self, spans: list[tuple[int, int]], marked: list[bool], index: int) -> tuple[int, int]:
        """A clause that only says when or upon what goes with it, and one clause of purpose behind it."""
        begin, end = spans[index]
        back = index - 1
        while back >= 0 and not marked[back] and self.text[begin - 1] == "，" and spans[back][0] not in self.taken:
            before = self.text[spans[back][0] : spans[back][1]]
            if not (
                re.match(r"(?:每|按照|根据|依据|对|在|将|[^，]{0,12}(?:根据|按照))", before)
                or re.search(r"(?:前|后|时|期间)$", before)
            ):
                break
            begin, back = spans[back][0], back - 1
        if (
            index + 1 < len(spans)
            and not marked[index + 1]
            and self.text[end] == "，"
            and spans[index + 1][0] not in self.taken
        ):
            after = self.text[spans[index + 1][0] : spans[index + 1][1]]
            if len(after) <= 40 and re.match(r"(?:实现|做到|推动|发挥|依法|将|并|确保|指导|定期|同步|及时)", after):
                end = spans[index + 1][1]
        return begin, end

    def _made(self, first: int, last: int, begin: int, end: int) -> Procedure:
        whole = self.text[begin:end]
        frequency = _FREQUENCY.search(whole)
        trigger = _TRIGGER.search(whole)
        name = self._name(first, last)
        start, stop = self.flat.span(begin, end)
        group = next((trigger.span(key) for key in ("a", "b", "c") if trigger[key]), None) if trigger else None
        return Procedure(
            name, self.flat.raw[begin + frequency.start() : begin + frequency.end()] if frequency else None,
            self.flat.raw[begin + group[0] : begin + group[1]] if group else None, start, stop,
        )  # fmt: skip

    def _name(self, first: int, last: int) -> str:
        text = self.text[first:last]
        actor = _ACTOR.match(text)
        at = actor.end() if actor else 0
        lead = re.compile(
            rf"(?:(?:{_FREQUENCY.pattern})|要|进一步|加强|加大|强化|开展|推进|落实|坚持|全面|规范|组织|积极|做好|完善|对|将)+"
        ).match(text, at)
        at = lead.end() if lead and lead.end() < len(text) - 1 else at
        return self.flat.raw[first + at : last]
