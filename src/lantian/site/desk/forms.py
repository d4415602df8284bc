"""Forms of the duty desk."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from lantian.site.access import TABLE, Action
from lantian.site.desk.days import FIRST_YEAR, LAST_YEAR
from lantian.site.people.models import User
from lantian.work.air_rules import index_rule

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_FAR = "请核对年份。"
_NEAR = (
    MinValueValidator(date(FIRST_YEAR, 1, 1), _FAR),
    MaxValueValidator(date(LAST_YEAR, 12, 31), _FAR),
)


class RosterPasteForm(forms.Form):
    """A roster pasted from a table or a message."""

    text = forms.CharField(
        label="粘贴值班表",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 7, "placeholder": "2025-10-16\t带班领导\t值班人员\t值班电话"}),
        help_text="每行一天，依次为：日期、带班领导、值班人员、电话，用制表符或逗号分开；可直接从 Excel 复制。",
    )


class RosterDayForm(forms.Form):
    """One day of the roster."""

    day = forms.DateField(label="日期", widget=_DATE, validators=_NEAR)
    leader = forms.CharField(label="带班领导", max_length=60, required=False)
    officer = forms.CharField(label="值班人员", max_length=120)
    phone = forms.CharField(label="值班电话", max_length=60, required=False)


class ForecastForm(forms.Form):
    """Head of a forecast: who issued it, and whether it was officially published."""

    issuer = forms.CharField(label="发布单位", max_length=60)
    official = forms.BooleanField(
        label="该预报已由发布单位正式发布",
        required=False,
        help_text="只有正式发布的预报才写入日报；未勾选的只在值班台上显示。",
    )


class ForecastDayForm(forms.Form):
    """One day of a forecast; a day without a category is left out."""

    day = forms.DateField(widget=forms.HiddenInput)
    category_low = forms.ChoiceField(label="级别", required=False)
    category_high = forms.ChoiceField(label="至", required=False)
    aqi_low = forms.IntegerField(label="AQI", min_value=0, max_value=500, required=False)
    aqi_high = forms.IntegerField(label="至", min_value=0, max_value=500, required=False)
    primary = forms.CharField(label="首要污染物", max_length=60, required=False)
    diffusion = forms.CharField(label="扩散条件", max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        names = categories(self.initial["day"])
        for field in ("category_low", "category_high"):
            self.fields[field].choices = [("", "—"), *((name, name) for name in names)]  # type: ignore[attr-defined]
        self._names = names

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        low, high = values.get("category_low"), values.get("category_high")
        if not low and any(
            values.get(name) not in (None, "") for name in values if name not in ("day", "category_low")
        ):
            self.add_error("category_low", "请选择级别；这一天不预报时，其余各栏也留空。")
        if low and high and self._names.index(high) < self._names.index(low):
            self.add_error("category_high", "级别范围应由轻到重，例如：良 至 轻度污染。")
        first, last = values.get("aqi_low"), values.get("aqi_high")
        if first is None and last is not None:
            self.add_error("aqi_low", "请先填写 AQI 下限；只有一个数时填在前一格。")
        if first is not None and last is not None and last < first:
            self.add_error("aqi_high", "AQI 上限小于下限，请核对。")
        return values


def categories(day: date) -> tuple[str, ...]:
    """Names of the AQI categories of the edition that holds on a day, from clean to dirty."""
    return tuple(category.zh for category in index_rule(day).categories)


class ProvinceForm(forms.Form):
    """The province's table of a period, pasted or as a workbook."""

    first = forms.DateField(label="起始日期", widget=_DATE, validators=_NEAR)
    last = forms.DateField(label="截止日期", widget=_DATE, validators=_NEAR)
    source = forms.CharField(label="来源", max_length=200, help_text="文件名、文号或群消息的出处。")
    text = forms.CharField(
        label="粘贴表格",
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="从 Excel 连表头一起复制。认得的列：城市、排名、PM2.5、优良天数比率、综合指数；其他列略过。",
    )
    file = forms.FileField(label="或选择 xlsx 文件", required=False, help_text="只读第一张工作表，不超过 2 MB。")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("first") and values.get("last") and values["first"] > values["last"]:
            self.add_error("last", "截止日期早于起始日期，请核对。")
        file = values.get("file")
        if not file and not values.get("text"):
            self.add_error("text", "请粘贴表格或选择文件。")
        if file and file.size > 2 * 2**20:
            self.add_error("file", "文件超过 2 MB。全省各市数据表通常只有几十行，请另存只含该表的工作簿。")
        return values


class LogForm(forms.Form):
    """A note for the log."""

    text = forms.CharField(
        label="记录", max_length=2000, widget=forms.Textarea(attrs={"rows": 2, "aria-label": "记录"})
    )
    is_matter = forms.BooleanField(label="待办事项，办结前一直列出", required=False)


class ReasonForm(forms.Form):
    """A reason, or what was done."""

    reason = forms.CharField(label="说明", max_length=200)


class HandOverForm(forms.Form):
    """To whom the duty is handed over."""

    taker = forms.ModelChoiceField(label="接班人", queryset=User.objects.none(), empty_label="请选择")
    note = forms.CharField(
        label="交班说明", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="未办结的事项自动列入交接，不必重抄。",
    )  # fmt: skip

    def __init__(self, *args: Any, giver: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keepers = [role.value for role, actions in TABLE.items() if Action.KEEP_DESK in actions]
        self.fields["taker"].queryset = User.objects.filter(  # type: ignore[attr-defined]
            role__in=keepers, is_active=True
        ).exclude(pk=giver.pk)
