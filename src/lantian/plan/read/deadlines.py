"""Dates by which something is to be done, and base years things are compared with, as a plan writes them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lantian.plan.read.numerals import NUMERAL, number_of

_FIVE = {"十二五": 2015, "十三五": 2020, "十四五": 2025, "十五五": 2030, "十六五": 2035}
_Y = r"(?:19|20)\d{2}"
_TO = r"(?:至|到|[-—～]+)"
_QUARTER = {"一": "03", "二": "06", "三": "09", "四": "12", "1": "03", "2": "06", "3": "09", "4": "12"}
_BASE = re.compile(
    rf"(?P<how>以|比|较|与|同|在|相比|相较于?|对比|按)?(?P<year>{_Y})年(?P<after>同期水平|同期|基础上|的基础上|相比|水平|为基准年?|为基[数期年]|实际值|现状值|均值)?"
)
_FORMS: tuple[tuple[str, str], ...] = (
    (
        "days",
        rf"(?P<y>{_Y})年(?P<m>\d{{1,2}})月(?P<d>\d{{1,2}})日{_TO}(?:(?P<y2>{_Y})年|次年|翌年)?(?P<m2>\d{{1,2}})月(?P<d2>\d{{1,2}})日(?:期间)?",
    ),
    ("span", rf"(?P<y>{_Y})年(?P<m>\d{{1,2}}){_TO}(?P<m2>\d{{1,2}})月(?:份)?(?:期间)?"),
    (
        "months",
        rf"(?P<y>{_Y})年(?P<m>\d{{1,2}})月(?:份)?{_TO}(?:(?P<y2>{_Y})年|次年|翌年)?(?P<m2>\d{{1,2}})月(?:份)?(?:底|末)?(?:前)?(?:期间)?",
    ),
    ("years", rf"(?P<y>{_Y})年?{_TO}(?P<y2>{_Y})年(?:秋冬季|采暖季|期间)?"),
    (
        "day",
        rf"(?:到|至|截至|于|自|从)?(?P<y>{_Y})年(?P<m>\d{{1,2}})月(?P<d>\d{{1,2}})日(?P<tail>起|以后|之前|以前|前)?",
    ),
    (
        "month",
        rf"(?:到|至|截至|于|自|从)?(?P<y>{_Y})年(?P<m>\d{{1,2}})月(?:份)?(?:上旬|中旬|下旬|底|末)?(?P<tail>起|以后|之前|以前|前)?",
    ),
    ("half", rf"(?:到|至|于)?(?P<y>{_Y})年上半年(?:底|末)?前?"),
    ("quarter", rf"(?:到|至|于)?(?P<y>{_Y})年(?:第)?(?P<q>[一二三四1-4])季度(?:底|末)?前?"),
    ("end", rf"(?:到|至|截至|于)?(?P<y>{_Y})年(?:年底|年末|底|末)(?:以前|之前|前)?"),
    ("from", rf"(?:自|从)?(?P<y>{_Y})年(?:度)?(?:起|开始|以后|之后)"),
    ("year", rf"(?:到|至|截至|于)?(?P<y>{_Y})年(?:度|全年|内|期间|采暖季|供暖季|取暖季|秋冬季)?(?:以前|之前|前)?"),
    ("five", r"(?:到|至|力争)?[“\"]?(?P<five>十[二三四五六]五)[”\"]?(?:规划)?(?:期末|时期末|末期|末|期间|时期|以来)?"),
    (
        "every",
        rf"每(?:{NUMERAL}|\d)?(?:个)?(?:年|季度|季|半年|月|周|日|旬)(?:度)?(?:\d{{1,2}}月(?:\d{{1,2}}日|底|末|初)?(?:前|底前|起)?)?",
    ),
    ("bare", r"(?<![\d年—～至-])(?P<m>\d{1,2})月(?:份)?(?:(?P<d>\d{1,2})日|底|末|上旬|中旬|下旬)?(?:以前|之前|前)"),
    (
        "effort",
        rf"(?:经过|通过|力争|用)(?:{NUMERAL}|\d)年(?:左右)?(?:时间)?(?:的)?(?:不懈|持续|共同)?(?:的)?努力|(?:{NUMERAL}|\d)年内",
    ),
    ("thisyear", r"(?:今年|本年度?)(?:底|年底|末|内)?(?:前)?|年底前|年内|全年"),
)


def _named(name: str, form: str) -> str:
    """A form whose groups bear the form's name, so that all forms stand in one pattern."""
    return f"(?P<F{name}>" + re.sub(r"\(\?P<(\w+)>", rf"(?P<{name}_\1>", form) + ")"


_PATTERN = re.compile("|".join(_named(name, form) for name, form in _FORMS))


@dataclass(frozen=True, slots=True)
class Deadline:
    """A date in a text: where it stands, its value (2025, 2025-12, 2024-10-01/2025-03-31, 2027起, 每年), its first year."""

    start: int
    end: int
    value: str | None
    year: int | None
    kind: str


@dataclass(frozen=True, slots=True)
class Base:
    """A base year that a value is compared with."""

    start: int
    end: int
    year: int


def bases_in(text: str) -> list[Base]:
    """Base years: 比2020年, 较2015年, 在2020年基础上, 与2020年相比."""
    found = []
    for match in _BASE.finditer(text):
        how, after = match["how"] or "", match["after"] or ""
        if how in ("比", "较", "与", "同", "相比", "相较", "相较于", "对比") or after:
            found.append(Base(match.start(), match.end(), int(match["year"])))
    return found


def deadlines_in(text: str, plan_year: int | None = None, last_year: int | None = None) -> list[Deadline]:
    """Dates by which or from which something holds, base years left out, in order.

    ``plan_year`` is the one year a plan is for: then “10月底前” and “年底前” are dates too; ``last_year`` its last:
    then “经过三年努力” is a date.
    """
    taken = [(base.start, base.end) for base in bases_in(text)]
    found = []
    for match in _PATTERN.finditer(text):
        if any(match.start() < end and match.end() > start for start, end in taken):
            continue
        deadline = _made(match, plan_year, last_year)
        if deadline:
            found.append(deadline)
    return found


def says_by(text: str, date: Deadline) -> bool:
    """Whether a date says by when something is to be done (到2020年, 2020年底前): then it is never a fact of the past."""
    return text[date.start] in "到至" or text[date.end - 1] == "前"


def by_date(text: str, date: Deadline) -> bool:
    """Whether a date in a clause says by when, and not what kind (巩固“十三五”成果, 2019年浓度超过70的镇)."""
    if date.kind == "five":
        return date.start == 0 or text[date.start] in "到至" or text[date.end - 1] in "末间"
    return date.kind != "year" or date.start <= 4 or text[date.start] in "到至截" or text[date.end - 1] in "前内"


def _made(match: re.Match[str], plan_year: int | None, last_year: int | None) -> Deadline | None:
    kind = next(name for name, _ in _FORMS if match[f"F{name}"] is not None)

    def part(name: str) -> str:
        return match.groupdict().get(f"{kind}_{name}") or ""

    year = int(part("y")) if part("y") else plan_year
    value: str | None
    if kind == "five":
        year = _FIVE[part("five")]
        value = str(year)
    elif kind == "every":
        year, value = None, match[0]
    elif kind == "effort":
        year, value = last_year, str(last_year) if last_year else None
    elif kind in ("bare", "thisyear"):
        value = None if year is None else (f"{year}-{int(part('m')):02d}" if kind == "bare" else f"{year}")
    else:
        value = _dated(kind, part, year or 0)
    if value is None:
        return None
    return Deadline(match.start(), match.end(), value, year, kind)


def _dated(kind: str, part: Callable[[str], str], year: int) -> str:
    month = f"{int(part('m')):02d}" if part("m") else ""
    if kind == "days":
        return f"{year}-{month}-{int(part('d')):02d}/{_later(part, year)}-{int(part('m2')):02d}-{int(part('d2')):02d}"
    if kind in ("months", "span"):
        return f"{year}-{month}/{_later(part, year)}-{int(part('m2')):02d}"
    if kind == "years":
        return f"{year}-{part('y2')}"
    if kind == "day":
        return f"{year}-{month}-{int(part('d')):02d}{_from(part)}"
    if kind == "month":
        return f"{year}-{month}{_from(part)}"
    if kind == "half":
        return f"{year}-06"
    if kind == "quarter":
        return f"{year}-{_QUARTER[part('q')]}"
    if kind == "end":
        return f"{year}-12"
    return f"{year}起" if kind == "from" else str(year)


def _from(part: Callable[[str], str]) -> str:
    return "起" if part("tail") in ("起", "以后") else ""


def _later(part: Callable[[str], str], year: int) -> int:
    if part("y2"):
        return int(part("y2"))
    return year + (int(part("m2")) < int(part("m")))


def every_count(text: str) -> int | None:
    """The number in 每两年, 每3年; 1 where none is written."""
    match = re.match(rf"每({NUMERAL}|\d)?(?:个)?年", text)
    return None if not match else (number_of(match[1]) if match[1] else 1)
