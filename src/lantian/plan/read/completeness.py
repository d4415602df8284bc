"""Whether a document is whole or was cut."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lantian.plan.read.layout import Block
from lantian.plan.read.markers import marker_at
from lantian.plan.read.passages import Passage
from lantian.plan.read.structure import Structure
from lantian.plan.read.titles import heading

_STOPS = re.compile(r"[。！？）〕】]$|[。！？]”$")  # a quotation mark alone closes a name: 开展“回头看”
_OPENING = re.compile(
    r"总体|总则|总论|指导思想|(?:工作|主要|规划|攻坚|总体)?目标|(?:编制|规划)?(?:背景|目的)|现状|形势|基本原则"
)
_CLOSING = re.compile(
    r"保障|组织|责任|监督|考核|评估|实施|宣传|落实|机制|附则|全民|公众|支撑|执法|治理体系|治理能力|领导|公开|引导|督导|督察|督查|奖惩|工作要求|有关要求|相关要求|能力|政策|资金|科技|其他|有关事项|分工|安排|进度|步骤|效益|参与|共治|监管"
)


def is_complete(
    body: Sequence[Block], tail: Sequence[Block], structure: Structure, passages: Sequence[Passage]
) -> tuple[bool, str]:
    """Whether the document ends as plans end, and otherwise what is missing."""
    text = [block for block in body if block.kind != "page"]
    if not text or not (structure.chapters or structure.articles):
        return False, "没有找到编号的正文"
    last = text[-1]
    declared = any(
        spot.group.end >= last.end
        for spots in structure.spots.values()
        for spot in spots
        if spot.group.bodies or spot.group.deadline
    )
    if (
        last.kind != "table"
        and not _ends_a_sentence(last.flat.text)
        and not (declared and is_body_list_end(last.flat.text) and not _stops_usual(structure))
    ):
        return False, "正文末尾不是完整的句子"
    if not structure.articles and not any(passage.tables for passage in passages):
        return False, "没有找到承载措施的条款"
    if _open_brackets(last.flat.text):
        return False, "正文末尾的括号没有闭合"
    if tail and any(
        re.match(r"抄送|.{2,30}印发$|附件|附表|.{2,24}(?:人民政府|办公室|委员会)", block.flat.text) for block in tail
    ):
        return True, ""
    if last.kind == "table":
        return True, ""
    having = [passage for passage in passages if isinstance(passage.place, int)]
    bearing = [passage for passage in having if passage.groups]
    final = having[-1] if having else None
    ends_there = final is not None and structure.articles and structure.articles[-1].end >= last.end
    if final and ends_there and len(bearing) >= 0.8 * len(having) and len(having) >= 5 and not final.groups:
        return False, f"第 {final.place} 条没有责任单位，而前面各条都有"
    outermost = structure.chapters or structure.articles
    if _OPENING.match(heading(outermost[-1].first, alone=False)[1].text):
        return False, "最后一部分还是总体要求、目标一类的开头内容"
    levels = len(structure.chapters) > 1 or (not structure.chapters and len(structure.articles) > 2)
    if levels and not _closes(structure):
        return False, "最后一章不是保障、组织实施一类的收尾内容"
    return True, ""


def _ends_a_sentence(text: str) -> bool:
    """Whether a paragraph ends with a stop or a bracket that closes something said, not with a number: （二）."""
    numeral = marker_at(text, 0)
    return bool(_STOPS.search(text)) and not (numeral and numeral.length == len(text))


def is_body_list_end(text: str) -> bool:
    """Whether a line of labels ends with a whole name or date."""
    return bool(
        re.search(
            r"(?:局|委|办|政府|管委会|公司|中心|办公室|单位|部门|室|院|站|段|队|会|部|厅|海关|银行|底|前|日|月|年|）"
            r"|(?<![；;。，,、：:（(【〔])(?:推进|坚持|实施|配合|牵头|负责|落实|参与))$",  # alone they begin a label
            text,
        )
    )


def _stops_usual(structure: Structure) -> bool:
    """Whether the document closes its declarations with a full stop or a bracket."""
    closed = [spots[-1].block.flat.text[spots[-1].last - 1] in "。）〕】" for spots in structure.spots.values()]
    return sum(closed) * 2 > len(closed)


def _open_brackets(text: str) -> bool:
    return any(text.count(opening) > text.count(closing) for opening, closing in ("（）", "〔〕", "【】", "《》"))


def _closes(structure: Structure) -> bool:
    units = structure.chapters[-1:] or structure.articles[-1:]
    below = [unit for unit in (*structure.articles, *structure.sections) if units and unit.start > units[0].start]
    return any(_CLOSING.search(heading(unit.first, alone=False)[1].text) for unit in (*units, *below[-1:]))
