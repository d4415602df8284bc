"""The year between plan and work: targets as issued, the task list, the counties' shares; nothing is ever deleted."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from lantian.site.intake.models import Upload

NOT_WITHDRAWN = Q(withdrawn_at=None)


class TaskState(models.TextChoices):
    """Duty states (vocabulary: 任务状态)."""

    NOT_STARTED = "not_started", "未启动"
    ON_SCHEDULE = "on_schedule", "序时进行"
    BEHIND = "behind", "滞后"
    REPORTED = "reported", "已报待审"
    RETURNED = "returned", "退回补正"
    DONE_PENDING = "done_pending", "完成待认定"
    CLOSED_OFF = "closed_off", "销号"


class YearRow(models.Model):
    """What every row of a year carries; ``version`` grows with each change, so that nobody overwrites unseen."""

    plan = models.CharField("方案", max_length=60)
    region = models.CharField("行政区划代码", max_length=6)
    year = models.PositiveSmallIntegerField("年度")
    simulated = models.BooleanField("模拟数据", default=False)
    version = models.PositiveIntegerField(default=1)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField("录入时间")
    changed_at = models.DateTimeField("更改时间")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_reason = models.CharField("撤回原因", max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was taken back."""
        return self.withdrawn_at is not None


class YearTarget(YearRow):
    """A target as issued for one year, for the city (county empty) or a county; a later document supersedes it."""

    target = models.CharField("目标编号", max_length=20)
    county = models.CharField("县（市）区", max_length=6, blank=True)
    comparator = models.CharField("比较", max_length=16)
    value = models.DecimalField("数值", max_digits=18, decimal_places=6)
    unit = models.CharField("单位", max_length=30)
    document_number = models.CharField("文号", max_length=120)
    document_date = models.DateField("印发日期", null=True, blank=True)
    issued_by = models.CharField("下达单位", max_length=120, blank=True)
    file = models.ForeignKey(Upload, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField("备注", max_length=300, blank=True)
    superseded = models.BooleanField("已被替代", default=False)

    class Meta:
        ordering: ClassVar = ["target", "county", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan", "year", "target", "county"],
                condition=NOT_WITHDRAWN & Q(superseded=False),
                name="one_year_target_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} 年 {self.target} {self.county}".strip()


class Share(YearRow):
    """A county's part of a city target for one year."""

    target = models.CharField("目标编号", max_length=20)
    county = models.CharField("县（市）区", max_length=6)
    comparator = models.CharField("比较", max_length=16)
    value = models.DecimalField("数值", max_digits=18, decimal_places=6)
    unit = models.CharField("单位", max_length=30)
    document_number = models.CharField("文号", max_length=120)
    note = models.CharField("备注", max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["target", "county", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan", "year", "target", "county"], condition=NOT_WITHDRAWN, name="one_share_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} 年 {self.target} {self.county}"


class YearTask(YearRow):
    """A line of the yearly task list."""

    number = models.CharField("序号", max_length=20)
    text = models.TextField("任务内容")
    article = models.PositiveSmallIntegerField("对应条款")
    item = models.CharField("对应事项", max_length=20, blank=True)
    lead = models.CharField("牵头单位", max_length=60, blank=True)
    bodies = models.JSONField("责任单位", default=list)
    deadline = models.DateField("完成时限", null=True, blank=True)
    counties = models.JSONField("县（市）区", default=list)
    document_number = models.CharField("文号", max_length=120, blank=True)
    state = models.CharField("状态", max_length=16, choices=TaskState.choices, default=TaskState.NOT_STARTED)
    state_at = models.DateTimeField("状态时间", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["article", "number", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan", "year", "number"], condition=NOT_WITHDRAWN, name="one_year_task_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} 年任务 {self.number}"


class TaskStep(models.Model):
    """One change of a task's state, with what was said and handed in; written once."""

    task = models.ForeignKey(YearTask, on_delete=models.PROTECT, related_name="steps")
    before = models.CharField(max_length=16, choices=TaskState.choices)
    after = models.CharField(max_length=16, choices=TaskState.choices)
    note = models.TextField("说明", blank=True)
    files = models.ManyToManyField(Upload, blank=True, related_name="+")
    entered_for = models.CharField("代填", max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]


class Staging(models.Model):
    """An imported table before it is applied: its rows with what is wrong with each."""

    kind = models.CharField(max_length=12)
    plan = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    rows = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-at"]

    def good(self) -> list[dict[str, Any]]:
        """Rows nothing is wrong with."""
        return [row for row in self.rows if not row["reasons"]]

    def bad(self) -> list[dict[str, Any]]:
        """Rows with reasons."""
        return [row for row in self.rows if row["reasons"]]


class Revision(models.Model):
    """Counter of writes, one row per room of people's data, so that readers know cheaply whether anything changed."""

    room = models.CharField(max_length=20, unique=True)
    number = models.PositiveBigIntegerField(default=0)
