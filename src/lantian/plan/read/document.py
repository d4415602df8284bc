"""What the document is: title, kind, issuer, region, number, date, whether it is a plan and whether it is whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lantian.plan.read.flat import Flat, joined
from lantian.plan.read.layout import Block

_KINDS = (
    r"实施细则|贯彻落实方案|实施方案|攻坚(?:行动)?方案|(?:三年|两年|专项)?行动方案|工作方案|整治方案|治理方案|应急预案|预案|限期达标规划|达标规划|专项规划|规划|"
    r"(?:三年|专项|改善)?行动计划|工作计划|实施计划|攻坚计划|计划|实施意见|指导意见|若干意见|意见|工作要点|要点|任务清单|工作清单|责任清单|任务分工|分工方案|若干措施|措施|攻坚行动|方案"
)
_KIND = re.compile(rf"(?:{_KINDS})")
_TITLE_END = re.compile(rf"(?:{_KINDS})(?:（[^（）]*）)?$")
_RUNS_ON = re.compile(rf"(?!各)[^，。：]{{4,45}}?(?:{_KINDS})(?:（[^（）]{{4,40}}）)?(?=各|为|根据|按照)")
_NAMED = re.compile(
    rf"[\u4e00-\u9fff]{{0,8}}《(?P<title>[^《》]{{6,60}}?(?:{_KINDS})(?:（[^（）]*）)?)》(?:全文|发布|印发)?(?!.*(?:解读|图解|问答|说明|新闻|发布会)).{{0,16}}"
)
_LAW_TITLE = re.compile(r"(?:法|条例|办法|规定|细则|规章|规则|决定|解释)(?:（[^（）]*）)?$")
_REGION = re.compile(
    r"(?:.{0,12}?)([\u4e00-\u9fff]{2,8}?(?:特别行政区|自治区|自治州|自治县|地区|林区|省|市|县|州|盟|旗|新区|开发区|区))"
)
_YEARS = re.compile(r"[《]?(?:(?:19|20)\d{2}(?:[-—～至](?:19|20)?\d{2,4})?年)?")
_ISSUER = re.compile(
    r"([\u4e00-\u9fff]{2,14}?(?:人民政府办公厅|人民政府办公室|人民政府|行政公署|生态环境局|环境保护局|指挥部办公室|指挥部|委员会办公室|领导小组办公室|领导小组|管理委员会))"
)
_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,10}[〔（\[](?:19|20)\d{2}[〕）\]]第?\d{1,4}号")
_DATE = re.compile(r"((?:19|20)\d{2})年(\d{1,2})月(\d{1,2})日")
_DASHED = re.compile(r"((?:19|20)\d{2})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_AIR = re.compile(r"大气|空气|蓝天|PM2\.?5|细颗粒物|臭氧|污染防治|生态环境|减排|扬尘|秋冬季")
_NOTICE = re.compile(r"(?:印发|发布|转发|下发)")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the numbered body."""

    title: str | None
    kind: str | None
    issuer: str | None
    region: str | None
    number: str | None
    issued_on: str | None
    own_date: bool = True  # issued_on stands in the document itself, not on the page it was copied from


def head_of(before: Sequence[Block], after: Sequence[Block], first_body: str) -> Head:
    """Title and the rest, from the blocks before the body and behind it."""
    lines = [block for block in before if block.kind == "text"]
    found = _title(lines)
    title = found.raw if found is not None else None
    kind = _kind(found.text if found is not None else None) or _kind_announced(lines)
    issued, own = _issued(lines, after)
    return Head(title, kind, _issuer(lines, after, title), _region(found, lines), _number(lines), issued, own)


def _kind(title: str | None) -> str | None:
    plain = re.sub(r"[（(].*?[）)]", "", title or "")
    found = [match[0] for match in _KIND.finditer(re.sub(r"《[^》]*》(?!的通知)", "", plain))] or [
        m[0] for m in _KIND.finditer(plain)
    ]
    return found[-1] if found else None


def _kind_announced(lines: Sequence[Block]) -> str | None:
    """The kind the introduction names (制定本方案, 提出如下实施意见) where there is no title."""
    for block in reversed(lines):
        match = re.search(rf"(?:制定|编制|提出|制订)(?:本|如下|以下)(?:{_KINDS})", block.flat.text)
        if match:
            return re.sub(r"^(?:制定|编制|提出|制订)(?:本|如下|以下)", "", match[0])
    return None


def _title(lines: Sequence[Block]) -> Flat | None:
    """The title of the plan itself: the last one before the body, its lines joined; else the one in the notice."""
    index = len(lines) - 1
    while index >= 0:
        found = _title_ending(lines, index)
        if found:
            return found
        index -= 1
    for block in lines:  # line breaks lost: the title runs into the address or the introduction
        match = _RUNS_ON.match(block.flat.text) if len(block.flat) > 40 else None
        if match:
            return _bare(block.flat.cut(0, match.end()))
    for block in lines:  # a page that names the plan: 《…计划》全文, 某省《…方案（征求意见稿）》
        match = _NAMED.fullmatch(block.flat.text) if len(block.flat) < 80 else None
        if match:
            return _bare(block.flat.cut(*match.span("title")))
    for block in lines:
        match = re.search(r"印发[《〈]?(?P<title>.{6,60}?)[》〉]?的通知", block.flat.text)
        if (
            match
            and not re.search(r"贯彻|落实《|根据|《国务院", block.flat.text[: match.start()])
            and len(block.flat) < 90
        ):
            return _bare(block.flat.cut(*match.span("title")))
    return None


def _title_ending(lines: Sequence[Block], index: int) -> Flat | None:
    text = lines[index].flat.text
    if not _TITLE_END.search(text) or _is_prose(text) or len(text) > 80:
        return None
    flat, first = lines[index].flat, index
    while (
        first > 0
        and not _region_starts(flat.text)
        and lines[first - 1].flat.text != flat.text
        and _goes_before(lines[first - 1].flat.text)
    ):
        first -= 1
        flat = joined([lines[first].flat, flat])
    return _bare(flat)


def _region_starts(text: str) -> bool:
    match = _REGION.match(text)
    return bool(match and len(match[0]) <= 9) or bool(re.match(r"(?:19|20)\d{2}", text))


def _goes_before(text: str) -> bool:
    return (
        len(text) <= 40
        and not _is_prose(text)
        and not re.search(r"\d{4}年\d|〔|号$|公开发布|政府$|委员会$|[：:。]", text)
    )


def _is_prose(text: str) -> bool:
    return bool(re.search(r"[，。；]|：$|现将|请认真|通知如下", text)) or "附件" in text[:3] or text.endswith("的通知")


def _bare(flat: Flat) -> Flat:
    """A title without book marks around it and without a remark on its passing or repeal behind it."""
    first, last = 0, len(flat)
    remark = re.search(
        r"（(?:已废止|征求意见稿|试行|代拟稿|[^（）]*(?:通过|审议|会议|公布|印发|修订)[^（）]*)）$", flat.text
    )
    last = remark.start() if remark else last
    while first < last and flat.text[first] in "《〈":
        first += 1
    while last > first and flat.text[last - 1] in "》〉":
        last -= 1
    return flat.cut(first, last)


def _issuer(lines: Sequence[Block], after: Sequence[Block], title: str | None) -> str | None:
    """Who issued the document: named in the notice's title, by the signature, or as the page's source; never one it cites."""
    for block in lines:
        match = re.match(
            r"(?:【[^】]*】)?" + _ISSUER.pattern + r"(?:办公[厅室])?(?:关于|印发|转发|\d{1,2}月\d{1,2}日印发)",
            block.flat.text,
        )
        if match:
            return block.flat.raw[match.start(1) : match.end(1)]
    for block in (*lines, *after):
        match = re.match(_ISSUER.pattern + rf"(?:{_DATE.pattern})?$", block.flat.text)
        if match:
            return block.flat.raw[match.start(1) : match.end(1)]
    for block in lines:
        match = re.search(r"(?:近日|日前|昨日)，?" + _ISSUER.pattern + r"(?:正式)?(?:印发|发布|出台)", block.flat.text)
        if match:
            return block.flat.raw[match.start(1) : match.end(1)]
    for block in lines:
        match = re.search(r"(?:来源|发布机构|发文机关)[：]" + _ISSUER.pattern, block.flat.text)
        if match:
            return block.flat.raw[match.start(1) : match.end(1)]
    for block in after:
        match = re.match(_ISSUER.pattern + r"(?=(?:19|20)\d{2}年)", block.flat.text)
        if match:
            return re.sub(r"(?:办公室|办公厅)$", "", block.flat.raw[match.start(1) : match.end(1)])
    return None


def _region(title: Flat | None, lines: Sequence[Block]) -> str | None:
    for flat in [*([title] if title is not None else []), *(block.flat for block in lines[:4])]:
        mark = re.match(r"[【〔].*?[】〕]", flat.text)
        year = _YEARS.match(flat.text, mark.end() if mark else 0)
        match = _REGION.match(flat.text, year.end() if year else 0)
        if match and not re.search(r"关于|[为我本]|根据", match[1]):
            return flat.raw[match.start(1) : match.end(1)]
    return None


def _number(lines: Sequence[Block]) -> str | None:
    """The document's own number: on a line of its own, or behind the title; never one it cites."""
    for block in lines:
        text = re.sub(r"\s", "", block.flat.text)
        match = _NUMBER.search(text)
        if match and (match[0] == text or (len(text) <= 40 and not re.search(r"[《》，。]|根据|要求|关于|落实", text))):
            return block.flat.raw[match.start() : match.end()] if match[0] in block.flat.text else match[0]
    return None


def _issued(lines: Sequence[Block], after: Sequence[Block]) -> tuple[str | None, bool]:
    """The date of issue, and whether the document itself bears it."""
    for block in lines:
        short = re.search(r"^.{2,16}?(\d{1,2})月(\d{1,2})日印发", block.flat.text)
        page = next((m for other in lines if (m := _DASHED.search(other.flat.text))), None)
        if short and page and not _DATE.search(block.flat.text[: short.end()]):
            return f"{page[1]}-{int(short[1]):02d}-{int(short[2]):02d}", True
        match = _DATE.search(block.flat.text)
        if match and len(block.flat) - len(match[0]) <= 16 and not re.search(r"[，。]", block.flat.text):
            return _iso(match), True
    for block in after:
        match = _DATE.search(block.flat.text)
        if match and len(block.flat) < 60:
            return _iso(match), True
    for block in lines:
        match = re.search(
            r"(?:发布|印发|网站发布|发文)(?:日期|时间)?[：]?\s*" + _DASHED.pattern, block.flat.text
        ) or _DASHED.fullmatch(block.flat.text)
        if match:
            return _iso(match), False
    return None, False


def _iso(match: re.Match[str]) -> str:
    year, month, day = match.groups()[-3:]
    return f"{int(year):04d}-{int(month):02d}-{int(day):02d}"


def is_law(title_lines: Sequence[str], text: str) -> bool:
    """Whether the document is a law, a regulation or a rule: articles 第X条, and a title or an end that say so.

    A plan may be written in articles too: it names who leads, and imposes no fines.
    """
    clauses = len(re.findall(r"(?m)^[#\s　]*第[一二三四五六七八九十百零]+条", text))
    if clauses < 3:
        return False
    lines = [line.strip("# 　") for line in title_lines[:8]]
    named = any(_LAW_TITLE.search(line) and len(line) < 50 for line in lines)
    in_force = bool(re.search(r"(?:本法|本条例|本办法|本规定|本细则).{0,10}(?:自|从).{0,20}(?:起)?施行", text))
    plan = any(
        re.search(r"行动计划|行动方案|实施方案|工作方案|攻坚|规划|工作要点", line) and not re.search(r"[，。]", line)
        for line in lines
    )
    declared = len(re.findall(r"牵头|责任单位|按职责分工", text))
    fines = len(re.findall(r"罚款|责令改正|法律责任", text))
    if (plan or declared >= 3) and fines < 2 and not (in_force and not plan):
        return False
    return named or in_force or clauses >= 15


def built_as_plan(headings: Sequence[str]) -> bool:
    """Whether a text without a title is built as a plan: first what is to be reached, then what is to be done."""
    if any(re.search(r"背景|解读|总结|完成情况|存在(?:的)?问题|下一步|主要做法|成效", title) for title in headings):
        return False
    aims = [n for n, title in enumerate(headings) if re.search(r"目标|总体要求|指导思想", title)]
    works = [n for n, title in enumerate(headings) if re.search(r"任务|措施|重点工作|行动", title)]
    return bool(aims and works) and aims[0] < works[-1]


def about_air(text: str) -> bool:
    """Whether the text speaks of air or pollution at all."""
    return len(_AIR.findall(text)) >= 2
