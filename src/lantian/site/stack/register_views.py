"""The register of outlets: list, workbook, entry, change, closing; devices that report and nobody registered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from lantian.basis.period import BEIJING, beijing_date
from lantian.render.columns import Column
from lantian.site import clock
from lantian.site.access import Action, Scope, action, scope_of
from lantian.site.downloads import xlsx
from lantian.site.stack import services
from lantian.site.stack.forms import OutletForm
from lantian.site.stack.models import Outlet
from lantian.site.stack.places import county_names
from lantian.site.stack.selectors import register_of
from lantian.site.year.views import user_of
from lantian.store.stack.inbox import devices
from lantian.store.stack.outlets import is_simulated
from lantian.work.stack_limits import limit_sets

_ON_PAGE = 100
HELD = {"open": "在用", "closed": "已关闭", "all": "全部"}
_COLUMNS = [
    Column("code", "排放口编号", 18), Column("company", "企业名称", 24), Column("name", "排放口名称", 18), Column("county", "县（市）区", 12),
    Column("mn", "MN", 28), Column("operator", "运维单位", 20), Column("kind", "设施类别", 14), Column("limit_set", "执行标准", 30),
    Column("limits", "许可和地方限值", 40), Column("ultra_low", "超低排放", 9), Column("reference_o2", "基准氧 %", 9),
    Column("longitude", "经度", 10), Column("latitude", "纬度", 10), Column("key_emitter", "重点排污单位", 10),
    Column("running_from", "投运日期", 12), Column("closed_on", "关闭日期", 12),
]  # fmt: skip


@action(Action.READ_STACK)
def outlets(request: HttpRequest) -> HttpResponse:
    """The register as it stands, filtered; staff also see devices that nobody registered."""
    rows, asked = _asked(request)
    every = scope_of(request.user, Action.READ_STACK) is Scope.ALL
    context: dict[str, Any] = {
        "asked": asked,
        "page": Paginator(rows, _ON_PAGE).get_page(request.GET.get("page")),
        "counties": list(county_names().items()),
        "county_names": county_names(),
        "held": list(HELD.items()),
        "any": register_of(request.user).exists(),
        "sets": {key: text.zh for key, text in limit_sets().items()},
        "unregistered": unregistered() if every else [],
    }
    return render(request, "stack/outlets.html", context)


def _asked(request: HttpRequest) -> tuple[list[Outlet], dict[str, str]]:
    county, held, text = (
        request.GET.get("county", ""),
        request.GET.get("held", "open"),
        request.GET.get("q", "").strip(),
    )
    held = held if held in HELD else "open"
    found = register_of(request.user).prefetch_related("limits")
    if county in county_names():
        found = found.filter(region=county)
    today = beijing_date(clock.now())
    rows = [
        one
        for one in found
        if text.casefold() in f"{one.code} {one.company} {one.name} {one.operator} {one.mn} {one.kind}".casefold()
        and (held == "all" or (one.closed_on is not None and one.closed_on < today) == (held == "closed"))
    ]
    return rows, {"county": county, "held": held, "q": text}


def unregistered() -> list[dict[str, Any]]:
    """Devices that sent good frames and stand in no register, the latest first."""
    known = set(Outlet.objects.exclude(mn="").values_list("mn", flat=True))
    every = devices(settings.DATA)
    found = [one for one in every if one.mn not in known and not one.accepted and not is_simulated(one.mn)]
    return [
        {"mn": one.mn, "frames": one.frames, "last": datetime.fromtimestamp(one.last_at / 1e6, BEIJING)}
        for one in sorted(found, key=lambda one: -one.last_at)
    ]


@action(Action.READ_STACK)
def workbook(request: HttpRequest) -> HttpResponse:
    """The list as a workbook; no secret is in it."""
    from lantian.render.tables import workbook as made  # openpyxl is loaded when a workbook is asked for

    rows, _ = _asked(request)
    sets, names = limit_sets(), county_names()
    cells = [
        {
            **{
                column.key: getattr(one, column.key, None)
                for column in _COLUMNS
                if column.key not in ("county", "limits")
            },
            "county": names.get(one.region, one.region),
            "limit_set": sets[one.limit_set].zh if one.limit_set in sets else one.limit_set,
            "limits": "；".join(
                f"{limit.factor} {limit.hour or limit.day} {limit.source}" for limit in one.limits.all()
            ),
            "ultra_low": "是" if one.ultra_low else "",
            "key_emitter": "是" if one.key_emitter else "",
        }
        for one in rows
    ]
    notes = ["含模拟数据"] if any(one.simulated for one in rows) else []
    return xlsx(made("排放口登记", _COLUMNS, cells, notes=notes), f"排放口登记 {beijing_date(clock.now())}.xlsx")


@action(Action.KEEP_STACK)
def add(request: HttpRequest) -> HttpResponseBase:
    """A new outlet; the first real one ends the simulated ones."""
    form = OutletForm(request.POST or None, initial={"mn": request.GET.get("mn", "")[:40], "interval_minutes": 1})
    if request.method == "POST" and form.is_valid():
        now, user = clock.now(), user_of(request)
        try:
            outlet = services.register(form.values, form.cleaned_data["limits"], by=user, now=now)
        except services.RegisterError as error:
            form.add_error(None, str(error))
        else:
            gone = services.clear_simulated(by=user, now=now)
            messages.success(request, f"已登记：{outlet}。" + (f"模拟排放口 {gone} 个已移除。" if gone else ""))
            return redirect("stack:outlet", code=outlet.code)
    simulated = Outlet.objects.filter(simulated=True).exists()
    context = {"form": form, "outlet": None, "simulated": simulated}
    return render(request, "stack/outlet_form.html", context, status=400 if form.errors else 200)


@action(Action.KEEP_STACK)
def change(request: HttpRequest, code: str) -> HttpResponseBase:
    """What the register says of an outlet, and its limits."""
    outlet = get_object_or_404(Outlet, code=code)
    form = OutletForm(request.POST or None, instance=outlet)
    if request.method == "POST" and form.is_valid():
        now, user = clock.now(), user_of(request)
        outlet = Outlet.objects.get(pk=outlet.pk)  # the form has written into its own copy
        changes = {
            name: value for name, value in form.values.items() if name != "code" and value != getattr(outlet, name)
        }
        try:
            if changes:
                services.change(outlet, changes, by=user, now=now)
            if "limits" in form.changed_data:
                services.set_limits(outlet, form.cleaned_data["limits"], by=user, now=now)
        except services.RegisterError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"已保存：{outlet}。")
            return redirect("stack:outlet", code=outlet.code)
    return render(
        request, "stack/outlet_form.html", {"form": form, "outlet": outlet}, status=400 if form.errors else 200
    )


@action(Action.KEEP_STACK)
@require_POST
def close(request: HttpRequest, code: str) -> HttpResponseBase:
    """Closes an outlet from today on, or takes a closing back."""
    outlet, now = get_object_or_404(Outlet, code=code), clock.now()
    if outlet.closed_on is None:
        services.close(outlet, beijing_date(now), by=user_of(request), now=now)
        messages.success(request, f"已关闭：{outlet}。数据保留，可以恢复。")
    else:
        services.reopen(outlet, by=user_of(request), now=now)
        messages.success(request, f"已恢复：{outlet}。")
    return redirect("stack:outlet_change", code=code)
