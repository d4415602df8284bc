"""What people found when they looked at a finding about station hours; nothing is deleted, withdrawn notes stay."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

_USER = settings.AUTH_USER_MODEL


class FindingNote(models.Model):
    """What somebody established about one finding (``key`` of ``store.quality``); the finding's words stand with it."""

    VERDICTS: ClassVar = [
        ("fault", "仪器故障"),
        ("maintenance", "校准、维护"),
        ("transmission", "停电或传输中断"),
        ("pollution", "真实污染过程"),
        ("normal", "经核实无异常"),
        ("open", "尚未查明"),
    ]

    region = models.CharField(max_length=6)
    key = models.CharField("提示编号", max_length=16, db_index=True)
    values_kind = models.CharField("数据", max_length=10)
    month = models.CharField("月份", max_length=7)
    station = models.CharField("站点编码", max_length=60)
    finding = models.TextField("提示")
    verdict = models.CharField("核实结果", max_length=12, choices=VERDICTS)
    note = models.CharField("说明", max_length=500, blank=True)
    entered_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+", verbose_name="核实人")
    entered_at = models.DateTimeField("核实时间")
    withdrawn_by = models.ForeignKey(_USER, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤回原因", max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-entered_at", "-pk"]

    def __str__(self) -> str:
        return f"核实说明 {self.station} {self.month}"

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was taken back."""
        return self.withdrawn_at is not None
