"""Forms of marks, notices, orders and their steps. Times are Beijing time to the minute."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django import forms

from lantian import rulebook
from lantian.site.alarms.models import MarkFamily, NoticeKind
from lantian.site.facts.forms import ManyFiles, ManyFilesField
from lantian.stack.validity import MarkRules
from lantian.store.stack.outlets import Outlet
from lantian.work.stack_law import factor_name

FACTORS = ("a34013", "a21026", "a21002", "a19001", "a01011", "a01012", "a01014", "a00000")
_MINUTE = "%Y-%m-%dT%H:%M"
_TIME = {"invalid": "请写成 2025-12-31 08:00。", "required": "请填时间。"}
_LONGEST = timedelta(days=366)


def _when(label: str, **more: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MINUTE)
    return forms.DateTimeField(
        label=label, widget=widget, input_formats=[_MINUTE, "%Y-%m-%d %H:%M"], error_messages=_TIME, **more
    )


def _evidence(label: str = "佐证材料") -> ManyFilesField:
    return ManyFilesField(
        label=label, required=False, widget=ManyFiles(attrs={"multiple": True}),
        help_text="PDF、Word、Excel、图片，每个 50 MB 以内。",
    )  # fmt: skip


class ForAnother(forms.Form):
    """Who told it, when and how, where staff enter it for a company (代填)."""

    for_name = forms.CharField(label="代填：本人姓名", required=False, max_length=60)
    for_time = forms.CharField(label="代填：何时告知", required=False, max_length=60)
    for_means = forms.CharField(label="代填：方式", required=False, max_length=60, help_text="电话、微信、传真等。")

    def __init__(self, *args: Any, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("for_name", "for_time", "for_means"):
            if own:
                del self.fields[name]
            else:
                self.fields[name].required = True

    @property
    def entered_for(self) -> dict[str, str]:
        """The three, as services take them."""
        return {name: self.cleaned_data.get(name, "") for name in ("for_name", "for_time", "for_means")}


class _SpanForm(ForAnother):
    """A span of an outlet."""

    outlet = forms.ChoiceField(label="排放口")

    def __init__(self, outlets: Iterable[Outlet], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outlet"].choices = [("", "请选择"), *((one.code, one.title) for one in outlets)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        start, end = values.get("start"), values.get("end")
        if start and end and end <= start:
            self.add_error("end", "结束时间应晚于开始时间。")
        elif start and end and end - start > _LONGEST:
            self.add_error("end", "时段超过一年，请核对。")
        return values


def mark_labels(day: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Labels of marks by family as a select takes them; the value holds both."""
    rules = rulebook.fill(MarkRules, day)
    return [
        (family.label, [(f"{family.value}:{label}", label) for label in getattr(rules, family.value)])
        for family in MarkFamily
    ]


class MarkForm(_SpanForm):
    """A mark: about the plant's condition or the monitor."""

    factor = forms.ChoiceField(
        label="污染物", required=False, choices=[("", "全部"), *((code, factor_name(code)) for code in FACTORS)]
    )
    label = forms.ChoiceField(label="标记内容")
    start = _when("开始")
    end = _when("结束")
    reason = forms.CharField(label="事由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    evidence = _evidence()
    field_order = ("outlet", "label", "factor", "start", "end", "reason", "evidence")

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._now = now
        self.fields["label"].choices = [("", "请选择"), *mark_labels(now.date())]  # type: ignore[attr-defined]

    def clean_end(self) -> datetime:
        end: datetime = self.cleaned_data["end"]
        if end > self._now + timedelta(days=1):
            raise forms.ValidationError("标记只用于已经发生的时段，将来的请报备。")
        return end

    @property
    def values(self) -> dict[str, Any]:
        """The mark as its service takes it."""
        given = self.cleaned_data
        family, _, label = given["label"].partition(":")
        return {"factor": given["factor"], "family": family, "label": label,
                "start": given["start"], "end": given["end"], "reason": given["reason"].strip()}  # fmt: skip


class NoticeForm(_SpanForm):
    """A notice of an outage, maintenance, start or stop."""

    kind = forms.ChoiceField(label="类别", choices=[("", "请选择"), *NoticeKind.choices])
    start = _when("计划开始")
    end = _when("计划结束")
    reason = forms.CharField(label="事由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    evidence = _evidence()
    field_order = ("outlet", "kind", "start", "end", "reason", "evidence")

    @property
    def values(self) -> dict[str, Any]:
        """The notice as its service takes it."""
        return {name: self.cleaned_data[name] for name in ("kind", "start", "end", "reason")}


class EndForm(forms.Form):
    """When it really ended."""

    ended_at = _when("实际结束")


class AnswerForm(ForAnother):
    """An answer to an alarm."""

    note = forms.CharField(label="原因和措施", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class NoteForm(forms.Form):
    """What was done, or why."""

    note = forms.CharField(label="说明", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class TransferForm(forms.Form):
    """To whom evidence is handed over."""

    recipient = forms.CharField(label="移送单位", max_length=120)
    note = forms.CharField(label="说明", required=False, max_length=300)


class OrderForm(forms.Form):
    """What an order says."""

    title = forms.CharField(label="标题", max_length=120)
    facts = forms.CharField(label="发现的情况", max_length=4000, widget=forms.Textarea(attrs={"rows": 6}))
    demands = forms.CharField(label="办理要求", max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))
    answer_by = forms.DateField(
        label="说明报送期限",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="到当日 24:00。",
    )
    contact = forms.CharField(label="联系人及电话", required=False, max_length=120)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def clean_answer_by(self) -> date:
        day: date = self.cleaned_data["answer_by"]
        if day < self._today:
            raise forms.ValidationError("期限不能早于今天。")
        return day


class SendForm(forms.Form):
    """How the order was issued outside this program."""

    number = forms.CharField(label="文号", max_length=60)
    signer = forms.CharField(label="签发人", max_length=60)
    issued_on = forms.DateField(label="印发日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    scan = forms.FileField(label="扫描件", required=False, help_text="PDF 或图片，可不传。")


class StepForm(ForAnother):
    """A step of an order, with what it needs."""

    note = forms.CharField(label="情况说明", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    evidence = _evidence("附件")
    marks = forms.TypedMultipleChoiceField(
        label="相关标记", required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("note", "marks", "evidence")

    def __init__(
        self, *args: Any, noted: bool, marks: Iterable[tuple[int, str]] = (), attached: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = noted
        choices = list(marks)
        self.fields["marks"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["marks"]
        if not attached:
            del self.fields["evidence"]
