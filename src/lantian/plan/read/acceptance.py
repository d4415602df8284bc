"""Whether a number under a predicate is a target, and no condition, limit, frequency or description of an object."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lantian.plan.read.deadlines import deadlines_in
from lantian.plan.read.predicates import Predicate, suffix_after
from lantian.plan.read.quantities import PURE, Quantity

_OFTEN = re.compile(r"每(?:个)?(?:月|周|日|天|季|季度|半年|旬|次|家|个|辆|站|名|处|万|批|班|县|乡|镇|企业|台|亩)")
_DUTY = re.compile(r"(?:应当|应|必须|须|不得|禁止|严禁|不再)")
_TECHNICAL = (
    "米",
    "厘米",
    "毫米",
    "小时",
    "分钟",
    "次",
    "人次",
    "分贝",
    "分",
    "元",
    "万元",
    "亿元",
    "级",
    "期",
    "页",
    "度",
    "倍",
    "条",
    "项",
    "名",
    "位",
    "人",
    "批",
    "班",
    "轮",
    "例",
    "类",
    "门",
    "块",
    "年",
    "个月",
    "头",
    "只",
    "羽",
)
MEASURED = (
    "%",
    "‰",
    "蒸吨/小时",
    "吨/小时",
    "年",
    "个月",
    "日",
    "微克/立方米",
    "毫克/立方米",
    "级",
    "小时",
    "分钟",
    "米",
    "元",
    "万元",
    "亿元",
    "次",
    "个百分点",
)
_ATTRIBUTE = re.compile(r"的(?!目标|水平|要求|任务|比例)|(?:时|后|期间|情况下)(?:[，,。；]|$)|时[，、]|者")
# the state of the air is a target even under 不得
_AMBIENT = re.compile(r"降尘量|优良|污染天|(?:年均|平均)浓度|综合指数")
_NEW = re.compile(r"(?:新建|新、改|新改扩建|改建|扩建|新上)")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A number that may be a target: its sentence, its clause, its predicate and what the sentence said before."""

    text: str
    masked: str
    clause: tuple[int, int]
    end: int
    predicate: Predicate
    run: list[Quantity]
    unit: str
    dated: bool
    work_known: bool
    in_row: bool  # the sentence has stated a target before

    @property
    def before(self) -> str:
        """The clause up to the number."""
        return self.text[self.clause[0] : self.run[0].start]

    @property
    def after(self) -> str:
        """The clause behind the number and its suffix."""
        return self.text[self.end : self.clause[1]]


def accepted(it: Candidate) -> bool:
    """Whether the number is a target."""
    kind = it.predicate.kind
    if not it.unit and (kind in ("work", "rate", "is") or not PURE.search(it.before)):
        return False
    if _ATTRIBUTE.match(it.after) or it.masked[max(it.clause[0], it.run[0].start - 1)] in "从由自第":
        return False
    if kind == "work":
        return _accepted_work(it)
    if kind == "is" and not (it.dated or it.in_row):
        return False
    if kind in ("rate", "is") and re.match(r"[\u4e00-\u9fff]", it.after):
        return False
    if kind == "rate" and not suffix_after(it.text, it.run[-1].end)[0] and not deadlines_in(it.before):
        return False
    if kind in ("gt", "lt", "le", "ge") and re.match(r"的|时|及?以上的", it.after):
        return False
    return not _is_frequency(it) and not _is_limit(it)


def _is_frequency(it: Candidate) -> bool:
    return (bool(_OFTEN.search(it.before)) and "每年" not in it.before) or it.unit in ("次", "人次")


def _is_limit(it: Candidate) -> bool:
    """A requirement on things (排放浓度不高于…, 围挡高度, 错峰停产不少于100天) rather than something to reach by a date."""
    kind = it.predicate.kind
    if it.unit in ("小时", "分钟", "米", "厘米") or (it.unit in ("年", "月") and kind != "change"):
        return True
    if it.dated:
        return False
    if it.unit in ("天", "日") and kind in ("ge", "le") and not re.search(r"天数|天气", it.before):
        return True
    if (
        (it.unit in _TECHNICAL and it.unit not in ("天", "日"))
        or (_DUTY.search(it.before) and not (_AMBIENT.search(it.before) or it.in_row))
        or _NEW.match(it.before)
    ):
        return True
    return bool(re.search(r"排放浓度|逸散|噪声|高度|含量", it.before))


def _accepted_work(it: Candidate) -> bool:
    """Whether a verb of work counts what is to be done: 淘汰锅炉45台, 完成120台改造, 完成总数的40%."""
    first, stop = it.predicate.object or (0, 0)
    named = it.text[first:stop]
    if it.unit == "%" and it.predicate.verb.startswith("完成") and not named and it.dated:
        return True
    share = it.unit == "%" and re.search(r"(?:总数|总量|任务|面积|数量|比例)?的$", it.text[: it.run[0].start])
    if it.unit in MEASURED and not share:
        return False
    if re.search(r"^(?:了|过)?(?:对|以|按|由)|工作$", named):
        return False
    if re.search(r"已|每(?!年)", it.text[max(0, it.predicate.start - 4) : it.predicate.start]):
        return False
    if named:
        return not it.after or bool(re.match(r"[，。；、和（]|的?(?:目标|任务)|以上|左右", it.after))
    if not it.after:
        return it.work_known
    return bool(re.match(r"[\u4e00-\u9fff“□（A-Za-z]", it.after)) and not re.match(r"(?:以上|以下|及以)", it.after)
