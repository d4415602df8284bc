from __future__ import annotations

from django.apps import AppConfig


class StackConfig(AppConfig):
    name = "lantian.site.stack"
    verbose_name = "污染源监控"
