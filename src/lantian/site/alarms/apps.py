from __future__ import annotations

from django.apps import AppConfig


class AlarmsConfig(AppConfig):
    name = "lantian.site.alarms"
    verbose_name = "预警和督办"
