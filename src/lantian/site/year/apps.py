from __future__ import annotations

from django.apps import AppConfig


class YearConfig(AppConfig):
    name = "lantian.site.year"
    verbose_name = "年度"
