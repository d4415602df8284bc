"""The register of outlets as a table: a template, rows understood one by one, each with its reasons where it cannot be taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from lantian.render.columns import Column
from lantian.site.journal.services import write
from lantian.site.people.models import User
from lantian.site.stack import services
from lantian.site.stack.forms import CRC_WORDS, OutletForm, pairs_text
from lantian.site.stack.models import Outlet
from lantian.site.stack.places import county_names
from lantian.site.tabular import Row
from lantian.work.stack_limits import limit_sets

YES = "是"
COLUMNS = [
    Column("code", "排放口编号", 18, needed=True, hint="排污许可证编号前加企业代号，全市不重复"),
    Column("name", "排放口名称", 18, needed=True),
    Column("company", "企业名称", 24, needed=True),
    Column("company_code", "统一社会信用代码", 20),
    Column("region", "县（市）区", 12, needed=True, choices="县（市）区"),
    Column("mn", "MN", 28, hint="24 位，2005 年版设备 14 位；没有数采仪的留空"),
    Column("operator", "运维单位", 20),
    Column("kind", "设施类别", 14, hint="如 燃煤锅炉、水泥窑"),
    Column("limit_set", "执行标准", 30, choices="执行标准"),
    Column("ultra_low", "已完成超低排放改造", 10, choices="是否"),
    Column("reference_o2", "基准氧含量 %", 10),
    Column("duct_area", "烟道截面积 m²", 10),
    Column("longitude", "经度", 10, hint="十进制度，WGS-84"),
    Column("latitude", "纬度", 10),
    Column("factors", "应报因子", 24, hint="因子编码，用逗号分开"),
    Column("ranges", "量程上限", 24, hint="如 a21026=200，a21002=400"),
    Column("units", "与标准不同的单位", 20, hint="如 a00000=m3/h"),
    Column("crc", "校验方式", 14, choices="校验方式"),
    Column("password", "访问密码", 12),
    Column("key", "SM4 密钥", 34, hint="32 位十六进制，只有 2025 年版加密的设备需要"),
    Column("key_emitter", "重点排污单位", 10, choices="是否"),
    Column("bypass_of", "是哪个排放口的旁路", 16, hint="主排放口的编号"),
    Column("running_from", "投运日期", 12, hint="如 2024-01-01"),
    Column(
        "limits", "许可和地方限值", 40, hint="几条用分号隔开，每条：因子，小时限值，日均限值，依据，起始日期，截止日期"
    ),
]
_YES_NO = ("ultra_low", "key_emitter")


@dataclass(slots=True)
class Understood:
    """One row: what it would do (new, changed, same, or bad), the values it would keep, reasons by the head of the column."""

    line: int
    cells: dict[str, str]
    effect: str
    form: OutletForm
    outlet: Outlet | None
    reasons: dict[str, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """All reasons in one text."""
        return "；".join(f"{head}：{text.rstrip('。')}" for head, text in self.reasons.items())


def choices() -> dict[str, list[tuple[str, str]]]:
    """Lists of the template's second sheet."""
    return {
        "县（市）区": [(name, code) for code, name in county_names().items()],
        "执行标准": [(text.zh, key) for key, text in limit_sets().items()],
        "是否": [(YES, ""), ("否", "")],
        "校验方式": [(words, key) for key, words in CRC_WORDS.items()],
    }


def template(rows: Sequence[dict[str, str]] = (), reasons: dict[int, str] | None = None) -> bytes:
    """The workbook to be filled in; given rows come back in it with what is wrong beside them."""
    from lantian.render.tables import template as made  # openpyxl is loaded when a workbook is asked for

    return made("排放口登记", COLUMNS, choices(), rows=rows, reasons=reasons)


def understood(rows: Sequence[Row]) -> list[Understood]:
    """Each row against the register and the others of its table; nothing is changed."""
    known = {one.code: one for one in Outlet.objects.prefetch_related("limits")}
    heads = {column.key: column.head for column in COLUMNS}
    seen: dict[str, int] = {}
    devices: dict[str, int] = {}
    found = []
    for row in rows:
        outlet = known.get(row.cells.get("code", "").strip())
        form = OutletForm(_data(row.cells, outlet), instance=outlet)
        reasons = {heads.get(key, ""): " ".join(map(str, texts)) for key, texts in form.errors.items()}
        for key, places in (("code", seen), ("mn", devices)):
            value = row.cells.get(key, "").strip()
            if value and places.setdefault(value, row.line) != row.line:
                reasons[heads[key]] = f"与第 {places[value]} 行重复"
        effect = "bad" if reasons else "new" if outlet is None else "changed" if _changes(form, outlet) else "same"
        found.append(Understood(row.line, row.cells, effect, form, outlet, reasons))
    return found


@transaction.atomic
def apply(found: Sequence[Understood], name: str, *, by: User, now: datetime) -> dict[str, int]:
    """Enters the good rows of a table in one transaction; counts of what they did."""
    counts = dict.fromkeys(("new", "changed", "same", "bad"), 0)
    for one in found:
        counts[one.effect] += 1
        if one.effect == "new":
            services.register(one.form.values, one.form.cleaned_data["limits"], by=by, now=now)
        elif one.effect == "changed" and one.outlet is not None:
            outlet = Outlet.objects.get(pk=one.outlet.pk)
            changes = _changes(one.form, outlet)
            if changes:
                services.change(outlet, changes, by=by, now=now)
            if "limits" in one.form.changed_data:
                services.set_limits(outlet, one.form.cleaned_data["limits"], by=by, now=now)
    if counts["new"]:
        counts["simulated"] = services.clear_simulated(by=by, now=now)
    write("stack.outlets_imported", f"排放口登记表 {name}"[:200], by=by, now=now, after=counts)
    return counts


def _changes(form: OutletForm, outlet: Outlet) -> dict[str, Any]:
    stands = Outlet.objects.get(pk=outlet.pk)  # the form has written into its own copy
    changed = {key: value for key, value in form.values.items() if key != "code" and value != getattr(stands, key)}
    if not changed and "limits" in form.changed_data:
        return {"name": stands.name}  # limits alone: the row counts as changed
    return changed


def _data(cells: dict[str, str], outlet: Outlet | None) -> dict[str, str]:
    """A row as the form takes it: names of lists as their keys; a column left out keeps what stands."""
    lists = {name: dict(entries) for name, entries in choices().items()}
    data = _standing(outlet) if outlet else {"crc": "hj212", "interval_minutes": "1"}
    for column in COLUMNS:
        if column.key not in cells:
            continue
        text = cells[column.key].strip()
        if column.key in _YES_NO:
            data[column.key] = "on" if text == YES else ""
        elif column.choices:
            data[column.key] = lists[column.choices].get(text, text)
        elif column.key == "limits":
            data[column.key] = text.replace("；", "\n").replace(";", "\n")
        else:
            data[column.key] = text
    data["crc"] = data.get("crc") or "hj212"
    return {key: value for key, value in data.items() if value or key not in _YES_NO}


def _standing(outlet: Outlet) -> dict[str, str]:
    form = OutletForm(instance=outlet)
    data = {
        name: str(form.initial.get(name) if form.initial.get(name) is not None else "")
        for name in OutletForm.Meta.fields
    }
    data |= {
        "ranges": pairs_text(outlet.ranges),
        "units": pairs_text(outlet.units),
        "limits": str(form.initial["limits"]),
    }
    return {**data, **{name: "on" if getattr(outlet, name) else "" for name in _YES_NO}, "password": "", "key": ""}
