from __future__ import annotations

from django.urls import path

from lantian.site.intake import views, views_files

app_name = "intake"
urlpatterns = [
    path("", views.intake, name="intake"),
    path("file/<int:pk>/", views_files.file, name="file"),
]
