"""Forms of the board: a recorded basis, days taken out (one by one or pasted), a draft of a report of doubt."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from lantian.air.item import PRINTED
from lantian.basis.determination import DUST, VALUES
from lantian.basis.period import Days
from lantian.rulebook.dated import TOTAL_FROM
from lantian.rulebook.plans import Plan
from lantian.site.board.models import ExcludedDays
from lantian.store.air import plain_city
from lantian.work.air_basis import (
    EDITION_WORDS,
    STATIONS_WORDS,
    VALIDITY_WORDS,
    items_to_take_out,
)
from lantian.work.air_board_budgets import METRIC_NAMES
from lantian.work.states_air import METRICS

MOST_DECIMALS = 3
MOST_DAYS = 31  # of one entry: a process of dust lasts days; longer is a slip


def _date() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ReasonForm(forms.Form):
    """Why a record is withdrawn."""

    reason = forms.CharField(label="撤回原因", max_length=300, error_messages={"required": "请写明撤回的原因。"})


class DecisionForm(forms.Form):
    """A basis somebody decided; the program only records it."""

    subject = forms.ChoiceField(label="用于")
    values_kind = forms.ChoiceField(label="数据")
    dust = forms.ChoiceField(label="沙尘")
    edition = forms.ChoiceField(label="标准版本")
    stations = forms.ChoiceField(label="站点")
    decimals = forms.IntegerField(
        label="保留小数位数",
        min_value=0,
        max_value=MOST_DECIMALS,
        help_text="修约一次后与目标比较；重污染天数总是整数。",
    )
    validity = forms.ChoiceField(label="有效性")
    assessor = forms.CharField(label="考核单位", max_length=120, help_text="由谁考核，例如 省生态环境厅。")
    document = forms.CharField(label="文件（文号）", max_length=120)
    decided_by = forms.CharField(label="决定人", max_length=60, help_text="姓名或职务；与文号一起显示在目标页面上。")
    decided_on = forms.DateField(label="决定日期", widget=_date())
    reason = forms.CharField(label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, plan: Plan, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        words = {
            "values_kind": VALUES, "dust": DUST, "edition": EDITION_WORDS, "stations": STATIONS_WORDS,
            "validity": VALIDITY_WORDS,
        }  # fmt: skip
        for name, known in words.items():
            self.fields[name].choices = [(key, word.zh) for key, word in known.items()]  # type: ignore[attr-defined]
        self.fields["subject"].choices = subjects(plan)  # type: ignore[attr-defined]

    def clean_decided_on(self) -> date:
        return _not_later(self.cleaned_data["decided_on"], self.today)


def subjects(plan: Plan) -> list[tuple[str, str]]:
    """What a basis can be decided for: a metric as a whole, or one target (those that are the same stand once)."""
    whole = [(metric, f"{METRIC_NAMES[metric].zh}（本方案全部目标）") for metric in METRICS]
    single = [
        (target.id, f"{target.id} {target.indicator.zh}")
        for target in plan.targets
        if target.metric in METRICS and not target.same_as
    ]
    return [*whole, *single]


def subject_name(plan: Plan, subject: str) -> str:
    """The words of a subject; one the plan no longer has stands as it is."""
    return dict(subjects(plan)).get(subject, subject)


class ExcludedForm(forms.Form):
    """Days taken out by a decision that came from above."""

    place = forms.ChoiceField(label="城市或县（市）区")
    first = forms.DateField(label="起", widget=_date())
    last = forms.DateField(label="止", widget=_date(), required=False, help_text="只有一天时可不填。")
    items = forms.MultipleChoiceField(label="项目", widget=forms.CheckboxSelectMultiple)
    kind = forms.ChoiceField(label="类别", choices=ExcludedDays.KINDS)
    decided_by = forms.CharField(label="决定单位", max_length=120, help_text="沙尘扣除由中国环境监测总站认定。")
    document = forms.CharField(label="文号", max_length=120)
    decided_on = forms.DateField(label="决定日期", widget=_date())
    note = forms.CharField(label="备注", max_length=300, required=False)

    def __init__(self, plan: Plan, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["place"].choices = [(one, one) for one in places(plan)]  # type: ignore[attr-defined]
        items = items_to_take_out(Days(today, today))
        self.fields["items"].choices = [(item, PRINTED[item]) for item in items]  # type: ignore[attr-defined]
        self.fields["items"].initial = list(items)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("first"), values.get("last") or values.get("first")
        values["last"] = last
        if first and last:
            for field, reason in check_days(first, last, self.today):
                self.add_error(field, reason)
        return values

    def clean_decided_on(self) -> date:
        return _not_later(self.cleaned_data["decided_on"], self.today)


class ExcludedFileForm(forms.Form):
    """The scan of the decision beside its days."""

    file = forms.FileField(label="文件扫描件", required=False, help_text="可不传；PDF、Word、图片，50 MB 以内。")


class ExcludedPasteForm(forms.Form):
    """Several days taken out, pasted from a table."""

    text = forms.CharField(
        label="粘贴表格（连同表头）",
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 6, "placeholder": "地点\t起\t止\t项目\t类别\t决定单位\t文号\t决定日期"}),
        help_text="列：地点、起、止、项目（PM10、PM2.5）、类别（沙尘或其他）、决定单位、文号、决定日期、备注。有一行不对就一行也不登记。",
    )


class DoubtForm(forms.Form):
    """A draft of a report of doubt; the program keeps it and never sends it."""

    addressee = forms.CharField(label="报送单位", max_length=120, help_text="省级监测中心的全称。")
    stations = forms.CharField(label="站点", max_length=200, help_text="站点名称和编号，多个用顿号分开。")
    first = forms.DateField(label="起", widget=_date())
    last = forms.DateField(label="止", widget=_date(), required=False)
    hours = forms.CharField(label="具体时段", max_length=120, required=False, help_text="例如 03:00 至 09:00。")
    phenomenon = forms.CharField(
        label="现象",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="只写看到的现象和与周边站的对比，不写结论。",
    )
    attachment = forms.CharField(
        label="附数据",
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="可粘贴小时值表格；城市日均值由程序自动附在稿后。",
    )
    request = forms.CharField(label="请求", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    contact = forms.CharField(label="联系人及电话", max_length=120, required=False)

    def __init__(self, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values["last"] = values.get("last") or values.get("first")
        if values.get("first") and values.get("last"):
            for field, reason in check_days(values["first"], values["last"], self.today):
                self.add_error(field, reason)
        return values


def places(plan: Plan) -> list[str]:
    """The plan's city and its counties, by the names their days are kept under."""
    return [plain_city(plan.cities[0]), *(plain_city(county.zh) for county in plan.counties)]


def check_days(first: date, last: date, today: date) -> list[tuple[str, str]]:
    """What is wrong with a run of days: field and reason."""
    if last < first:
        return [("last", "截止日期早于起始日期，请核对。")]
    if first < TOTAL_FROM:
        return [("first", f"起始日期早于 {TOTAL_FROM}，请核对年份。")]
    if last > today:
        return [("last", f"日期晚于今天（{today}），请核对年份。")]
    if len(Days(first, last)) > MOST_DAYS:
        return [("last", f"一次最多 {MOST_DAYS} 天，请核对；确实更长时分几条登记。")]
    return []


def _not_later(day: date, today: date) -> date:
    if day > today:
        raise forms.ValidationError(f"日期晚于今天（{today}），请核对年份。")
    if day < TOTAL_FROM:
        raise forms.ValidationError(f"日期早于 {TOTAL_FROM}，请核对年份。")
    return day
