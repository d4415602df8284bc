"""Names of responsible bodies in a list: 市自然资源和规划局、各县（市、区）人民政府（管委会）等."""

from __future__ import annotations

import re

from lantian.plan.read.brackets import depths
from lantian.plan.read.flat import Flat

_SUFFIX = (
    r"(?:局|委|办|部|厅|署|处|科|室|院|所|站|段|队|社|会|会议|中心|公司|集团|银行|人行|支行|分行|学校|大学|海关|机场|港口|"
    r"政府|行署|公署|管委会|管理委员会|办事处|街道办|街道|乡镇|镇街|公安|法院|检察院|联社|工会|妇联|团委|共青团|"
    r"单位|部门|机构|企业|园区|开发区|高新区|新区|示范区|电网|电力|铁路|县区|区县|市县|县市|乡|镇|县|区|市|州|旗|兵团|师|团场|媒体|行业协会|协会|指挥部|专班|领导小组|"
    r"项目部|集团军|军分区|供电|城投|林场|矿务局|监管局|分局|支队|总队|大队|厂|管委|网信办|各方|成员单位)"
)
_BODY = re.compile(rf"^[\u4e00-\u9fffA-Za-z（）、·〔〕“”]{{0,38}}{_SUFFIX}(?:（[^（）]{{1,20}}）)?$")
_PLACES = re.compile(
    r"各?(?:[县市区旗镇乡盟州]|（[县市区旗、]+）|管委会|开发区|街道|园区|地)(?:、(?:[县市区旗镇乡盟州]|（[县市区旗、]+）|街道|开发区|园区))+"
    r"(?:（[^（）]{1,12}）)?(?:人民政府|政府|管委会|办事处|党委)?"
)
_AND = re.compile(r"(?:以及|和|及|与)")
_LEAD_IN = re.compile(r"^(?:由|其中|并由|同时由|具体由|主要由|请|并)+")
_TAIL = re.compile(
    r"(?:等(?:有关|相关|市级|市直|市有关|各有关)?(?:部门和单位|单位和部门|部门|单位|成员单位|职能部门)?)$"
)
_VERB = re.compile(r"(?:负责|牵头|落实|配合|参与|完成|加强|按照|根据|[。，；：\d])")


def bodies_in(flat: Flat) -> tuple[list[str], bool]:
    """Bodies named in a list, as written and in order, and whether the list is open (等)."""
    names: list[str] = []
    is_open = False
    for first, last in _items(flat.text):
        item = flat.text[first:last]
        lead_in = _LEAD_IN.match(item)
        if lead_in and len(lead_in[0]) < len(item):
            first += len(lead_in[0])
        tail = _TAIL.search(flat.text[first:last])
        if tail:
            is_open = True
            last -= len(tail[0])
        if last > first and is_body(flat.text[first:last]):
            name = flat.raw[first:last]
            if name not in names:
                names.append(name)
    return names, is_open


def count_items(text: str) -> int:
    """How many items a list of names has."""
    return len(_items(text))


def is_body(text: str) -> bool:
    """Whether a text can be the name of a body."""
    return 2 <= len(text) <= 40 and bool(_BODY.match(text)) and not _VERB.search(text.split("（")[0])


def _items(text: str) -> list[tuple[int, int]]:
    kept = [match.span() for match in _PLACES.finditer(text)]
    depth, cuts, start = depths(text), [], 0
    index = 0
    while index < len(text):
        inside = next((end for first, end in kept if first <= index < end), None)
        if inside is not None:
            index = inside
            continue
        if text[index] in "、，；。/ " and depth[index] == 0:
            cuts.append((start, index))
            start = index + 1
        index += 1
    cuts.append((start, len(text)))
    return [span for first, last in cuts for span in _apart(text, first, last) if span[1] > span[0]]


def _apart(text: str, first: int, last: int) -> list[tuple[int, int]]:
    """An item cut at 和, 及, 与 where a whole name stands on both sides (市气象局和市水务局, not 自然资源和规划局)."""
    for match in _AND.finditer(text, first, last):
        left, right = text[first : match.start()], text[match.end() : last]
        if right.startswith(("单位", "部门", "有关单位", "相关单位")) and not left.endswith(("局", "委", "办", "政府")):
            continue
        if is_body(_LEAD_IN.sub("", left)) and is_body(_TAIL.sub("", right)) and not re.search(r"[县市区]$", left):
            return [(first, match.start()), *_apart(text, match.end(), last)]
    return [(first, last)]
