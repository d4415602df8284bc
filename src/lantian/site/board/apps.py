from __future__ import annotations

from django.apps import AppConfig


class BoardConfig(AppConfig):
    name = "lantian.site.board"
    verbose_name = "年终研判"
