"""The catalogue of checks: every check with its clause, parameters, and the two cases it is tested with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from lantian.basis.period import beijing_date
from lantian.render.columns import Column
from lantian.site import clock
from lantian.site.access import Action, action
from lantian.site.downloads import xlsx

if TYPE_CHECKING:
    from lantian.stack.checks.check import Check

_KINDS = {"2011": "实时", "2051": "分钟", "2061": "小时", "2031": "日", "2021": "设施状态", "2041": "设施日运行"}
_OWNERS = {"main": "主排口", "revised": "重传"}
_FIELDS = {
    "avg": "均值", "min": "最小", "max": "最大", "zs": "折算", "zs_min": "折算最小", "zs_max": "折算最大", "cou": "排放量",
    "flag": "标记", "eflag": "扩充标记", "rs": "状态 RS", "rt": "运行小时 RT", "arrived": "到达", "qn": "请求编码",
    "unread": "原文",
}  # fmt: skip
_NEEDS = {
    "ranges": "量程", "limits": "限值", "reference_o2": "基准含氧量", "duct_area": "烟道截面积", "factors": "应测因子",
    "mn": "设备编号", "bypass_of": "所属主排口", "main": "主排口有数据",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a case: what arrived, for which time and factor, with which values."""

    kind: str
    time: str
    factor: str
    values: str


def _names(day: date) -> dict[str, str]:
    from lantian.work.stack_checks_law import factor_names

    return factor_names(day)


def _rows(case: str, names: dict[str, str]) -> list[Row]:
    from lantian.stack.checks.case import lines

    return [
        Row(
            _OWNERS.get(one.owner, "") + _KINDS[one.cn],
            one.time.replace("~", "—").replace("d", "日后 "),
            names.get(one.factor, one.factor),
            "，".join(f"{_FIELDS.get(name, name)} {value.replace(',', '、')}" for name, value in one.fields.items()),
        )
        for one in lines(case)
    ]


def _shown(one: Check, day: date) -> dict[str, Any]:
    """What the pages say of a check."""
    from lantian.stack.checks.check import FAMILIES, LEVELS
    from lantian.work.stack_checks_law import confidence_of, used_parameters

    names = _names(day)
    return {
        "check": one,
        "family": FAMILIES[one.family].zh,
        "level": LEVELS[one.level].zh,
        "kinds": "、".join(_KINDS[cn] for cn in one.cns),
        "factors": "、".join(names.get(code, code) for code in one.factors) or "全部",
        "needs": "、".join(_NEEDS[name] for name in one.needs),
        "unverified": confidence_of(one, day) != "verified",
        "parameters": used_parameters(one, day),
    }


def _chosen(request: HttpRequest, day: date) -> list[dict[str, Any]]:
    from lantian.stack.checks.catalogue import CATALOGUE

    words = request.GET.get("q", "").strip()[:40].casefold()
    family, level = request.GET.get("family", ""), request.GET.get("level", "")
    found = [
        one
        for one in CATALOGUE.values()
        if (not family or one.family == family)
        and (not level or one.level == level)
        and words in f"{one.code} {one.title.zh} {one.title.en} {one.clause.text.zh}".casefold()
    ]
    return [_shown(one, day) for one in found]


@action(Action.READ_STACK)
def catalogue(request: HttpRequest) -> HttpResponse:
    """All checks, by family and level."""
    from lantian.stack.checks.catalogue import CATALOGUE
    from lantian.stack.checks.check import FAMILIES, LEVELS

    context = {
        "rows": _chosen(request, beijing_date(clock.now())),
        "count": len(CATALOGUE),
        "families": [(key.value, text.zh) for key, text in FAMILIES.items()],
        "levels": [(key.value, text.zh) for key, text in LEVELS.items()],
        "family": request.GET.get("family", ""),
        "level": request.GET.get("level", ""),
        "words": request.GET.get("q", "").strip()[:40],
    }
    return render(request, "stack/catalogue.html", context)


@action(Action.READ_STACK)
def check(request: HttpRequest, code: str) -> HttpResponse:
    """One check with its parameters, its two cases and what it says of the failing one."""
    from lantian.stack.checks.case import evidence, others
    from lantian.stack.checks.catalogue import CATALOGUE
    from lantian.stack.checks.check import hits
    from lantian.work.stack_checks_law import check_parameters

    one = CATALOGUE.get(code)
    if one is None:
        raise Http404(code)
    day = beijing_date(clock.now())
    names = _names(day)
    cases = [
        {
            "title": title,
            "rows": _rows(case, names),
            "others": others(case),
            "hits": [hit.text.zh for hit in hits(one, evidence(case), check_parameters(day), names)],
        }
        for title, case in (("通过的例子", one.passing), ("不通过的例子", one.failing))
    ]
    return render(request, "stack/catalogue_check.html", {**_shown(one, day), "cases": cases})


@action(Action.READ_STACK)
def workbook(request: HttpRequest) -> HttpResponse:
    """The catalogue as a workbook, cases as written."""
    from lantian.render.tables import workbook as made  # openpyxl is loaded when a workbook is asked for

    heads = {
        "code": ("编码", 28), "title": ("名称", 28), "family": ("类别", 12), "level": ("程度", 8), "kinds": ("数据类型", 14),
        "factors": ("因子", 24), "clause": ("依据", 34), "unverified": ("核实情况", 12), "message": ("提示文字", 50),
        "parameters": ("参数", 34), "passing": ("通过的例子", 44), "failing": ("不通过的例子", 44),
    }  # fmt: skip
    rows = []
    for shown in _chosen(request, beijing_date(clock.now())):
        one = shown["check"]
        rows.append(
            {
                **{key: shown[key] for key in ("family", "level", "kinds", "factors")},
                "code": one.code,
                "title": one.title.zh,
                "clause": one.clause.text.zh,
                "unverified": "未核实依据" if shown["unverified"] else "已核实",
                "message": one.message.zh,
                "parameters": "；".join(f"{used.key}={used.value}" for used in shown["parameters"]),
                "passing": one.passing,
                "failing": one.failing,
            }
        )
    columns = [Column(key, *told) for key, told in heads.items()]
    notes = ["检查未通过只是线索，须由人核实；阈值多为本程序自定，写在规则库 stack/checks。"]
    return xlsx(made("检查目录", columns, rows, notes=notes), "污染源数据检查目录.xlsx")
