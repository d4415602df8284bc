from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "lantian.site.desk"
    verbose_name = "值班台"
