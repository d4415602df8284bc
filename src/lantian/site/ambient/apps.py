from __future__ import annotations

from django.apps import AppConfig


class AmbientConfig(AppConfig):
    name = "lantian.site.ambient"
    verbose_name = "空气"
