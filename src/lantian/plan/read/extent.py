"""Where the plan itself ends: annexes, signature, copy list, printing line and page furniture lie outside."""

from __future__ import annotations

import re

from lantian.plan.read.layout import Block
from lantian.plan.read.markers import marker_at
from lantian.plan.read.numbering import decimal_chapter, first_in_a_line

_DATE = r"\d{4}年\d{1,2}月\d{1,2}日"
_OFFICE = r"[\u4e00-\u9fff（）]{2,24}(?:人民政府|委员会|办公室|办公厅|领导小组|指挥部|生态环境局)"
_END = re.compile(
    rf"抄送[：]|主送[：]|附件[\d一二三四五六七八九十]*(?:[：]|$|[\u4e00-\u9fff].{{0,40}}$)|附[表录][\d一二三四五六七八九十]*(?:[：]|$)|"
    rf"{_OFFICE}{_DATE}印发|{_DATE}印?发?$|（?此件(?:主动|公开|依申请)|"
    r"(?:信息|文章|稿件|资料)?来源[：]|责任编辑|编辑[：]|审核[：]|校对[：]|分享(?:到|至)?[：]?|【?打印|上一[篇条]|下一[篇条]|相关(?:链接|文件|解读|阅读|附件|新闻)|"
    r"扫一扫|扫码|【?关闭|版权(?:所有|声明)|[^，。]{0,20}备案号|[^，。]{0,10}ICP备|网站(?:地图|标识码)|政府网站|返回顶部|（?责编|点击(?:数|率|量)|浏览(?:次数|量)"
)
_SIGNATURE = re.compile(rf"{_OFFICE}(?:{_DATE})?$")
_GLUED = re.compile(
    rf"(?<=[。）〕】])(?:抄送：|责任编辑：|上一篇：|相关链接|打印本页|主办：|附件[：\d]|{_OFFICE}{_DATE}(?:印发)?$)"
)


def first_numbered(blocks: list[Block]) -> int:
    """Index of the block in which the numbered body begins; the number of blocks where there is none."""
    for index, block in enumerate(blocks):
        marker = marker_at(block.flat.text, 0) if block.kind == "text" else None
        if marker and marker.value == 1 and marker.form in ("part", "chapter", "cn", "cnp", "section"):
            return index
    if any(block.kind == "text" and re.match(r"1\.1(?!\d)", block.flat.text) for block in blocks):
        for index, block in enumerate(blocks):
            if block.kind == "text" and (mark := decimal_chapter(block.flat.text)) and mark.value == 1:
                return index
    for index, block in enumerate(blocks):
        if block.kind == "text" and (
            re.search(r"[。）〕】](?:第一章|一、)", block.flat.text) or first_in_a_line(block.flat.text) is not None
        ):
            return index
    for index, block in enumerate(blocks):
        marker = marker_at(block.flat.text, 0) if block.kind == "text" else None
        if marker and marker.value == 1:
            return index
    return len(blocks)


def body_and_tail(blocks: list[Block]) -> tuple[list[Block], list[Block]]:
    """The plan's own blocks, and what follows them."""
    begin = first_numbered(blocks)
    for index in range(begin + 1, len(blocks)):
        block = blocks[index]
        if block.kind == "page" and all(after.kind == "page" for after in blocks[index:]):
            return blocks[:index], blocks[index:]
        if block.kind == "text" and _is_end(blocks, index):
            last = index
            while last > begin + 1 and blocks[last - 1].kind == "page":
                last -= 1
            return blocks[:last], blocks[last:]
    return _unglued(blocks, begin)


def _is_end(blocks: list[Block], index: int) -> bool:
    text = blocks[index].flat.text
    if _END.match(text):
        return len(text) <= 80 or text.startswith(("抄送", "附件"))
    if not _SIGNATURE.match(text) or len(text) > 50:
        return False
    following = next((block.flat.text for block in blocks[index + 1 :] if block.kind == "text"), "")
    return bool(re.search(_DATE, text) or re.match(_DATE, following))


def _unglued(blocks: list[Block], begin: int) -> tuple[list[Block], list[Block]]:
    """A tail that runs on behind the last full stop, where the line breaks were lost."""
    if begin >= len(blocks) or blocks[-1].kind != "text":
        return blocks, []
    last = blocks[-1].flat
    match = _GLUED.search(last.text)
    if not match or match.start() == 0:
        return blocks, []
    head, tail = last.cut(0, match.start()), last.cut(match.start(), len(last))
    return [*blocks[:-1], Block("text", head, *head.span())], [Block("text", tail, *tail.span())]
