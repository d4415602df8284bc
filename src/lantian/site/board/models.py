"""What people decide and receive about figures: bases, days taken out, drafts of reports of doubt; nothing is deleted."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models

from lantian.basis.period import Days
from lantian.site.intake.models import Upload

_USER = settings.AUTH_USER_MODEL


class Kept(models.Model):
    """What every record carries: who entered it, and when and why it was withdrawn."""

    region = models.CharField(max_length=6)
    entered_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+", verbose_name="录入人")
    entered_at = models.DateTimeField("录入时间")
    withdrawn_by = models.ForeignKey(_USER, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤回原因", max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was taken back."""
        return self.withdrawn_at is not None


class BasisDecision(Kept):
    """A basis decided for a target of a plan or for a metric; the newest one not withdrawn is in force."""

    plan = models.CharField("方案", max_length=60)
    subject = models.CharField("目标或指标", max_length=40)
    edition = models.CharField("标准版本", max_length=10)
    values_kind = models.CharField("数据", max_length=10)
    dust = models.CharField("沙尘", max_length=10)
    stations = models.CharField("站点", max_length=20)
    decimals = models.PositiveSmallIntegerField("保留小数位数")
    validity = models.CharField("有效性", max_length=10)
    assessor = models.CharField("考核单位", max_length=120)
    document = models.CharField("文件（文号）", max_length=120)
    decided_by = models.CharField("决定人", max_length=60)
    decided_on = models.DateField("决定日期")
    reason = models.CharField("理由", max_length=300)

    class Meta:
        ordering: ClassVar = ["-decided_on", "-pk"]

    def __str__(self) -> str:
        return f"口径决定 {self.subject} {self.decided_on}"


class ExcludedDays(Kept):
    """Days of a place on which items are taken out, as decided above; the decision's document stands with it."""

    KINDS: ClassVar = [("dust", "沙尘天气过程"), ("exceptional", "其他特殊事件")]

    place = models.CharField("城市或县（市）区", max_length=60)
    first = models.DateField("起")
    last = models.DateField("止")
    items = models.JSONField("项目", default=list)
    kind = models.CharField("类别", max_length=12, choices=KINDS)
    decided_by = models.CharField("决定单位", max_length=120)
    document = models.CharField("文号", max_length=120)
    decided_on = models.DateField("决定日期")
    file = models.ForeignKey(Upload, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField("备注", max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-first", "place", "-pk"]

    def __str__(self) -> str:
        return f"扣除 {self.place} {self.first} 至 {self.last}"

    @property
    def days(self) -> Days:
        """The days it takes out."""
        return Days(self.first, self.last)

    def touches(self, place: str, first: date, last: date, items: list[str]) -> bool:
        """Whether it takes out one of these items on one of these days."""
        return self.place == place and self.first <= last and first <= self.last and bool(set(self.items) & set(items))


class DoubtReport(Kept):
    """A draft to the provincial centre about doubtful data of a station; the program keeps it and never sends it."""

    addressee = models.CharField("报送单位", max_length=120)
    stations = models.CharField("站点", max_length=200)
    first = models.DateField("起")
    last = models.DateField("止")
    hours = models.CharField("具体时段", max_length=120, blank=True)
    phenomenon = models.TextField("现象")
    request = models.TextField("请求", blank=True)
    contact = models.CharField("联系人及电话", max_length=120, blank=True)
    attachment = models.TextField("附数据", blank=True)
    table = models.JSONField("附表", default=list)
    table_note = models.CharField("附表说明", max_length=300, blank=True)
    simulated = models.BooleanField("模拟数据", default=False)

    class Meta:
        ordering: ClassVar = ["-entered_at", "-pk"]

    def __str__(self) -> str:
        return f"疑问报告 {self.stations} {self.first}"
