"""The device of an outlet: when it was last seen, what was found about it, commands to it and how they went."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from lantian.basis.finding import Refusal
from lantian.basis.period import BEIJING
from lantian.gateway.client import ask, status
from lantian.site import clock
from lantian.site.access import Action, action, scope_of
from lantian.site.journal.services import register, write
from lantian.site.stack.forms import CommandForm
from lantian.site.stack.outlet_views import outlet_of
from lantian.site.year.views import user_of
from lantian.store.stack.commands import DeviceCommand, commands
from lantian.store.stack.inbox import devices
from lantian.store.stack.outlets import Outlet
from lantian.store.stack.quarantine import quarantined

register({"stack.command_asked": "向数采仪下达命令"})

STATES = {
    "waiting": "等待数采仪上线", "sent": "已发出", "accepted": "数采仪已接受", "done": "完成", "refused": "数采仪拒绝", "failed": "执行失败",
    "unanswered": "没有应答", "overdue": "没有返回结果", "withdrawn": "已取消",
}  # fmt: skip
_WORDS = dict(CommandForm.CHOICES)
_SHOWN = 50


@action(Action.READ_STACK)
def page(request: HttpRequest, code: str) -> HttpResponseBase:
    """The device's page; POST sends a command."""
    outlet = outlet_of(request, code)
    if not outlet.mn:
        raise Http404(code)
    may = scope_of(request.user, Action.KEEP_STACK) is not None
    form = CommandForm(request.POST if request.method == "POST" and may else None)
    if form.is_bound and form.is_valid():
        try:
            number = ask(settings.DATA, outlet.mn, form.cleaned_data["cn"], fields_of(form), by=str(user_of(request)))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            after = {"command": number, "cn": form.cleaned_data["cn"], **fields_of(form)}
            write("stack.command_asked", outlet.title[:200], by=user_of(request), now=clock.now(), after=after)
            messages.success(request, "命令已下达，结果显示在下面的记录里。")
            return redirect("stack:outlet_device", code=code)
    context: dict[str, Any] = {
        "outlet": outlet,
        "device": next((one for one in devices(settings.DATA) if one.mn == outlet.mn), None),
        "seen": _seen(outlet),
        "gateway": status(settings.DATA),
        "form": form if may else None,
        "commands": [_command(one) for one in commands(settings.DATA, mn=outlet.mn, most=_SHOWN)],
        "kept_aside": list(_kept_aside(outlet)),
    }
    return render(request, "stack/device.html", context, status=400 if form.errors else 200)


def fields_of(form: CommandForm) -> dict[str, str]:
    """The data area a command needs."""
    values, cn = form.cleaned_data, form.cleaned_data["cn"]
    if cn in ("2061", "2051", "2031"):
        return {"BeginTime": _stamp(values["begin"]), "EndTime": _stamp(values["end"])}
    if cn == "1062":
        return {"RtdInterval": str(values["interval"])}
    if cn == "1064":
        return {"MinInterval": str(values["interval"])}
    return {}


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(BEIJING):%Y%m%d%H%M%S}"


def _seen(outlet: Outlet) -> dict[str, datetime]:
    found = next((one for one in devices(settings.DATA) if one.mn == outlet.mn), None)
    if found is None:
        return {}
    return {"first": _at(found.first_at), "last": _at(found.last_at)}


def _at(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / 1e6, BEIJING)


def _command(one: DeviceCommand) -> dict[str, Any]:
    return {
        "word": _WORDS.get(one.cn, one.cn),
        "fields": "，".join(f"{name}={value}" for name, value in one.fields.items()),
        "state": STATES.get(one.state, one.state),
        "asked_at": _at(one.asked_at),
        "ended_at": _at(one.ended_at) if one.ended_at else None,
        "by": one.asked_by,
        "tries": one.tries,
        "result": one.result,
    }


def _kept_aside(outlet: Outlet) -> Iterator[dict[str, Any]]:
    for one in islice(quarantined(settings.DATA, None, mn=outlet.mn, most=_SHOWN), _SHOWN):
        yield {
            "at": _at(one.received_at),
            "raw": one.raw[:300].decode("utf-8", "backslashreplace"),
            "reasons": "；".join(str(told["zh"]) for told in one.findings),
        }
