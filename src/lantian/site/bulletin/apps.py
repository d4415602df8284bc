from __future__ import annotations

from django.apps import AppConfig


class BulletinConfig(AppConfig):
    name = "lantian.site.bulletin"
    verbose_name = "空气质量月报"
