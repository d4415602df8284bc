"""A pollutant over time: days or months of a period beside last year's, limits of the time, years and their trend."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from fractions import Fraction

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from lantian.air.item import ITEMS, PRINTED
from lantian.basis.exact import rounded_text
from lantian.render.columns import Column
from lantian.render.csv_table import csv_of
from lantian.render.trend_svg import trend_svg, years_svg
from lantian.site.access import Action, action
from lantian.site.ambient.asking import Asked, asked, offered
from lantian.site.ambient.drawn import Page, drawn
from lantian.site.ambient.figures import series_of
from lantian.site.downloads import CSV, download, figure_file, xlsx
from lantian.store.air import AirReader
from lantian.work.air_periods import Period, words
from lantian.work.air_series import Series, Step
from lantian.work.air_unverified import LIMITS, STATISTICS, unverified, unverified_notes
from lantian.work.duty import symbol

DAYS_AS_DAYS = 100  # longer periods are drawn by month unless days are asked for
Item = StrEnum("Item", {item.upper(): item for item in ITEMS})  # type: ignore[misc]
ORDER = ("pm25", "pm10", "so2", "no2", "o3_8h", "co")  # as daily reports list them
RULES = (*LIMITS, *STATISTICS)
STEPS = {Step.DAY: "逐日", Step.MONTH: "逐月"}


@action(Action.READ_AIR)
def trend(request: HttpRequest) -> HttpResponse:
    """One pollutant of one place over a period."""
    return drawn(request, "ambient/trend.html", lambda: _trend(asked(request)))


def _trend(found: Asked) -> Page:
    shown, period = _series(found)
    context = {
        "asked": found,
        "series": shown,
        "period": period,
        "last_words": words(shown.last_days),
        "unit": symbol(shown.item),
        "figure": figure(shown, period),
        "years_figure": _years(shown),
        "limits": [(one, limit_text(one.value)) for one in shown.limits],
        "items": [(item, PRINTED[item]) for item in ORDER],
        "steps": [(step.value, name) for step, name in STEPS.items()],
        "unverified": unverified(RULES, period.days),
        "offered": offered(found.last),
        "chosen": found.text("period") or period.text,
    }
    title = f"{found.place.title} {shown.name} 趋势"
    return Page(title, "趋势", "模拟数据" if _simulated(found) else "", context, found.status)


@action(Action.READ_AIR)
def trend_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The series as a workbook, CSV or drawing."""
    found = asked(request)
    shown, period = _series(found)
    if found.errors:
        raise Http404("; ".join(found.errors.values()))
    name = f"{found.place.title}{shown.name}{period.words}"
    made: dict[str, Callable[[], HttpResponse]] = {
        "svg": lambda: figure_file(figure(shown, period), name, _notes(found, shown, period)),
        "csv": lambda: download(
            csv_of(_columns(shown), _rows(shown), _notes(found, shown, period)), CSV, f"{name}.csv"
        ),
        "xlsx": lambda: _xlsx(shown, _notes(found, shown, period), name),
    }
    if kind not in made:
        raise Http404(kind)
    return made[kind]()


def _series(found: Asked) -> tuple[Series, Period]:
    period = found.period()
    item = found.choice("item", Item, Item("pm25"))
    usual = Step.DAY if len(period.days) <= DAYS_AS_DAYS else Step.MONTH
    step = found.choice("step", Step, usual)
    return series_of(found.place.name, item.value, period.days, step), period


def figure(shown: Series, period: Period) -> str:
    """The inline figure of a series."""
    middle = [point.days.first + timedelta(days=len(point.days) // 2) for point in shown.points]
    names = [f"{one.last.year} 年" if one.first.year == one.last.year else "" for one in (shown.days, shown.last_days)]
    if not all(names):
        names = ["本时段", "去年同期"]
    return trend_svg(
        (names[0], [(day, _float(p.value)) for day, p in zip(middle, shown.points, strict=True)]),
        (
            f"{shown.last_days.last.year} 年",
            [(day, _float(p.last)) for day, p in zip(middle, shown.points, strict=True)],
        ),
        [(one.days, float(one.value), f"{limit_text(one.value)} {one.edition}") for one in shown.limits],
        shown.days,
        title=f"{shown.name} {shown.statistic} {period.words}",
        unit=symbol(shown.item),
    )


def _years(shown: Series) -> str:
    values = [(one.year, _float(one.value)) for one in shown.long.years]
    return years_svg(
        values, title=f"{shown.name} {shown.long.statistic}", unit=symbol(shown.item), label=shown.long.statistic
    )


def limit_text(value: Fraction) -> str:
    """A limit as it is written: whole numbers without decimals."""
    return str(value.numerator) if value.denominator == 1 else rounded_text(value, 1)


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _simulated(found: Asked) -> bool:
    return AirReader(settings.DATA).simulated(found.place.name)


# ---- files


def _columns(shown: Series) -> list[Column]:
    head = f"{shown.statistic}（{symbol(shown.item)}）"
    return [
        Column("first", "日期" if shown.step is Step.DAY else "月份起"), Column("last_day", "止"),
        Column("value", f"{shown.name} {head}", 22), Column("last", "去年同期", 14),
        Column("limit", "二级限值", 12), Column("edition", "限值依据", 16), Column("over", "高于限值", 10),
    ]  # fmt: skip


def _rows(shown: Series) -> list[dict[str, object]]:
    return [
        {"first": p.days.first, "last_day": p.days.last, "value": p.text, "last": p.last_text,
         "limit": None if p.limit is None else limit_text(p.limit), "edition": p.edition,
         "over": None if p.over is None else "是" if p.over else "否"}
        for p in shown.points
    ]  # fmt: skip


def _notes(found: Asked, shown: Series, period: Period) -> list[str]:
    notes = [
        f"{found.place.title} {shown.name} {shown.statistic} {period.words}；实况，未经审核；统计按 {shown.edition}"
    ]
    return [*notes, *(["模拟数据"] if _simulated(found) else []), *unverified_notes(RULES, period.days)]


def _xlsx(shown: Series, notes: list[str], name: str) -> HttpResponse:
    from lantian.render.tables import workbook  # openpyxl is loaded when a workbook is asked for

    numbers = ("value", "last", "limit")
    rows = [row | {key: None if row[key] is None else float(str(row[key])) for key in numbers} for row in _rows(shown)]
    return xlsx(workbook("趋势", _columns(shown), rows, notes=notes), f"{name}.xlsx")
