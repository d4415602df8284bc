"""Files of one outlet: records as CSV, hours with their verdicts as a workbook, a curve as a picture."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from lantian.basis.period import DAY
from lantian.render.columns import Column
from lantian.render.csv_table import csv_of
from lantian.rulebook.sources import source_text
from lantian.site.access import Action, action
from lantian.site.downloads import CSV, download, figure_file, xlsx
from lantian.site.stack.outlet_views import PERIODS, asked_of, drawn
from lantian.site.stack.places import factor_word
from lantian.stack.reasons import REASONS
from lantian.store.stack import verdicts
from lantian.store.stack.records import by_field
from lantian.work.stack_curve import curves, span_records

_SIMULATED = "模拟数据"


@action(Action.READ_STACK)
def records_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The records shown, a line for each field, as they were sent."""
    asked = asked_of(request, code)
    rows = by_field(span_records(settings.DATA, asked.outlet, asked.days, asked.cn))
    columns = [Column(name, name) for name in rows.columns]
    notes = [_SIMULATED] if asked.outlet.simulated else []
    name = f"{asked.outlet.code} {PERIODS[asked.cn]}值 {asked.days.label()}.csv".replace("/", "至")
    return download(csv_of(columns, rows.iter_rows(named=True), notes), CSV, name)


@action(Action.READ_STACK)
def verdicts_xlsx(request: HttpRequest, code: str) -> HttpResponse:
    """Verdicts of the hours shown."""
    from lantian.render.tables import workbook  # openpyxl is loaded when a workbook is asked for

    asked = asked_of(request, code)
    first, until = datetime.combine(asked.days.first, time()), datetime.combine(asked.days.last, time()) + DAY
    columns = [
        Column("start", "小时（起）", 18), Column("factor", "因子", 12), Column("minutes", "有效分钟", 9), Column("valid", "有效", 7),
        Column("measured", "实测 mg/m³", 12), Column("converted", "折算 mg/m³", 12), Column("limit", "限值 mg/m³", 10),
        Column("exceeded", "高于限值", 9), Column("state", "标记期", 9), Column("mass", "排放量 kg", 12), Column("marks", "标记", 16),
        Column("reasons", "说明", 40), Column("source", "限值依据", 28), Column("inputs", "输入摘要", 20),
    ]  # fmt: skip
    rows = [_row(one) for one in verdicts.hours(settings.DATA, first, until, outlet=asked.outlet.code)]
    notes = [f"{asked.outlet.title} {asked.days.label()}；标记期结束前不计为超标；限值和规则未核实的见排放口页"]
    notes += [_SIMULATED] if asked.outlet.simulated else []
    return xlsx(
        workbook("小时判定", columns, rows, notes=notes), f"{asked.outlet.code} 小时判定 {asked.days.first}.xlsx"
    )


def _row(one: verdicts.HourVerdict) -> dict[str, Any]:
    return {
        "start": f"{one.start:%Y-%m-%d %H:%M}",
        "factor": factor_word(one.factor, one.start.date()),
        "minutes": one.minutes,
        "valid": "是" if one.valid else "否",
        "measured": one.measured,
        "converted": one.converted,
        "limit": one.limit,
        "exceeded": {True: "是", False: "否", None: "不判定"}[one.exceeded],
        "state": "未结束" if one.state == "open" else "已结束",
        "mass": one.mass_kg,
        "marks": "、".join(one.marks),
        "reasons": "；".join(REASONS[code].zh if code in REASONS else code for code in one.reasons),
        "source": source_text(one.source).zh,
        "inputs": one.inputs[:16],
    }


@action(Action.READ_STACK)
def curve_svg(request: HttpRequest, code: str, factor: str) -> HttpResponse:
    """One curve as a picture to be kept."""
    asked = asked_of(request, code)
    found = curves(span_records(settings.DATA, asked.outlet, asked.days, asked.cn), asked.days, asked.cn)
    if factor not in found:
        raise Http404(factor)
    notes = [asked.outlet.title, f"{PERIODS[asked.cn]}值"] + ([_SIMULATED] if asked.outlet.simulated else [])
    name = f"{asked.outlet.code} {factor} {asked.days.first}"
    return figure_file(drawn(found[factor], asked), name, notes)
