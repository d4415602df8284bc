"""Names of indicators: which way is better, the place they hold for, and lists that share one noun."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lantian.plan.read.brackets import depths
from lantian.plan.read.flat import Flat

_LOWER = re.compile(
    r"浓度|污染天|排放(?:总)?量|排放强度|消费(?:总)?量|煤炭消费|煤耗|能耗|降尘|综合指数|超标|使用量|施用量|投诉|用量|负荷|散煤|火点|排名|燃煤|重污染|PM2|PM10|臭氧|颗粒物|二氧化硫"
)
_HIGHER = re.compile(
    r"减排|削减|下降|降低|降幅|减少|压减|优良|达标|比例|比率|比重|率|覆盖|清洁|非化石|新能源|利用|占比|增长|提高|淘汰|改造|治理|替代|完成|增幅"
)
_SPECIFIC_LOWER = re.compile(
    r"(?:超标|排放|故障|污染|发生|投诉)率|煤炭(?:消费)?(?:占|比重|比例)|煤炭消费比重|公路(?:货运)?(?:占比|比例|比重)|煤炭消费占"
)
_NOUN = re.compile(
    r"浓度|比例|比率|比重|占比|率|量|天数|指数|面积|里程|强度|规模|水平|产能|装机|能力|数(?:量)?|电量|排名|能耗|消费|排放|[A-Za-z]|"
    r"颗粒物|臭氧|氧化|有机物|达标|覆盖|车辆|锅炉|机组|工程|项目|企业|效率|均值|天气|产值|燃煤|散煤"
)
_SCOPE = re.compile(
    r"(?:全市|全省|全县|全区|全州|全域|各县（?市?、?区?）?|(?:其他|其它)(?:地区|区域|县（?市?、?区?）?)|县城|主城区|中心城区|城区|市区|建成区|(?:县级|地级)(?:及以上)?城市(?:建成区)?|"
    r"(?:(?!占)[\u4e00-\u9fff]){1,6}(?:省|市(?!群)|县|州|盟|旗|自治[州县]|开发区|高新区|经开区|新区)(?![\u4e00-\u9fff]*(?:局|委|站|厅)))(?:城市建成区|建成区|城区|范围内|区域内)?"
)
_LEADING = re.compile(
    r"(?:[一二三四五六七八九十]是|其中|力争|确保|争取|努力|使得?|将|把|且|并|同时|推动|实现|原则上|到|至|在(?!用|建|营|售|产)|的|、|全年|累计|要|应|基本|稳步|进一步|城市空气质量|保持|本|我市|我省|我县|年)+"
)
_TRAILING = re.compile(
    r"(?:力争|争取|原则上|分别|(?<!平)均|都|各|要|应|须|需|确保|累计|总体|稳定|持续|同比|进一步|逐步|全年|要求|年度|目标|相比|[从由]\d[^，。；]*|基础上|(?<![占能])比|较|在|与|占|的|，|：|、)+$"
)
_HEADS = re.compile(
    r"(?:等(?:主要)?(?:大气)?污染物|主要污染物)?(?:重点工程|总)?(?:累计)?(?:减排量|削减量|排放总量|排放量|排放强度|消费总量|消费量|年平均浓度|年均浓度|年均值|平均浓度|浓度|"
    r"货运量|客运量|吞吐量|周转量|发电量|保有量|处理量|利用量|产生量|使用量|用煤量|综合利用率|新能源比例|利用率|覆盖率|清扫率|达标率|完成率|天数比率|天数比例|比例|比率|比重|占比|率|天数|面积|总量|数量|装机容量|装机|产能|车辆|数)$"
)
_PLACE = re.compile(
    r"[\u4e00-\u9fffA-Z]{0,8}(?:市|县|区|镇|乡|旗|州|盟|平原|三角洲?(?:地区)?|新区|开发区|园区|管委会|建成区|城区|县城)$"
)


def lower_is_better(name: str) -> bool:
    """Whether a smaller value of an indicator is the better one."""
    if _SPECIFIC_LOWER.search(name):
        return True
    low, high = _LOWER.search(name), _HIGHER.search(name)
    if low and high:
        return bool(re.search(r"(?:浓度|天数|排放量|消费量|总量|指数|强度|降尘量)$", name)) and not re.search(
            r"优良|减排|削减|下降", name
        )
    return bool(low)


def is_indicator(text: str) -> bool:
    """Whether a text names something that is measured, and not just a place."""
    return bool(_NOUN.search(_SCOPE.sub("", text)))


def trimmed(flat: Flat, dates: Iterable[tuple[int, int]]) -> Flat:
    """A subject without the dates and small words around it that are not its name."""
    spans = list(dates)
    first, last = 0, len(flat)
    while True:
        before = (first, last)
        first = next((end for start, end in spans if start <= first < end), first)
        leading = _LEADING.match(flat.text, first, last)
        first = leading.end() if leading else first
        last = next((start for start, end in spans if start < last <= end), last)
        trailing = _TRAILING.search(flat.text, first, max(first, last))
        last = trailing.start() if trailing else last
        if (first, last) == before or first >= last:
            return flat.cut(first, max(first, last))


def scope_of(flat: Flat) -> tuple[Flat | None, Flat]:
    """The place or places at the head of a subject, and the rest."""
    places = places_in(flat)
    if places:
        return flat.cut(0, places[0][1]), behind_place(flat, places[0][1])
    match = _SCOPE.match(flat.text)
    if not match or match.end() == 0:
        return None, flat
    return flat.cut(0, match.end()), behind_place(flat, match.end())


def behind_place(flat: Flat, at: int) -> Flat:
    """What stands behind a place, without the 的 between them (桂平市的优良天数比率)."""
    return flat.cut(at + flat.text.startswith("的", at), len(flat))


def is_place(text: str) -> bool:
    """Whether a text is a place or a kind of place (县城, 乡镇驻地, 云水区)."""
    return bool(
        re.search(r"(?:市|县|区|镇|乡|村|城|城市|地区|区域|驻地|街道|园区|平原|三角洲?|农村|全域|辖区|范围内?)$", text)
    )


def with_head(named: Flat, indicator: Flat) -> Flat:
    """What a clause names, with the noun that the indicator before ends in: 出租车 after 公交车新能源比例 has 新能源比例."""
    head = _HEADS.search(indicator.text)
    if not head:
        return indicator
    tail = indicator.cut(head.start(), len(indicator))
    return Flat(named.text + tail.text, named.raw + tail.raw, named.at + tail.at)


def names_in(flat: Flat) -> list[str]:
    """Indicators of a list that shares its last noun: 挥发性有机物、氮氧化物重点工程减排量 gives both with the noun."""
    spans = _list_spans(flat.text)
    if len(spans) < 2:
        return [flat.raw]
    last = flat.text[spans[-1][0] : spans[-1][1]]
    head = _HEADS.search(last)
    tail = flat.raw[spans[-1][0] + head.start() : spans[-1][1]] if head and head.start() > 0 else ""
    tail = re.sub(r"^等(?:主要)?(?:大气)?污染物", "", tail)
    names = []
    for first, end in spans:
        name = flat.raw[first:end]
        own = _HEADS.search(flat.text[first:end])
        if (first, end) == spans[-1]:
            name = re.sub(r"等(?:主要)?(?:大气)?(?:污染物|汙染物)?(?=.*(?:量|浓度|濃度))", "", name) if head else name
            names.append(name)
        else:
            names.append(name if own and own.start() > 0 and len(own[0]) > 1 else name + tail)
    return names


def places_in(flat: Flat) -> list[tuple[str, int]] | None:
    """Places of a list at the head of a subject, with the offset at which the rest begins after the last; None without one."""
    spans = _list_spans(flat.text)
    if len(spans) < 2 or not all(_PLACE.match(flat.text[a:b]) for a, b in spans[:-1]):
        return None
    last = re.match(
        r"[\u4e00-\u9fffA-Z]{0,8}?(?:自治县|自治州|新区|开发区|管委会|林区|建成区|城区|县城|平原|三角洲?(?:地区)?|市(?!群|区|县|城)|县(?!城)|区|镇|乡|旗|州|盟)",
        flat.text[spans[-1][0] : spans[-1][1]],
    )
    if not last:
        return None
    end = spans[-1][0] + last.end()
    return [(flat.raw[a:b], end) for a, b in spans[:-1]] + [(flat.raw[spans[-1][0] : end], end)]


def _list_spans(text: str) -> list[tuple[int, int]]:
    depth, cuts, start = depths(text), [], 0
    for index, char in enumerate(text):
        joint = char == "、" or (char in "和与" and text[index : index + 2] not in ("和谐", "和解", "和平"))
        if joint and depth[index] == 0 and index > start:
            cuts.append((start, index))
            start = index + 1
    cuts.append((start, len(text)))
    return [span for span in cuts if span[1] > span[0]]
