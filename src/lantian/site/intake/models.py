"""What came in from outside: uploaded files, and plans whose differences a person settles."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class Upload(models.Model):
    """A file somebody handed in; its bytes lie in the evidence folder under their digest."""

    digest = models.CharField("摘要", max_length=64, db_index=True)
    name = models.CharField("文件名", max_length=200)
    kind = models.CharField("类型", max_length=8)
    size = models.PositiveBigIntegerField("字节数")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, verbose_name="上传人")
    at = models.DateTimeField("上传时间")
    region = models.CharField("行政区划代码", max_length=6)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.name
