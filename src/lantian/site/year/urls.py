from __future__ import annotations

from django.urls import path

from lantian.site.year import views

app_name = "year"
urlpatterns = [path("", views.year, name="year")]
