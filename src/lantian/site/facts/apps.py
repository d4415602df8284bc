from __future__ import annotations

from django.apps import AppConfig


class FactsConfig(AppConfig):
    name = "lantian.site.facts"
    verbose_name = "填报"
