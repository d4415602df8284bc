"""What people on duty write down: roster, forecast, province table, log with hand-over, released daily reports."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class RosterDay(models.Model):
    """Who is on duty on one day: the leader in charge 带班 and the officers 值班."""

    region = models.CharField(max_length=6)
    day = models.DateField("日期")
    leader = models.CharField("带班领导", max_length=60, blank=True)
    officer = models.CharField("值班人员", max_length=120)
    phone = models.CharField("值班电话", max_length=60, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField("更改时间")

    class Meta:
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["region", "day"], name="one_roster_row_a_day")]

    def __str__(self) -> str:
        return f"值班表 {self.day}"


class Forecast(models.Model):
    """One issue of the forecast as it was typed in; ``official`` where the issuing body had published it."""

    region = models.CharField(max_length=6)
    issued_on = models.DateField("发布日期")
    issuer = models.CharField("发布单位", max_length=60)
    official = models.BooleanField("已正式发布", default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField("更改时间")

    class Meta:
        ordering: ClassVar = ["-issued_on"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["region", "issued_on"], name="one_forecast_a_day")]

    def __str__(self) -> str:
        return f"预报 {self.issued_on}"


class ForecastDay(models.Model):
    """One day ahead: range of category and AQI, primary pollutant, a note on diffusion conditions."""

    forecast = models.ForeignKey(Forecast, on_delete=models.CASCADE, related_name="days")
    day = models.DateField("日期")
    category_low = models.CharField("级别", max_length=10)
    category_high = models.CharField("至", max_length=10, blank=True)
    aqi_low = models.PositiveSmallIntegerField("AQI", null=True, blank=True)
    aqi_high = models.PositiveSmallIntegerField("至", null=True, blank=True)
    primary = models.CharField("首要污染物", max_length=60, blank=True)
    diffusion = models.CharField("扩散条件", max_length=120, blank=True)

    class Meta:
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["forecast", "day"], name="one_row_a_forecast_day"),
            models.CheckConstraint(
                condition=Q(aqi_high=None) | Q(aqi_low__lte=F("aqi_high")), name="forecast_aqi_ascends"
            ),
        ]

    @property
    def category(self) -> str:
        """Category, or range of categories, in words."""
        pair = (self.category_low, self.category_high)
        return "至".join(dict.fromkeys(text for text in pair if text))

    @property
    def aqi(self) -> str:
        """AQI, or range of AQI; empty where none was given."""
        pair = (self.aqi_low, self.aqi_high)
        return "～".join(dict.fromkeys(str(number) for number in pair if number is not None))


class ProvinceTable(models.Model):
    """The province's table of a period as it was pasted: rows by city, and the findings of rows left out."""

    region = models.CharField(max_length=6)
    first = models.DateField("起")
    last = models.DateField("止")
    source = models.CharField("来源", max_length=200)
    rows = models.JSONField("各市", default=list)
    findings = models.JSONField("未采用的行", default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("录入时间")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-last", "first", "-at"]

    def __str__(self) -> str:
        return f"全省数据 {self.first} 至 {self.last}"


class LogEntry(models.Model):
    """One note in the duty log; a matter stays open until it is closed. Notes are struck through, never removed."""

    region = models.CharField(max_length=6)
    at = models.DateTimeField("时间", db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="记录人")
    text = models.TextField("内容")
    is_matter = models.BooleanField("待办事项", default=False)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closing = models.CharField("办理情况", max_length=300, blank=True)
    struck_at = models.DateTimeField("划去时间", null=True, blank=True)
    struck_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    struck_reason = models.CharField("划去原因", max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def is_open(self) -> bool:
        """Whether it is a matter still to be settled."""
        return self.is_matter and self.closed_at is None and self.struck_at is None


class HandOver(models.Model):
    """One hand-over: from, to, the matters open at that moment, and when the next officer accepted it."""

    region = models.CharField(max_length=6)
    at = models.DateTimeField("交班时间", db_index=True)
    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="交班人"
    )
    taker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="接班人"
    )
    note = models.TextField("交班说明", blank=True)
    matters = models.JSONField("未办结事项", default=list)
    accepted_at = models.DateTimeField("接班时间", null=True, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.giver} 交班给 {self.taker}"


class DailyReport(models.Model):
    """A daily report as it was released: its text and content are kept; a later one gets the next number."""

    region = models.CharField(max_length=6)
    day = models.DateField("报告日", db_index=True)
    number = models.PositiveSmallIntegerField("第几次")
    text = models.TextField("文本")
    content = models.JSONField("内容")
    inputs = models.CharField("数据摘要", max_length=64)
    simulated = models.BooleanField("模拟数据", default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="留存人")
    at = models.DateTimeField("留存时间")

    class Meta:
        ordering: ClassVar = ["-day", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region", "day", "number"], name="one_report_a_number")
        ]

    def __str__(self) -> str:
        return f"日报 {self.day} 第 {self.number} 次"


class ReportPicture(models.Model):
    """The picture the worker made of a report's content; found by the content's digest."""

    region = models.CharField(max_length=6)
    digest = models.CharField(max_length=64, unique=True)
    day = models.DateField()
    png = models.BinaryField()
    at = models.DateTimeField()
