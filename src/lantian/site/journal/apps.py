from __future__ import annotations

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "lantian.site.journal"
    verbose_name = "操作日志"
