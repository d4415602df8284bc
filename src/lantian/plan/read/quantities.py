"""Numbers with units in a clause; dates, standards, formulas and names are masked first so that they are not counted."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from lantian.plan.read.brackets import brackets_of
from lantian.plan.read.deadlines import Base, Deadline, bases_in, deadlines_in
from lantian.plan.read.numerals import number_of

MASK = "□"
_UNITS = (
    r"微克/立方米|微克每立方米|微克/标准?立方米|毫克/立方米|毫克每立方米|[μu]g/m3|mg/m3|ng/m3",
    r"吨/（?(?:月|\d+天)·?(?:平方公里|平方千米|km2)）?|吨/（平方公里·(?:30天|月|30d)）|吨/平方(?:公里|千米)·(?:30天|月|30d)|吨/平方公里/月|吨/平方公里|吨/（平方千米·(?:30天|月)）",
    r"蒸吨/小时|蒸吨/时|蒸吨每小时|吨/小时|t/h|蒸吨",
    r"个百分点|百分点|%|‰",
    r"(?:万|亿)度|(?:万|亿)?千瓦时|(?:万|亿)?千瓦|兆瓦时?|万?吨标准煤(?:/万元)?|(?:万|亿)?吨/年|(?:万|亿)吨标煤|(?:万|亿)吨|吨|公斤/亩|公斤|千克|克/平方米|克",
    r"(?:万|亿)?立方米|(?:万|亿)?标立方米|(?:万|亿)?平方米|平方公里|(?:万)?公顷|(?:万)?亩|(?:万)?公里|千米|米|厘米|毫米",
    r"(?:万)?户|(?:万)?辆次|(?:万)?辆|(?:万)?台套|台（套）|台/套|(?:万)?台|套|艘|架|座|家次|家|处|(?:万)?个|个月|项|条|(?:万)?株|(?:万)?套|枚|根|把",
    r"(?:亿|万)?元|(?:万)?人次|(?:万)?人|名|位|次|天|日|年|小时|分钟|分贝|分|倍|度|级|批|支|所|片|块|口|眼|间|例|期|类|页|门|只|头|羽|班|轮|MW|kW|km|h|t",
)
UNIT = re.compile("|".join(_UNITS))
_NUMBER = r"(?<!\d)\d{1,12}(?:,\d{3}){0,4}(?:\.\d{1,6})?(?!\d)"
_CHINESE = (
    r"百分之[零一二三四五六七八九十百点]+|[一二三四五六七八九十百千两]+(?=(?:个百分点|"
    r"微克|毫克|万吨|吨|天|万户|万辆|辆|台|户|家|座|公里|万亩|亩|平方公里|万千瓦))"
)
_QUANTITY = re.compile(
    rf"(?P<a>{_NUMBER})(?:(?P<ua>{UNIT.pattern})?(?:[-—～]|至|到)(?P<b>{_NUMBER}))?|(?P<cn>{_CHINESE})"
)
_MASKS = (
    re.compile(r"[《〈][^》〉]*[》〉]"),
    re.compile(r"<[\u4e00-\u9fff][^>]*>"),
    re.compile(r"[\u4e00-\u9fff]{0,8}[〔（]?(?:19|20)\d{2}[〕）]?第?\d+号"),
    re.compile(r"(?:GB|HJ|DB|JGJ|CJJ|NB|GBZ|HG|JJF|JB|T)(?:\d{2})?(?:/[TZ]|/T)?\s?\d+(?:\.\d+)?(?:[—\-～]\d{4})?"),
    re.compile(r"PM\s?(?:2\.5|10|1)|O3(?:-8h)?|SO2|NO2|NOX|NOx|CO2?|NH3|VOCs|H2S|N2O|CH4|SF6", re.I),
    re.compile(r"第\d+(?:百分位数?)?|\d+百分位数?|日最大\d+小时|最大\d+小时|\d+小时(?:滑动|平均|均值)"),
    re.compile(r"国(?:[ⅠⅡⅢⅣⅤⅥ]|[一二三四五六])|国\d(?=标准|及|排放|以)"),
    re.compile(r"12345|12369|2\+26|5G|\d+[.、](?=[^\d])"),
    re.compile(r"“[^“”]{1,30}”"),
)
# a threshold that describes an object (35蒸吨/小时及以下燃煤锅炉, 超过15年的锅炉) is part of its name
_ATTRIBUTE = re.compile(
    rf"(?:每小时|单台|单机)?{_NUMBER}(?!%)(?:{UNIT.pattern})(?:（含[^）]*）|[及或])?以[上下](?=的?[\u4e00-\u9fff])(?!的?(?:目标|水平|要求|任务|并))|"
    rf"(?:超过|不足|大于|小于|低于|高于|达到|在{_NUMBER}(?:{UNIT.pattern})?(?:至|到|[-—～])){_NUMBER}(?:{UNIT.pattern})(?:[及或]?以[上下])?(?:之间)?的(?!目标|水平|要求|任务)"
)
PURE = re.compile(r"(?:指数|产能比|之比|比值|系数)[^，；。]{0,14}$")  # what is measured in plain numbers
_GOVERNED = re.compile(
    r"(?:达到|达|至|到|为|在|下降|降低|减少|增长|提高|提升|削减|压减|不低于|不高于|不少于|不超过|超过|率|比例|比重|占比)(?:约|近)?$"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit: offsets of the whole and of the unit, and the value (two for a range)."""

    start: int
    end: int
    unit: tuple[int, int] | None
    low: Decimal
    high: Decimal | None = None
    percent_word: bool = False

    @property
    def value(self) -> float | int | list[float | int]:
        """The value as a plain number, or both ends of a range."""
        return plain_number(self.low) if self.high is None else [plain_number(self.low), plain_number(self.high)]


def plain_number(value: Decimal) -> float | int:
    """A JSON number: an integer where the value is whole."""
    return int(value) if value == value.to_integral_value() else float(value)


def masked(text: str) -> str:
    """The text with everything covered that holds digits and is no quantity."""
    cover = [False] * len(text)
    for pattern in _MASKS:
        for match in pattern.finditer(text):
            cover[match.start() : match.end()] = [True] * (match.end() - match.start())
    marks: list[Deadline | Base] = [*deadlines_in(text, 2000), *bases_in(text)]
    for date in marks:
        cover[date.start : date.end] = [True] * (date.end - date.start)
    for bracket in brackets_of(text, "（〔【"):
        if bracket.start == 0 or text[bracket.start - 1] != "/":
            cover[bracket.start : bracket.end] = [True] * (bracket.end - bracket.start)
    shown = "".join(MASK if covered else char for char, covered in zip(text, cover, strict=True))
    for match in _ATTRIBUTE.finditer(shown):
        if not _GOVERNED.search(shown, 0, match.start()):
            shown = shown[: match.start()] + MASK * len(match[0]) + shown[match.end() :]
    return shown


def quantities_in(text: str) -> list[Quantity]:
    """Numbers with units in masked text; a number without one takes the unit of the list it stands in (39、70微克)."""
    found: list[Quantity] = []
    for match in _QUANTITY.finditer(text):
        if not found or match.start() >= found[-1].end:  # the 30 of 吨/（平方公里·30天） is no number of its own
            found.append(_quantity(match, text))
    for index in range(len(found) - 2, -1, -1):
        here, after = found[index], found[index + 1]
        if (
            here.unit is None
            and after.unit
            and text[here.end : after.start] in ("、", "和", "及", "与", "，", "或", "/")
        ):
            found[index] = Quantity(here.start, here.end, after.unit, here.low, here.high)
    return [q for q in found if q.unit or q.percent_word or PURE.search(text, 0, q.start)]


def shifted(quantity: Quantity, by: int) -> Quantity:
    """A quantity of a part of a text, placed in the whole."""
    unit = (quantity.unit[0] + by, quantity.unit[1] + by) if quantity.unit else None
    return replace(quantity, start=quantity.start + by, end=quantity.end + by, unit=unit)


def _quantity(match: re.Match[str], text: str) -> Quantity:
    if match["cn"]:
        written = match["cn"]
        if written.startswith("百分之"):
            return Quantity(match.start(), match.end(), None, _chinese(written[3:]), percent_word=True)
        unit = UNIT.match(text, match.end())
        return Quantity(
            match.start(), unit.end() if unit else match.end(), unit.span() if unit else None, _chinese(written)
        )
    unit = UNIT.match(text, match.end())
    low, high = _decimal(match["a"]), _decimal(match["b"]) if match["b"] else None
    return Quantity(match.start(), unit.end() if unit else match.end(), unit.span() if unit else None, low, high)


def _decimal(written: str) -> Decimal:
    return Decimal(written.replace(",", ""))


def _chinese(written: str) -> Decimal:
    whole, _, places = written.partition("点")
    value = number_of(whole) or 0
    digits = "".join(str(number_of(char) or 0) for char in places)
    return Decimal(f"{value}.{digits}") if digits else Decimal(value)
