from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "lantian.site.jobs"
    verbose_name = "任务"
