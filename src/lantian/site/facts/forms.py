"""The form of one entry: only the fields its item can have."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from lantian.basis.units import UNITS, unit_of
from lantian.rulebook.plans import Item, Plan, Target
from lantian.site.facts.models import Claim, Entry

ENTERED_FOR = ("for_name", "for_time", "for_means")


class ManyFiles(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files; the view hands each to the one function for uploads."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return list(data) if isinstance(data, list | tuple) else [data] if data else []


class EntryForm(forms.Form):
    """One entry; ``values`` holds its fields once it is valid."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    county = forms.ChoiceField(label="县（市）区", required=False)
    on = forms.DateField(
        label="截至日期", widget=forms.DateInput(attrs={"type": "date"}), help_text="数据或情况截至哪一天。",
        error_messages={"required": "请填截至日期。", "invalid": "请写成 2025-12-31。"},
    )  # fmt: skip
    value = forms.DecimalField(
        label="数值", required=False, max_digits=18, decimal_places=6, min_value=Decimal(0),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"invalid": "请只写数字。", "min_value": "数值不能为负，下降幅度写正数。", "max_decimal_places": "小数最多 6 位。"},
    )  # fmt: skip
    unit = forms.ChoiceField(label="单位", required=False)
    share = forms.DecimalField(
        label="完成比例（%）", required=False, min_value=Decimal(0), max_value=Decimal(100), decimal_places=3, max_digits=6,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={"invalid": "请写 0 到 100 之间的数。", "max_value": "不能超过 100。", "min_value": "不能为负。"},
    )  # fmt: skip
    state = forms.ChoiceField(
        label="填报状态", required=False, choices=[("", "不填，由程序按数值判断"), *Claim.choices]
    )
    note = forms.CharField(label="说明", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    source = forms.CharField(
        label="数据来源",
        max_length=200,
        help_text="文号、统计报表或台账名称。",
        error_messages={"required": "请填数据来源。"},
    )
    evidence = ManyFilesField(
        label="佐证材料",
        required=False,
        widget=ManyFiles(attrs={"multiple": True}),
        help_text="PDF、Word、Excel、图片，每个 50 MB 以内。",
    )
    for_name = forms.CharField(label="代填：本人姓名", required=False, max_length=60, help_text="替别人填报时写。")
    for_time = forms.CharField(label="代填：何时告知", required=False, max_length=60)
    for_means = forms.CharField(label="代填：方式", required=False, max_length=60, help_text="电话、微信、传真等。")

    def __init__(
        self, plan: Plan, item: Item, counties: list[tuple[str, str]], *args: Any, latest: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.item, self.latest = item, latest
        self.values: dict[str, Any] = {}
        self.fields["county"].choices = counties  # type: ignore[attr-defined]
        if len(counties) == 1:
            self.fields["county"].widget = forms.HiddenInput()
            self.fields["county"].initial = counties[0][0]
        self.numeric = isinstance(item, Target) and item.kind != "completion"
        self.completion = isinstance(item, Target) and item.kind == "completion"
        if not self.numeric:
            del self.fields["value"], self.fields["unit"]
        else:
            self._unit_choices()
            self.fields["value"].required = True
            self.fields["value"].error_messages["required"] = "请填数值。"
            del self.fields["share"]
        if isinstance(item, Target) is False:
            del self.fields["share"]
            self.fields["state"].choices = [("", "—"), *Claim.choices]  # type: ignore[attr-defined]

    def _unit_choices(self) -> None:
        own = (self.item.unit or "") if isinstance(self.item, Target) else ""
        known = unit_of(own) if own else None
        same = [unit for unit in UNITS.values() if known and unit.dimension == known.dimension]
        choices = [(unit.id, unit.symbol or "（无单位）") for unit in same] or [(own, own or "（无单位）")]
        choices.sort(key=lambda choice: choice[0] != (known.id if known else own))
        self.fields["unit"].choices = choices  # type: ignore[attr-defined]

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > self.latest:
            raise forms.ValidationError(f"截至日期不能晚于今天（{self.latest}）。")
        return on

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.completion and given.get("share") is None and not given.get("state") and not self.errors:
            self.add_error("share", "请填完成比例，或选择填报状态。")
        if not isinstance(self.item, Target) and not given.get("state") and not self.errors:
            self.add_error("state", "请选择填报状态。")
        parts = [given.get(key, "") for key in ENTERED_FOR]
        if any(parts) and not all(parts):
            self.add_error("for_name", "代填要同时写明姓名、时间和方式。")
        keys = ("on", "value", "unit", "state", "share", "note", "source")
        self.values = {key: given.get(key) for key in keys}
        for key in ("unit", "state", "note", "source"):
            self.values[key] = self.values[key] or ""
        self.values["entered_for"] = "，".join(parts) if all(parts) else ""
        return given


def initial(entry: Entry) -> dict[str, Any]:
    """Initial values of the form for an entry that is corrected."""
    values: dict[str, Any] = {
        key: getattr(entry, key) for key in ("on", "unit", "state", "note", "source", "county", "version")
    }
    values["on"] = entry.on.isoformat()
    values["value"] = None if entry.value is None else format(entry.value.normalize(), "f")
    values["share"] = None if entry.share is None else format(entry.share.normalize(), "f")
    parts = entry.entered_for.split("，")
    if len(parts) == len(ENTERED_FOR):
        values |= dict(zip(ENTERED_FOR, parts, strict=True))
    return values
