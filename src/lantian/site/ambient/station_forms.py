"""The form of one station; what its fields may be is the rule of the table of stations."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms

from lantian.basis.period import DAY
from lantian.rulebook.dated import TOTAL_FROM
from lantian.store.stations import ROLES, Station
from lantian.work.station_row import station_of
from lantian.work.station_table import overlap


def _date() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class StationForm(forms.Form):
    """One row of the register; ``station`` and ``rows`` are there once the form is valid."""

    code = forms.CharField(label="站点编码", max_length=60, help_text="小时表里用的同一编码，如 2240A。")
    name = forms.CharField(label="站点名称", max_length=60)
    role = forms.ChoiceField(label="类型", choices=[("", "请选择…"), *((key, text.zh) for key, text in ROLES.items())])
    city = forms.CharField(label="城市", max_length=30)
    county = forms.CharField(
        label="县（市）区", max_length=30, required=False, widget=forms.TextInput(attrs={"list": "counties"}),
        help_text="写全称，如 密山市；与方案中的名称一致才计入该县（市）区。",
    )  # fmt: skip
    region = forms.CharField(label="区划代码", max_length=6, required=False, help_text="六位，县区或城市的。")
    lon = forms.CharField(label="经度", max_length=12, required=False, help_text="十进制度，如 130.9620。")
    lat = forms.CharField(label="纬度", max_length=12, required=False, help_text="十进制度，如 45.2924。")
    valid_from = forms.CharField(
        label="自哪天起", max_length=10, widget=_date(), help_text="改动从这一天起算；与原来同一天则是更正原行。"
    )
    valid_until = forms.CharField(
        label="停用日期", max_length=10, widget=_date(), required=False, help_text="最后一天；仍在用的留空。"
    )
    note = forms.CharField(label="说明", max_length=300, required=False, help_text="为什么改，依据什么文件。")

    def __init__(self, have: list[Station], *args: Any, new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.have, self.new = have, new
        self.rows: list[Station] = []
        if not new:
            self.fields["code"].disabled = True

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.errors:
            return values
        station, wrong = station_of({key: cell or None for key, cell in values.items() if key != "note"}, TOTAL_FROM)
        for field, reason in wrong.items():
            self.add_error(field, f"{reason}。")
        if station is None:
            return values
        if self.new and any(one.code == station.code for one in self.have):
            self.add_error("code", f"{station.code} 已经登记。请到该站点的页面更改。")
            return values
        own = [one for one in self.have if one.code == station.code]
        self.rows, clash = fitted(own, station)
        if clash is not None:
            until = clash.valid_until or "今"
            self.add_error("valid_from", f"与已登记的 {clash.valid_from} 至 {until} 一行重叠。请改日期，或先改那一行。")
        return values


def fitted(have: list[Station], new: Station) -> tuple[list[Station], Station | None]:
    """Rows to write so that a new one stands beside those of its station, and a row that overlaps it all the same.

    The row before it ends the day before; one of the same first day is replaced.
    """
    others = [one for one in have if one.valid_from != new.valid_from]
    rows = [new]
    for at, one in enumerate(others):
        if one.valid_from < new.valid_from and overlap(one, new):
            others[at] = replace(one, valid_until=new.valid_from - DAY)
            rows.insert(0, others[at])
    return rows, next((one for one in others if overlap(one, new)), None)
