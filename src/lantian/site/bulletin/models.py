"""Monthly bulletins as the worker made them: every edition of a month is kept, with its files and charts."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from lantian.basis.period import Days, month


class Bulletin(models.Model):
    """One edition of a month's bulletin; made again from other data it gets the next number, the earlier one stays."""

    plan = models.CharField("方案", max_length=60)
    region = models.CharField(max_length=6)
    month = models.DateField("月份", db_index=True)  # its first day
    number = models.PositiveSmallIntegerField("第几稿")
    values_kind = models.CharField("数据", max_length=10, default="realtime")
    as_of = models.DateField("数据截至")
    data_version = models.PositiveBigIntegerField("数据版本")
    inputs = models.CharField("内容摘要", max_length=64)
    content = models.JSONField("内容")
    complete = models.BooleanField("整月", default=True)
    simulated = models.BooleanField("模拟数据", default=False)
    made_at = models.DateTimeField("生成时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-month", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "region", "month", "number"], name="one_bulletin_a_number")
        ]

    def __str__(self) -> str:
        return f"月报 {self.month:%Y-%m} 第 {self.number} 稿"

    @property
    def days(self) -> Days:
        """All days of its month."""
        return month(self.month.year, self.month.month)


class BulletinFile(models.Model):
    """A file of an edition: the Word document, the workbook, or a chart (``calendar.svg``)."""

    bulletin = models.ForeignKey(Bulletin, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=40)
    body = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["bulletin", "name"], name="one_bulletin_file_a_name")]

    def __str__(self) -> str:
        return self.name
