from __future__ import annotations

from django.urls import path

from lantian.site.ambient import views

app_name = "ambient"
urlpatterns = [
    path("", views.ambient, name="ambient"),
]
