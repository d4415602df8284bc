from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "lantian.site.intake"
    verbose_name = "导入"
