"""Entries: what a person says about an item of the plan, up to a date, with evidence; kept also when taken back."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from lantian.site.intake.models import Upload


class Standing(models.TextChoices):
    """How far an entry has come."""

    ENTERED = "entered", "待审"
    RETURNED = "returned", "退回补正"
    RELEASED = "released", "已审核发布"
    WITHDRAWN = "withdrawn", "已撤回"


class Claim(models.TextChoices):
    """State a person claims for an item (the vocabulary of states)."""

    ON_TRACK = "on_track", "预计可完成"
    AT_RISK = "at_risk", "滞后风险"
    MET = "met", "已完成"
    MISSED = "missed", "未完成"


class Entry(models.Model):
    """One entry: a value, a share done or a state of an item, for the city (county empty) or for one county."""

    plan = models.CharField("方案", max_length=60)
    region = models.CharField("行政区划代码", max_length=6)
    item = models.CharField("事项编号", max_length=20)
    county = models.CharField("县（市）区", max_length=6, blank=True)
    body = models.CharField("填报单位", max_length=60, blank=True)
    on = models.DateField("截至日期")
    value = models.DecimalField("数值", max_digits=18, decimal_places=6, null=True, blank=True)
    unit = models.CharField("单位", max_length=30, blank=True)
    state = models.CharField("填报状态", max_length=12, choices=Claim.choices, blank=True)
    share = models.DecimalField("完成比例", max_digits=6, decimal_places=3, null=True, blank=True)
    note = models.TextField("说明", blank=True)
    source = models.CharField("数据来源", max_length=200, blank=True)
    files = models.ManyToManyField(Upload, blank=True, related_name="+")
    entered_for = models.CharField("代填", max_length=200, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name="填报人"
    )
    entered_at = models.DateTimeField("填报时间")
    changed_at = models.DateTimeField("更改时间")
    standing = models.CharField("审核", max_length=10, choices=Standing.choices, default=Standing.ENTERED)
    judged_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField("审核时间", null=True, blank=True)
    reason = models.CharField("退回或撤回原因", max_length=300, blank=True)
    recognised_number = models.CharField("认定文号", max_length=120, blank=True)
    recognised_at = models.DateTimeField("认定时间", null=True, blank=True)
    simulated = models.BooleanField("模拟数据", default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-on", "-pk"]
        indexes: ClassVar = [models.Index(fields=["plan", "item", "county"]), models.Index(fields=["plan", "standing"])]

    def __str__(self) -> str:
        return f"{self.item} {self.county} {self.on}".replace("  ", " ")

    @property
    def is_recognised(self) -> bool:
        """Whether who assesses has recognised it."""
        return self.recognised_at is not None
