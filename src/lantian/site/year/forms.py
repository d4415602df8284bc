"""The form of one row of a year, made from the same columns and checks as the imported table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from lantian.render.columns import Column
from lantian.rulebook.plans import Plan
from lantian.site.year.checking import check
from lantian.site.year.columns import COLUMNS, lists

_LONG = {"text", "note", "bodies", "counties"}
_SEVERAL = {"bodies", "counties"}


class RowForm(forms.Form):
    """One row; ``values`` holds what it means once it is valid."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, kind: str, plan: Plan, *args: Any, new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.plan = kind, plan
        self.values: dict[str, Any] = {}
        choices = lists(plan, kind)
        for column in COLUMNS[kind]:
            if column.key != "state":
                self.fields[column.key] = _field(column, choices, plan)
        if kind == "target":
            self.fields["file"] = forms.FileField(
                label="文件扫描件", required=False, help_text="可不传；PDF、Word、图片，50 MB 以内。"
            )
            if new:
                self.fields["replace"] = forms.BooleanField(
                    label="以新文件替代原下达值",
                    required=False,
                    help_text="同一目标已有在用的值时勾选；原值保留在历史中。",
                )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        checked = check(self.kind, self.plan, {key: _text(given.get(key)) for key in self._keys()})
        for key, reason in checked.reasons.items():
            if key not in self.errors:
                self.add_error(key if key in self.fields else None, reason)
        self.values = checked.values
        return given

    def _keys(self) -> list[str]:
        return [column.key for column in COLUMNS[self.kind] if column.key in self.fields]


def initial(kind: str, plan: Plan, row: Any) -> dict[str, Any]:
    """Initial values of the form for a row that exists."""
    values: dict[str, Any] = {column.key: getattr(row, column.key, "") for column in COLUMNS[kind]}
    names = {body.id: body.zh for body in plan.bodies.values()}
    counties = {county.code: county.zh for county in plan.counties}
    if "bodies" in values:
        values["lead"] = names.get(values["lead"], values["lead"])
        values["bodies"] = [names.get(body, body) for body in values["bodies"]]
        values["counties"] = [counties.get(code, code) for code in values["counties"]]
    if "value" in values:
        values["value"] = format(values["value"].normalize(), "f")
    if values.get("county"):
        values["county"] = counties.get(values["county"], values["county"])
    if values.get("document_date"):
        values["document_date"] = values["document_date"].isoformat()
    if values.get("deadline"):
        values["deadline"] = values["deadline"].isoformat()
    return {**values, "version": row.version}


def cells_of(kind: str, plan: Plan, row: Any) -> Mapping[str, Any]:
    """Cells of a row as template and export show them."""
    values = initial(kind, plan, row)
    for key in _SEVERAL & values.keys():
        values[key] = "、".join(values[key])
    if kind == "task":
        values["state"] = row.get_state_display()
        values["deadline"] = row.deadline
    if "value" in values:
        values["value"] = row.value.normalize()
    return values


def _field(column: Column, choices: dict[str, list[tuple[str, str]]], plan: Plan) -> forms.Field:
    options: dict[str, Any] = {"label": column.head, "required": column.needed, "help_text": column.hint}
    options["error_messages"] = {"required": f"请填{column.head}。"}
    if column.key in _SEVERAL:
        names = [body.zh for body in plan.bodies.values()] if column.key == "bodies" else [c.zh for c in plan.counties]
        options["help_text"] = "按住 Ctrl 可选多个。"
        return forms.MultipleChoiceField(
            choices=[(name, name) for name in names],
            widget=forms.SelectMultiple(attrs={"size": min(6, len(names) or 1)}),
            **options,
        )
    if column.choices and column.strict and column.choices in choices:
        blank = "全市" if column.key == "county" and not column.needed else "—"
        return forms.ChoiceField(
            choices=[("", blank), *(_option(column, one) for one in choices[column.choices])], **options
        )
    if column.key == "lead":
        names = [body.zh for body in plan.bodies.values()]
        return forms.ChoiceField(choices=[("", "—"), *((name, name) for name in names)], **options)
    if column.key == "text":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **options)
    attributes = {"inputmode": "decimal"} if column.key == "value" else {}
    return forms.CharField(widget=forms.TextInput(attrs=attributes), **options)


def _option(column: Column, choice: tuple[str, str]) -> tuple[str, str]:
    value, words = choice
    return value, value if column.key == "county" else f"{value} {words}"


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(value)
    return "" if value is None else str(value)
