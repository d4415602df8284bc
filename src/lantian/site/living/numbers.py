"""Numbers of a measured target or of a metric: the air behind it, its months, its days, and both as files."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.http import Http404, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from lantian.basis.finding import Text
from lantian.basis.period import Days
from lantian.plan.state.compare import unit_symbol
from lantian.render.columns import Column
from lantian.render.csv_table import csv_of
from lantian.rulebook import NoRuleError
from lantian.rulebook.plans import Plan
from lantian.site import clock
from lantian.site.downloads import CSV, download, xlsx
from lantian.site.living.kept import Kept
from lantian.site.living.selectors import Seen
from lantian.site.living.words import said
from lantian.store.air import AirReader
from lantian.work.air_basis import YearBasis
from lantian.work.states_air import CityAir, city_air
from lantian.work.why import Why, why

SIMULATED = Text("模拟数据", "simulated data")
_AIR: Kept[tuple[Plan, CityAir | None]] = Kept(4)


def air_of(view: Seen, basis: YearBasis | None = None) -> CityAir | None:
    """Days of the plan's city on a basis, else the default; read once for a version of the data."""
    reader = AirReader(settings.DATA)
    _plan, air = _AIR.get(view.version, lambda: (view.plan, city_air(view.plan.cities, reader, view.as_of)))
    return air.on(basis) if air and basis else air


def explained(view: Seen, metric: str, days: Days, basis: YearBasis | None = None) -> Why | None:
    """The explanation of a metric on a basis; None where the city has no days at all.

    Errors  Http404 for a period before the rulebook begins
    """
    air = air_of(view, basis)
    if air is None:
        return None
    try:
        return why(air, metric, days, clock.now())
    except NoRuleError as error:
        raise Http404(str(error)) from error


def asked_days(asked: QueryDict, as_of: date) -> Days:
    """The period of an address (from, until); by default the year up to ``as_of``.

    Errors  Http404 for what is no date or no period
    """
    try:
        last = min(date.fromisoformat(str(asked["until"])), as_of) if asked.get("until") else as_of
        first = date.fromisoformat(str(asked["from"])) if asked.get("from") else date(last.year, 1, 1)
    except ValueError as error:
        raise Http404(str(error)) from error
    if first > last:
        raise Http404(f"{first} > {last}")
    return Days(first, last)


def day_columns(answer: Why) -> list[Column]:
    """Heads of the table of days."""
    return [
        Column("day", _("日期")),
        Column("value", _("日均值（µg/m³）")),
        Column("aqi", "AQI"),
        Column("counts", _("计入")),
    ]


def file_of_days(kind: str, answer: Why, name: str) -> HttpResponse:
    """The days behind a figure as CSV or xlsx; the file itself says what it is, and whether it is simulated.

    Errors  Http404 for another kind
    """
    from lantian.render.tables import workbook  # openpyxl is loaded when a workbook is asked for

    rows: list[dict[str, object]] = [
        {"day": row.day, "value": row.value, "aqi": row.aqi, "counts": _tick(row.counts)} for row in answer.days
    ]
    made = answer.determination
    notes = [
        f"{said(answer.title)} {made.value or '—'} {said(unit_symbol(made.unit))} · {made.period.label()}",
        " · ".join(made.editions),
        _("输入摘要") + f" {made.inputs}",
        *([said(SIMULATED)] if answer.simulated else []),
    ]
    columns = day_columns(answer)
    if kind == "xlsx":
        numbers = [row | {"value": None if row["value"] is None else float(str(row["value"]))} for row in rows]
        return xlsx(workbook(said(answer.title), columns, numbers, notes=notes), f"{name}.xlsx")
    if kind == "csv":
        return download(csv_of(columns, rows, notes), CSV, f"{name}.csv")
    raise Http404(kind)


def _tick(counts: bool | None) -> str:
    return "" if counts is None else _("是") if counts else _("否")
