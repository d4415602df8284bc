from __future__ import annotations

from django.apps import AppConfig


class LivingConfig(AppConfig):
    name = "lantian.site.living"
    verbose_name = "方案"
