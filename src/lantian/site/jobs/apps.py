from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "lantian.site.jobs"
    verbose_name = "任务"

    def ready(self) -> None:
        """Each desk declares its jobs in its own module ``jobs.py``."""
        autodiscover_modules("jobs")
