"""The journal: who changed what, when, and what stood there before."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models


class Entry(models.Model):
    """One change by a person. It is written once; the database itself refuses to change or remove it."""

    at = models.DateTimeField("时间", db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, verbose_name="操作人")
    action = models.CharField("操作", max_length=60, db_index=True)
    subject = models.CharField("对象", max_length=200, db_index=True)
    region = models.CharField("行政区划代码", max_length=6)
    before = models.JSONField("原值", default=dict)
    after = models.JSONField("新值", default=dict)
    note = models.TextField("说明", blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("a journal entry is written once")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("a journal entry is never removed")
