"""Sentences of a unit and the role of each; together they hold every character."""

from __future__ import annotations

import re

from lantian.plan.read.brackets import depths
from lantian.plan.read.flat import Flat

MAX = 380
_PRINCIPLE = re.compile(
    r"坚持|指导思想|以习近平|为指导|为核心|为重点|为目标|原则|理念|统筹(?:推进|兼顾)|问题导向|精准|科学|依法治污|多赢"
)
_PUBLICITY = re.compile(r"宣传|普及|倡导|呼吁|舆论|教育|引导|意识|志愿|绿色出行|绿色生活|媒体|科普|新闻发布")
_POWER = re.compile(r"约谈|问责|通报|移送|督察|追责|授权|批准|审批|执法|处罚|考核")
_FACT = re.compile(
    r"(?:19|20)\d{2}年.{0,40}(?:为|已|超过|达到)|已(?:经)?(?:完成|建成|实现)|是指|包括|包含|范围为|基准年|现状|位于|目标年|总面积|本(?:规划|方案)所称|有效期|自发布之日|(?:见|详见).{0,12}(?:表|附件|专栏|清单)"
)
_ACTION = re.compile(
    r"推进|推动|加强|加快|加大|强化|完善|健全|建立|建设|开展|实施|落实|提高|提升|优化|调整|深化|促进|严格|严守|制定|编制|组织|支持|统筹|发展|整治|治理|改造|淘汰|"
    r"推广|控制|管控|监管|做好|抓好|巩固|扩大|增加|保障|培育|扶持|营造|实行|执行|协调|配合|采取|采用|安装|配备|引导|鼓励|探索|防止|防治|防控|确保|压实|形成|构建|构筑|打造|开发|利用|收集|"
    r"处理|清理|排查|监测|监控|检查|督促|指导|划定|纳入|列入|明确|公开|公布|修订|更新|减少|降低|削减|替代|转型|升级|布局|规范|落地|联防|联控|充分|积极|持续|全面|稳步|有序|"
    r"遏制|严防|取消|研究|追溯|争取|力争|实现|完成|达到|维护|争创|创建|履行|承担|负责|牵头|会同|协同|发挥|依托|应用|推行|转变|淘汰|搬迁|关停|取缔|打击|查处|追究|评估|考核|通报|激励|奖励|补助|补贴|安排|投入|筹措|设立|"
    r"负总责|负责|参照|突出|聚焦|紧盯|分解|下达|另行|选用|使用|生产|建成|新增|改善|保持|稳定|杜绝|禁止|严禁|限制|退出|更换|冲洗|洒水|清扫|覆盖|绿化|硬化|密闭|封闭|运输|施工|停工|停产|限产|错峰|响应|启动|解除|发布|预警"
)


def spans_of(flat: Flat, first: int = 0) -> list[tuple[int, int]]:
    """Sentences as spans of a paragraph: cut behind 。！？ and, where that is long, behind ； and ，."""
    spans = _cut(flat.text, first, len(flat), "。！？")
    for marks in ("；", "，", "、", ""):
        spans = [part for span in spans for part in ([span] if _short(flat, span) else _halved(flat, span, marks))]
    return spans


def _short(flat: Flat, span: tuple[int, int]) -> bool:
    start, end = flat.span(*span)
    return end - start <= MAX


def _halved(flat: Flat, span: tuple[int, int], marks: str) -> list[tuple[int, int]]:
    if marks:
        parts = _cut(flat.text, span[0], span[1], marks)
    else:
        parts = [(at, min(at + 180, span[1])) for at in range(span[0], span[1], 180)]
    joined: list[tuple[int, int]] = []
    for part in parts:
        if joined and _short(flat, (joined[-1][0], part[1])) and marks in ("，", "、"):
            joined[-1] = (joined[-1][0], part[1])
        else:
            joined.append(part)
    return joined


def _cut(text: str, first: int, last: int, marks: str) -> list[tuple[int, int]]:
    depth = depths(text)
    spans, start = [], first
    for index in range(first, last):
        if text[index] in marks and depth[index] == 0:
            spans.append((start, index + 1))
            start = index + 1
    if start < last:
        spans.append((start, last))
    return spans


def role_of(text: str, *, general: bool) -> str:
    """The role of a sentence that holds no target, rule or procedure.

    ``general`` says that it stands under the guiding thought or the principles.
    """
    if general:
        return "principle"
    if len(re.sub(r"[\W_]", "", text)) == 0:
        return "mark"
    if _FACT.search(text) and not re.search(r"推进|加强|实施|开展", text):
        return "fact"
    if _PUBLICITY.search(text):
        return "publicity"
    if _ACTION.search(text):
        return "power" if _POWER.search(text) and re.search(r"依法|严肃|予以|责任", text) else "duty"
    if _PRINCIPLE.search(text):
        return "principle"
    return "unparsed"
