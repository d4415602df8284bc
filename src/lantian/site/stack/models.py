"""The register of outlets: who emits where, which device reports, what it is held against; published whole for all that compute."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models

_USER = settings.AUTH_USER_MODEL


class Outlet(models.Model):
    """One outlet (排放口); nothing is deleted, an outlet that is no more is closed. Field for field ``store.stack.outlets.Outlet``."""

    code = models.CharField("排放口编号", max_length=60, unique=True)
    name = models.CharField("排放口名称", max_length=120)
    company = models.CharField("企业名称", max_length=120)
    company_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    region = models.CharField("县（市）区", max_length=6)
    mn = models.CharField("数采仪 MN", max_length=40, blank=True, db_index=True)
    operator = models.CharField("运维单位", max_length=120, blank=True)
    system = models.CharField("系统编码 ST", max_length=2, default="31")
    longitude = models.DecimalField("经度", max_digits=9, decimal_places=6, null=True, blank=True)
    latitude = models.DecimalField("纬度", max_digits=8, decimal_places=6, null=True, blank=True)
    kind = models.CharField("设施类别", max_length=60, blank=True)
    limit_set = models.CharField("执行标准", max_length=60, blank=True)
    ultra_low = models.BooleanField("已完成超低排放改造", default=False)
    reference_o2 = models.DecimalField("基准氧含量（%）", max_digits=5, decimal_places=2, null=True, blank=True)
    duct_area = models.DecimalField("烟道截面积（m²）", max_digits=8, decimal_places=3, null=True, blank=True)
    factors = models.JSONField("应报因子", default=list, blank=True)
    ranges = models.JSONField("量程", default=dict, blank=True)
    units = models.JSONField("单位", default=dict, blank=True)
    crc = models.CharField("校验方式", max_length=20, default="hj212")
    password = models.CharField("访问密码", max_length=20, blank=True)
    key = models.CharField("SM4 密钥", max_length=32, blank=True)
    interval_minutes = models.PositiveSmallIntegerField("分钟数据间隔（分钟）", default=1)
    key_emitter = models.BooleanField("重点排污单位", default=False)
    bypass_of = models.CharField("是哪个排放口的旁路", max_length=60, blank=True)
    running_from = models.DateField("投运日期", null=True, blank=True)
    closed_on = models.DateField("关闭日期", null=True, blank=True)
    simulated = models.BooleanField("模拟数据", default=False)
    entered_by = models.ForeignKey(_USER, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="登记人")
    entered_at = models.DateTimeField("登记时间")

    class Meta:
        ordering: ClassVar = ["company", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mn"],
                condition=~models.Q(mn=""),
                name="one_outlet_of_a_device",
                violation_error_message="这个 MN 已登记在另一个排放口。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} {self.name}"


class OutletLimit(models.Model):
    """A limit of one factor from a permit or a local rule, dated; mg/m³ at the outlet's reference oxygen."""

    outlet = models.ForeignKey(Outlet, on_delete=models.CASCADE, related_name="limits")
    factor = models.CharField("监测因子", max_length=10)
    hour = models.DecimalField("小时限值（mg/m³）", max_digits=10, decimal_places=4, null=True, blank=True)
    day = models.DecimalField("日均限值（mg/m³）", max_digits=10, decimal_places=4, null=True, blank=True)
    source = models.CharField("依据", max_length=120)
    first = models.DateField("起")
    last = models.DateField("止", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["factor", "first", "pk"]

    def __str__(self) -> str:
        return f"{self.factor} {self.source}"


class Released(models.Model):
    """Self-monitoring figures of an outlet that a person made public: hours and days of a run of days, until withdrawn."""

    outlet = models.CharField("排放口编号", max_length=60, db_index=True)
    first = models.DateField("起")
    last = models.DateField("止")
    note = models.CharField("说明", max_length=200, blank=True)
    released_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+", verbose_name="公开人")
    released_at = models.DateTimeField("公开时间")
    withdrawn_by = models.ForeignKey(_USER, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-first", "outlet", "-pk"]

    def __str__(self) -> str:
        return f"{self.outlet} {self.first} 至 {self.last}"


SECRETS = ("password", "key")  # published for the gateway, shown to nobody


def shown(values: dict[str, Any]) -> dict[str, Any]:
    """Values as a journal may hold them: a secret is told to have changed, not what it is."""
    return {name: ("（已设）" if value else "") if name in SECRETS else value for name, value in values.items()}
