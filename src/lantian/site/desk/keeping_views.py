"""What the desk is filled with by hand: roster, forecast, the province's table."""

from __future__ import annotations

from datetime import date, timedelta

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from lantian.basis.finding import Refusal
from lantian.basis.period import Days
from lantian.site import clock, configured, uploads
from lantian.site.access import Action, action
from lantian.site.desk import selectors
from lantian.site.desk.days import day_or_404
from lantian.site.desk.forms import ForecastDayForm, ForecastForm, ProvinceForm, RosterDayForm, RosterPasteForm
from lantian.site.desk.models import Forecast, ProvinceTable, RosterDay
from lantian.site.desk.province import CityRow, Read, read_text, read_xlsx
from lantian.site.desk.services import forecast as forecast_services
from lantian.site.desk.services import province as province_services
from lantian.site.desk.services import roster as roster_services
from lantian.site.desk.views import viewer


@action(Action.READ_DESK)
def roster(request: HttpRequest) -> HttpResponse:
    """Who is on duty, a week at a time."""
    first = _monday(request.GET.get("week"))
    return render(
        request, "desk/roster.html", _roster(first, RosterPasteForm(), RosterDayForm(initial=_one_day(request)))
    )


@action(Action.KEEP_DESK)
@require_POST
def paste_roster(request: HttpRequest) -> HttpResponseBase:
    """Takes a pasted roster; lines that cannot be used are named."""
    form = RosterPasteForm(request.POST)
    if not form.is_valid():
        return render(request, "desk/roster.html", _roster(_monday(None), form, RosterDayForm()))
    lines, findings = roster_services.read_lines(form.cleaned_data["text"], clock.duty_day().year)
    changed = roster_services.set_days(lines, by=viewer(request), now=clock.now())
    for finding in findings:
        messages.warning(request, f"{finding.place}未采用：{finding.text.zh}。")
    messages.success(request, f"值班表已更新 {changed} 天。")
    return _to_week(lines[0].day if lines else clock.duty_day())


@action(Action.KEEP_DESK)
@require_POST
def set_roster_day(request: HttpRequest) -> HttpResponseBase:
    """Writes or corrects one day, or takes it off the roster."""
    form = RosterDayForm(request.POST)
    if not form.is_valid():
        first = _monday(str(form.cleaned_data.get("day") or ""))
        return render(request, "desk/roster.html", _roster(first, RosterPasteForm(), form))
    values = form.cleaned_data
    if "remove" in request.POST:
        if RosterDay.objects.filter(region=configured.plan().region, day=values["day"]).exists():
            roster_services.remove_day(values["day"], by=viewer(request), now=clock.now())
            messages.success(request, f"{values['day']} 的值班安排已删去，操作日志留有原内容。")
        else:
            messages.info(request, f"{values['day']} 没有值班安排。")
    else:
        roster_services.set_days([roster_services.RosterLine(**values)], by=viewer(request), now=clock.now())
        messages.success(request, f"{values['day']} 的值班安排已保存。")
    return _to_week(values["day"])


@action(Action.KEEP_DESK)
@require_POST
def repeat_week(request: HttpRequest) -> HttpResponseBase:
    """Fills the empty days of a week as the week before."""
    first = _monday(request.POST.get("week"))
    try:
        changed = roster_services.repeat_week(first, by=viewer(request), now=clock.now())
    except Refusal as refusal:
        messages.error(request, f"{refusal}。")
    else:
        messages.success(request, f"已按上周安排填入 {changed} 天，原有的安排未改动。")
    return _to_week(first)


@action(Action.READ_DESK)
def forecast(request: HttpRequest) -> HttpResponse:
    """The forecast of the duty day as it stands, earlier issues, and the form where one may write."""
    today, region = clock.duty_day(), configured.plan().region
    issue = Forecast.objects.filter(region=region, issued_on=today).prefetch_related("days").first()
    last = Forecast.objects.filter(region=region).first()
    head = ForecastForm(initial={"issuer": (issue or last).issuer if (issue or last) else "",  # type: ignore[union-attr]
                                 "official": issue.official if issue else False})  # fmt: skip
    return render(request, "desk/forecast.html", _forecast(head, _day_forms(today, issue), issue))


@action(Action.KEEP_DESK)
@require_POST
def set_forecast(request: HttpRequest) -> HttpResponseBase:
    """Writes or corrects the forecast issued on the duty day."""
    today = clock.duty_day()
    head = ForecastForm(request.POST)
    days = [ForecastDayForm(request.POST, prefix=day.isoformat(), initial={"day": day}) for day in _ahead(today)]
    if not all([head.is_valid(), *(form.is_valid() for form in days)]):
        return render(request, "desk/forecast.html", _forecast(head, days, None))
    lines = [forecast_services.ForecastLine(**form.cleaned_data) for form in days if form.cleaned_data["category_low"]]
    if not lines:
        head.add_error(None, "三天都没有级别。至少填写一天；要撤回已录入的预报请点“撤回”。")
        return render(request, "desk/forecast.html", _forecast(head, days, None))
    values = head.cleaned_data
    forecast_services.set_forecast(
        today, values["issuer"], lines, official=values["official"], by=viewer(request), now=clock.now()
    )
    messages.success(request, f"预报已保存（{len(lines)} 天）。")
    return redirect("desk:desk")


@action(Action.KEEP_DESK)
@require_POST
def remove_forecast(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Takes an issue back."""
    issue = get_object_or_404(Forecast, pk=pk, region=configured.plan().region)
    forecast_services.remove_forecast(issue, by=viewer(request), now=clock.now())
    messages.success(request, "预报已撤回，操作日志留有原内容。")
    return redirect("desk:forecast")


@action(Action.READ_DESK)
def province(request: HttpRequest) -> HttpResponse:
    """Tables of the province kept so far, and the form to paste one."""
    as_of = clock.as_of()
    form = ProvinceForm(initial={"first": as_of.replace(month=1, day=1), "last": as_of})
    return render(request, "desk/province.html", _province(form))


@action(Action.KEEP_DESK)
@require_POST
def keep_province(request: HttpRequest) -> HttpResponseBase:
    """Takes a pasted or uploaded table; rows left out are named with their reason."""
    form = ProvinceForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "desk/province.html", _province(form))
    values = form.cleaned_data
    try:
        read = _workbook(values["file"]) if values["file"] else read_text(values["text"])
    except Refusal as refusal:
        form.add_error("file" if values["file"] else "text", f"{str(refusal).removesuffix('。')}。")
        return render(request, "desk/province.html", _province(form))
    table = province_services.keep_table(
        values["first"], values["last"], values["source"], read, by=viewer(request), now=clock.now()
    )
    if selectors.place_in(table) is None:
        city = configured.plan().cities[0]
        messages.warning(request, f"表中没有“{city}”，值班台不显示位次。请核对城市列。")
    messages.success(request, f"已录入 {len(read.rows)} 个城市，{len(read.findings)} 行未采用。")
    return redirect("desk:province_table", pk=table.pk)


def _workbook(file: UploadedFile[bytes]) -> Read:
    """The table of an uploaded workbook, which is one and does not unpack to a mountain."""
    uploads.sniffed(file, uploads.safe_name(file.name or ""), {"xlsx"})
    file.seek(0)
    return read_xlsx(file.read())


@action(Action.READ_DESK)
def province_table(request: HttpRequest, pk: int) -> HttpResponse:
    """One table with its rows and what was left out."""
    table = get_object_or_404(ProvinceTable.objects.select_related("by"), pk=pk, region=configured.plan().region)
    rows = [CityRow(**row) for row in table.rows]
    context = {"table": table, "rows": rows, "standing": selectors.place_in(table)}
    return render(request, "desk/province_table.html", context)


@action(Action.KEEP_DESK)
@require_POST
def withdraw_province(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Takes a table back."""
    table = get_object_or_404(ProvinceTable, pk=pk, region=configured.plan().region)
    province_services.withdraw_table(table, by=viewer(request), now=clock.now())
    messages.success(request, "已撤回，不再计入值班台。")
    return redirect("desk:province")


def _roster(first: date, paste: Form, one: Form) -> dict[str, object]:
    return {
        "week": selectors.roster_week(first, configured.plan().region),
        "first": first,
        "before": first - timedelta(days=7),
        "after": first + timedelta(days=7),
        "today": clock.duty_day(),
        "paste": paste,
        "one": one,
    }


def _one_day(request: HttpRequest) -> dict[str, object]:
    """First values of the form of one day: the day asked for, with what stands there."""
    asked = request.GET.get("day")
    day = day_or_404(asked) if asked else clock.duty_day()
    row = RosterDay.objects.filter(region=configured.plan().region, day=day).first()
    return {"day": day, **({"leader": row.leader, "officer": row.officer, "phone": row.phone} if row else {})}


def _monday(text: str | None) -> date:
    day = day_or_404(text) if text else clock.duty_day()
    return day - timedelta(days=day.weekday())


def _to_week(day: date) -> HttpResponseBase:
    answer = redirect("desk:roster")
    answer["Location"] += f"?week={day - timedelta(days=day.weekday())}"
    return answer


def _ahead(today: date) -> Days:
    return Days(today, today + timedelta(days=selectors.FORECAST_DAYS - 1))


def _day_forms(today: date, issue: Forecast | None) -> list[ForecastDayForm]:
    known = {row.day: row for row in issue.days.all()} if issue else {}
    names = ("category_low", "category_high", "aqi_low", "aqi_high", "primary", "diffusion")
    return [
        ForecastDayForm(
            prefix=day.isoformat(),
            initial={"day": day, **({name: getattr(known[day], name) for name in names} if day in known else {})},
        )
        for day in _ahead(today)
    ]


def _forecast(head: ForecastForm, days: list[ForecastDayForm], issue: Forecast | None) -> dict[str, object]:
    earlier = Forecast.objects.filter(region=configured.plan().region).select_related("by").prefetch_related("days")
    return {"head": head, "days": days, "issue": issue, "earlier": earlier[:14], "today": clock.duty_day()}


def _province(form: ProvinceForm) -> dict[str, object]:
    tables = ProvinceTable.objects.filter(region=configured.plan().region).select_related("by")[:50]
    return {"form": form, "tables": [(table, selectors.place_in(table)) for table in tables]}
