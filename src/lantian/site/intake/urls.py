from __future__ import annotations

from django.urls import path

from lantian.site.intake import views

app_name = "intake"
urlpatterns = [path("", views.intake, name="intake")]
