"""Comparators of targets: how a figure meets a limit, and how both are written.

``about`` (左右) leaves room the document does not measure. The state is judged at the value itself, in the direction in
which the figure is meant to move, and a note says so; only a recognition entered by a person settles it otherwise.
"""

from __future__ import annotations

from fractions import Fraction

from lantian.basis.exact import plain_text, rounded, text_of
from lantian.basis.finding import Text
from lantian.basis.units import UNITS, unit_of
from lantian.plan.state.model import Limit

ABOUT = "≈"
DONE = ("all", "basically_all", "done")
SIGNS = {"<=": "≤", "<": "<", ">=": "≥", ">": ">", "=": "=", ABOUT: "≈"}
ABOUT_NOTE = Text(
    "原文为“左右”，没有规定容差：状态按数值本身判断，是否视为完成由考核方认定。",
    "The text says “about” without a tolerance: judged at the value itself; whether it counts is for the assessor.",
)
_DONE_WORDS = {
    "all": Text("全部完成", "all"),
    "basically_all": Text("基本完成", "basically all"),
    "done": Text("完成", "done"),
}
BASICALLY_NOTE = Text(
    "原文为“基本”，没有规定比例：是否完成由责任单位报告、考核方认定。",
    "The text says “basically” without a share: completion is reported by the body and recognised by the assessor.",
)


def meets(value: Fraction, limit: Limit, places: int | None = None, *, lower_is_better: bool = False) -> bool:
    """Whether a figure meets a limit; rounded once to ``places`` first where given.

    Rule    GB/T 8170, comparison of rounded values (修约值比较法)
    Errors  ValueError for a comparator without a number, or a limit without a value
    """
    if limit.value is None:
        raise ValueError("a limit without a value is not compared")
    shown = value if places is None else Fraction(rounded(value, places), 10**places)
    match limit.comparator:
        case "<=":
            return shown <= limit.value
        case "<":
            return shown < limit.value
        case ">=":
            return shown >= limit.value
        case ">":
            return shown > limit.value
        case "=":
            return shown == limit.value
        case "≈":
            return shown <= limit.value if lower_is_better else shown >= limit.value
        case "range":
            return limit.value <= shown and (limit.upper is None or shown <= limit.upper)
    raise ValueError(f"comparator {limit.comparator!r} compares no number")


def number(value: Fraction, places: int | None = None) -> str:
    """Decimal text: rounded to ``places``, or as short as the exact value allows (at most six places)."""
    if places is not None:
        text = text_of(rounded(value, places), places)
    else:
        text = plain_text(rounded(value, 6), 6)
    return text.replace("-", "−")


def unit_symbol(unit: str) -> Text:
    """How a unit is printed after a figure; what is not in the list is printed as written."""
    known = UNITS.get(unit) or unit_of(unit)
    if known is None:
        return Text(unit, unit)
    english = {"d": "days", "a": "years", "pp": "percentage points"}.get(known.id)
    return Text(known.symbol, english or known.symbol)


def with_unit(text: str, unit: str) -> Text:
    """Figure and unit; per cent stands close, other units after a space."""
    symbol = unit_symbol(unit)
    english = symbol.en.removesuffix("s") if text == "1" and symbol.en in ("days", "years") else symbol.en
    return Text(f"{text}{_gap(symbol.zh)}{symbol.zh}", f"{text}{_gap(english)}{english}")


def _gap(symbol: str) -> str:
    return "" if symbol in ("", "%") else " "


def limit_text(comparator: str, value: Fraction | None, upper: Fraction | None, unit: str) -> Text:
    """A limit as it is printed: ≤ 28 µg/m³, 40–70%, 基本完成; 待下达 where the number is issued elsewhere."""
    if comparator in DONE:
        return _DONE_WORDS[comparator]
    if value is None:
        return Text("待下达", "to be issued")
    if comparator == "range":
        return with_unit(f"{number(value)}–{number(upper)}" if upper is not None else f"≥ {number(value)}", unit)
    return with_unit(f"{SIGNS[comparator]} {number(value)}", unit)
