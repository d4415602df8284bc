"""Pictures of a measured target: the sparkline in the margin and the figure on its page."""

from __future__ import annotations

from fractions import Fraction

from lantian.basis.finding import Text
from lantian.plan.state.compare import unit_symbol
from lantian.plan.state.model import TargetState
from lantian.render.sparkline import Line, Step, sparkline, year_figure
from lantian.site.living.words import english, said
from lantian.work.states_air import YearLine

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_RUNNING = {
    "pm25_annual_mean": Text("年内累计均值", "running mean of the year"),
    "good_day_ratio": Text("年内累计优良天数比率", "running share of good days"),
    "heavy_pollution_days": Text("年内累计重污染天数", "heavy-pollution days so far in the year"),
}


def running_title(metric: str | None) -> str:
    """What the lines of a metric show."""
    return said(_RUNNING.get(metric or "", Text("年内累计值", "running value of the year")))


def small(state: TargetState, lines: tuple[YearLine, ...], metric: str | None) -> str:
    """Sparkline: this year's running value, last year's behind it, the limit."""
    return sparkline(_lines(lines), _limit(state, ""), title=_title(lines, metric))


def large(state: TargetState, lines: tuple[YearLine, ...], metric: str | None) -> str:
    """Figure of the year with its limit named by whose it is, and the expected end."""
    months = _MONTHS if english() else tuple(f"{number}月" for number in range(1, 13))
    whose = Text("年度目标", "issued") if state.plan_limit_text else Text("方案规定", "plan")
    label = f"{said(state.limit_text)} {said(whose)}"
    return year_figure(
        _lines(lines),
        _limit(state, label),
        title=_title(lines, metric),
        unit=said(unit_symbol(state.unit)),
        months=months,
    )


def _title(lines: tuple[YearLine, ...], metric: str | None) -> str:
    years = "、".join(str(line.year) for line in lines)
    gap = " " if english() else "："
    return f"{running_title(metric)}{gap}{years}"


def _lines(lines: tuple[YearLine, ...]) -> list[Line]:
    return [
        Line(str(line.year), line.points, "now" if at == len(lines) - 1 else "before") for at, line in enumerate(lines)
    ]


def _limit(state: TargetState, label: str) -> list[Step]:
    if state.limit is None or state.comparator == "range":
        return []
    return [Step(1, 366, float(Fraction(state.limit.replace("−", "-"))), label)]
