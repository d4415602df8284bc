"""Forms about outlets: the register, its limits, commands to a device."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from lantian.site.stack.models import Outlet
from lantian.site.stack.places import SHORT, county_names
from lantian.stack.hj212.crc import VARIANTS
from lantian.work.stack_limits import limit_sets

_MN = re.compile(r"[0-9A-Za-z]{14}|[0-9A-F]{24}")
_KEY = re.compile(r"[0-9A-Fa-f]{32}")
_CODE = re.compile(r"[0-9A-Za-z\u4e00-\u9fff._-]{2,60}")
_LINE = re.compile(r"[，,\t]")
CRC_WORDS = {"hj212": "HJ 212（标准）", "modbus-swapped": "MODBUS（低字节在前）", "modbus": "MODBUS", "arc": "ARC"}
_LIMITS_HELP = "每行一条：因子编码，小时限值，日均限值，依据，起始日期，截止日期。没有的留空，例如 a21026，35，，排污许可证 2024，2024-01-01，"


def _date() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class OutletForm(forms.ModelForm):  # type: ignore[type-arg]
    """One outlet of the register; a password or key left empty stays as it is."""

    limits = forms.CharField(
        label="许可限值和地方限值", required=False, widget=forms.Textarea(attrs={"rows": 5}), help_text=_LIMITS_HELP
    )
    factors = forms.CharField(
        label="应报因子", required=False, help_text="因子编码，用逗号分开；留空则以实际上传的为准。"
    )
    ranges = forms.CharField(label="量程上限", required=False, help_text="如 a21026=200，a21002=400（mg/m³）。")
    units = forms.CharField(label="与标准不同的单位", required=False, help_text="如 a00000=m3/h，a01013=Pa。")

    class Meta:
        model = Outlet
        fields = (
            "code", "name", "company", "company_code", "region", "mn", "operator", "kind", "limit_set", "ultra_low", "reference_o2",
            "duct_area", "longitude", "latitude", "factors", "ranges", "units", "crc", "password", "key", "interval_minutes",
            "key_emitter", "bypass_of", "running_from",
        )  # fmt: skip
        widgets = {  # noqa: RUF012 (so declared by Django)
            "password": forms.PasswordInput(attrs={"autocomplete": "off"}),
            "key": forms.PasswordInput(attrs={"autocomplete": "off"}),
            "running_from": _date(),
        }
        help_texts = {  # noqa: RUF012
            "code": "排污许可证上的编号，前面加企业代号，全市不重复，如 JX001-DA001。登记后不能改。",
            "mn": "24 位（2017、2025 年版）或 14 位（2005 年版）；没有数采仪的留空。",
            "company": "与企业环保人员账号里的企业名称一致。",
            "operator": "与运维单位人员账号里的名称一致。",
            "password": "不显示；留空则不改。登记了密码，就按它核对上传的数据。",
            "key": "2025 年版 SM4 密钥，32 位十六进制；不显示，留空则不改。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counties = [("", "请选择"), *county_names().items()]
        sets = [("", "—"), *((key, text.zh) for key, text in limit_sets().items())]
        self.fields["region"] = forms.ChoiceField(label="县（市）区", choices=counties)
        self.fields["limit_set"] = forms.ChoiceField(
            label="执行标准",
            choices=sets,
            required=False,
            help_text="国家标准中适用的一套限值；许可证更严的另填在下面。",
        )
        self.fields["crc"] = forms.ChoiceField(
            label="校验方式", choices=[(key, CRC_WORDS[key]) for key in VARIANTS], initial="hj212"
        )
        outlet: Outlet = self.instance
        if outlet.pk:
            self.fields["code"].disabled = True
            self.initial.update(
                {
                    "factors": "，".join(outlet.factors),
                    "ranges": pairs_text(outlet.ranges),
                    "units": pairs_text(outlet.units),
                    "limits": "\n".join(_limit_text(one) for one in outlet.limits.all()),
                }
            )

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"]).strip()
        if not _CODE.fullmatch(code):
            raise ValidationError("编号只用字母、数字、汉字和 . _ -，2 到 60 个字符。")
        return code

    def clean_mn(self) -> str:
        mn = str(self.cleaned_data.get("mn") or "").strip().upper()
        if mn and not _MN.fullmatch(mn):
            raise ValidationError(
                "MN 应为 24 位十六进制（0-9、A-F），2005 年版设备为 14 位字母数字。请核对数采仪的设置。"
            )
        return mn

    def clean_key(self) -> str:
        key = str(self.cleaned_data.get("key") or "").strip()
        if key and not _KEY.fullmatch(key):
            raise ValidationError("SM4 密钥应为 32 位十六进制。")
        return key

    def clean_longitude(self) -> Decimal | None:
        return _within(self.cleaned_data.get("longitude"), 73, 136, "经度")

    def clean_latitude(self) -> Decimal | None:
        return _within(self.cleaned_data.get("latitude"), 3, 54, "纬度")

    def clean_factors(self) -> list[str]:
        return [one.strip() for one in _LINE.split(self.cleaned_data["factors"]) if one.strip()]

    def clean_ranges(self) -> dict[str, str]:
        found = _pairs(self.cleaned_data["ranges"])
        for code, value in found.items():
            _decimal(value, f"{code} 的量程")
        return found

    def clean_units(self) -> dict[str, str]:
        return _pairs(self.cleaned_data["units"])

    def clean_limits(self) -> list[dict[str, Any]]:
        lines = [line for line in self.cleaned_data["limits"].splitlines() if line.strip()]
        return [_limit(line, number) for number, line in enumerate(lines, start=1)]

    @property
    def values(self) -> dict[str, Any]:
        """What is to be kept of the outlet; a secret left empty is left out."""
        kept = {name: self.cleaned_data[name] for name in self.Meta.fields}
        return {name: value for name, value in kept.items() if value or name not in ("password", "key")}


class CommandForm(forms.Form):
    """A command to a device: set its clock, ask for a missing period again, set an interval."""

    CHOICES = (
        ("1012", "校时"),
        ("2061", "补传小时数据"),
        ("2051", "补传分钟数据"),
        ("2031", "补传日数据"),
        ("1062", "设置实时数据间隔（秒）"),
        ("1064", "设置分钟数据间隔（分钟）"),
    )

    cn = forms.ChoiceField(label="命令", choices=CHOICES)
    begin = forms.DateTimeField(
        label="起", required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    end = forms.DateTimeField(label="止", required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    interval = forms.IntegerField(label="间隔", required=False, min_value=1, max_value=3600)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        cn = values.get("cn", "")
        if cn in ("2061", "2051", "2031") and not (values.get("begin") and values.get("end")):
            self.add_error("begin", "补传要写明起止时间。")
        elif values.get("begin") and values.get("end") and values["begin"] > values["end"]:
            self.add_error("end", "止不能早于起。")
        if cn in ("1062", "1064") and not values.get("interval"):
            self.add_error("interval", "请填写间隔。")
        return values


class ReleaseForm(forms.Form):
    """Which days of an outlet are made public."""

    first = forms.DateField(label="起", widget=_date())
    last = forms.DateField(label="止", widget=_date())
    note = forms.CharField(label="说明", max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("first") and values.get("last") and values["first"] > values["last"]:
            self.add_error("last", "止不能早于起。")
        return values


def _within(value: Decimal | None, low: int, high: int, name: str) -> Decimal | None:
    if value is not None and not low <= value <= high:
        raise ValidationError(f"{name}应在 {low} 到 {high} 度之间（十进制度，WGS-84）。请核对是否填反。")
    return value


def _pairs(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in _LINE.split(text):
        if not part.strip():
            continue
        code, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not code or not value:
            raise ValidationError(f"“{part.strip()}”应写成 因子编码=值。")
        found[code] = value
    return found


def pairs_text(pairs: dict[str, str]) -> str:
    """Pairs as the form takes them."""
    return "，".join(f"{code}={value}" for code, value in pairs.items())


def _decimal(text: str, name: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValidationError(f"{name}“{text}”不是数字。") from None
    if not value.is_finite() or value < 0:
        raise ValidationError(f"{name}不能是负数。")
    return value


def _limit(line: str, number: int) -> dict[str, Any]:
    cells = [cell.strip() for cell in _LINE.split(line)]
    cells += [""] * (6 - len(cells))
    factor, hour, day, source, first, last = cells[:6]
    where = f"第 {number} 行"
    if factor not in SHORT and not re.fullmatch(r"a\d{5}", factor):
        raise ValidationError(f"{where}的因子“{factor}”不是 HJ 212-2017 的编码，如 a21026（二氧化硫）。")
    if not (hour or day):
        raise ValidationError(f"{where}没有限值。小时限值和日均限值至少填一个。")
    if not source:
        raise ValidationError(f"{where}没有依据。请写明许可证或文件名称。")
    return {
        "factor": factor,
        "hour": _decimal(hour, f"{where}的小时限值") if hour else None,
        "day": _decimal(day, f"{where}的日均限值") if day else None,
        "source": source,
        "first": _day(first, where),
        "last": _day(last, where) if last else None,
    }


def _day(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValidationError(f"{where}的日期“{text}”应写成 2024-01-01。") from None


def _limit_text(one: Any) -> str:
    cells = [one.factor, _plain(one.hour), _plain(one.day), one.source, f"{one.first}", f"{one.last or ''}"]
    return "，".join(cells)


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"
