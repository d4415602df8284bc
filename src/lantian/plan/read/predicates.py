"""What a clause says of a number: the words before it and behind it, and the comparator they make."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NOT = r"(?:(?<!平)均|都)?(?:不|不得|不应|不能|不可|不宜|未|无)"
_KINDS: tuple[tuple[str, str], ...] = (
    ("le", rf"{_NOT}(?:高于|超过|多于|大于|超出|超|高|大)|≤|<=|最高|不突破|控制不超过"),
    ("ge", rf"{_NOT}(?:低于|少于|小于|低|少|差于)|≥|>=|至少(?:达到)?|最低"),
    ("down_to", r"(?:下降|降低|减少|压减|压缩|削减|缩减|下调|回落|缩短|降|减|压降)(?:至|到|为)"),
    ("up_to", r"(?:提高|提升|增加|增长|上升|扩大|发展|恢复|增|升)(?:至|到|为)"),
    ("control", r"(?:控制|稳控|管控|限制|稳定控制)(?:在|到|为|至|于)?"),
    ("lt", r"低于|小于|少于|优于|不足|<"),
    ("gt", r"高于|超过|大于|多于|突破|超出|超|>"),
    ("hold", r"(?:保持|稳定|维持|巩固|稳定保持)(?:在|为|到|达到)"),
    ("reach", r"达到|达成|达|实现|占到|力争|目标值?为|目标[：]?|指标为|指标[：]?|要求为"),
    (
        "change",
        r"净?(?:下降|降低|减少|削减|压减|消减|减排|减量|压降|缩减|增长|增加|提高|提升|上升|改善|降|减|增)(?:了|幅度|比例)?",
    ),
    ("is", r"为|是|占(?!比)"),
)
_ADVERB = r"(?:目标值|约|大约|近|大致|至少|合计|总计|共计|累计|共|全年|每年|年均|同比|分别|均|各|在|到|至|：|又|再|进一步|□+的?|不少于)*"
_PATTERNS = tuple((kind, re.compile(rf"(?:{words}){_ADVERB}$")) for kind, words in _KINDS)
_RATE = re.compile(
    r"(?:率|比例|比重|占比|浓度|天数|总量|减排量|排放量|消费量|指数|强度|均值|里程|面积|装机|产量|用量|能耗|数量)(?:：)?$"
)
WORK_VERBS = (
    "完成|淘汰|新增|新建|新改建|建成(?!区)|建设(?!用地)|改造|治理|替代|创建|培育|打造|推广|更新|关停|关闭|退出|整治|安装|压减|削减|减少|减排|改建|置换|实施|报废|搬迁|"
    "取缔|清理|修复|复绿|绿化|种植|造林|投放|配备|购置|布设|增设|增加|拆除|整合|提升|建立|注销|新投|投运|并网|发展|形成|开工|化解|消纳|回收|节约"
)
_WORK = re.compile(
    rf"(?P<verb>关停退出|淘汰退出|淘汰更新|更新淘汰|拆除取缔|搬迁改造|建设改造|新建改建|整合关停|{WORK_VERBS})(?P<object>[^，；。：\d]{{0,45}}?)(?:约|近|共计|合计|累计|总计|不少于|达到|达|至少|超过)?$"
)
_SUFFIX = re.compile(r"(?:以内|之内|以下|以上|及以上|及以下|或以上|或以下|左右|上下|以內)")


@dataclass(frozen=True, slots=True)
class Predicate:
    """The words that govern a number: kind, where they begin, and for works the verb and its object."""

    kind: str
    start: int
    verb: str = ""
    object: tuple[int, int] | None = None


def predicate_before(text: str, first: int, at: int, *, work: bool = False) -> Predicate | None:
    """The predicate that ends right before a number, searched from ``first``; with ``work`` only the verb of a work."""
    for kind, pattern in () if work else _PATTERNS:
        match = pattern.search(text, first, at)
        if match:
            return Predicate(kind, match.start())
    if not work and _RATE.search(text, first, at):
        return Predicate("rate", at)
    done = _WORK.search(text, first, at)
    return Predicate("work", done.start(), done["verb"], done.span("object")) if done else None


def is_work_verb(text: str) -> bool:
    """Whether a text is nothing but the verb of a work."""
    return bool(re.fullmatch(WORK_VERBS, text))


def suffix_after(text: str, at: int) -> tuple[str, int]:
    """以上, 以下, 以内, 左右 behind a number (or nothing), and where it ends."""
    match = _SUFFIX.match(text, at)
    return (match[0], match.end()) if match else ("", at)


def comparator(kind: str, suffix: str, *, lower_is_better: bool, is_range: bool) -> str:
    """The comparator that predicate and suffix make; a plain 达到 goes the way the indicator is better."""
    if suffix in ("左右", "上下"):
        return "≈"
    if is_range:
        return "range"
    if suffix in ("以内", "之内"):
        return "<="
    if suffix in ("以下",):
        return "<"
    if suffix in ("及以下", "或以下"):
        return "<="
    if suffix in ("以上", "及以上", "或以上"):
        return ">="
    fixed = {
        "le": "<=",
        "ge": ">=",
        "lt": "<",
        "gt": ">",
        "down_to": "<=",
        "control": "<=",
        "up_to": ">=",
        "change": ">=",
        "equal": "=",
        "work": ">=",
    }
    return fixed.get(kind, "<=" if lower_is_better else ">=")
