from __future__ import annotations

from django.urls import path

from lantian.site.journal import views

app_name = "journal"
urlpatterns = [path("", views.journal, name="journal")]
