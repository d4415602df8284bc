"""Jobs: work that outlasts a request, with its progress; and the worker's sign of life."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

LEASE = timedelta(minutes=1)  # a running job whose worker has not renewed it for so long is taken up again


class State(models.TextChoices):
    """What became of a job."""

    QUEUED = "queued", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "未完成"
    CANCELLED = "cancelled", "已取消"


class Job(models.Model):
    """One piece of work: what is asked for, how far it is, what came of it."""

    name = models.CharField("名称", max_length=60)
    label = models.CharField("工作", max_length=200)
    arguments = models.JSONField("参数", default=dict)
    unique_key = models.CharField("唯一键", max_length=120, blank=True, db_index=True)
    due_at = models.DateTimeField("应做时间", db_index=True)
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.QUEUED, db_index=True)
    handed_over = models.BooleanField("已交给后台", default=False)
    done = models.PositiveIntegerField("已做", default=0)
    total = models.PositiveIntegerField("共", default=0)
    text = models.CharField("进展", max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    task_id = models.CharField("队列编号", max_length=36, blank=True)
    worker = models.CharField("后台进程", max_length=64, blank=True)
    lease_until = models.DateTimeField("占用到", null=True, blank=True)
    error = models.TextField("未完成的原因", blank=True)
    detail = models.TextField("技术细节", blank=True)
    result = models.JSONField("结果", null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, verbose_name="发起人")
    region = models.CharField("行政区划代码", max_length=6)
    created_at = models.DateTimeField("发起时间")
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unique_key"],
                condition=~Q(unique_key="") & Q(state__in=["queued", "running"]),
                name="one_open_job_per_key",
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in {State.QUEUED, State.RUNNING}


class Heartbeat(models.Model):
    """When a worker was last heard of."""

    worker = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(db_index=True)


class ClockRun(models.Model):
    """Up to which due time a piece of clock work has been put in the queue."""

    name = models.CharField(max_length=60, unique=True)
    last_due = models.DateTimeField()
