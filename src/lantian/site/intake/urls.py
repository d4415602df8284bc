from __future__ import annotations

from django.urls import path

from lantian.site.intake import views, views_air, views_files

app_name = "intake"
urlpatterns = [
    path("", views.intake, name="intake"),
    path("file/<int:pk>/", views_files.file, name="file"),
    path("air/", views_air.air, name="air"),
    path("air/<int:pk>/", views_air.air_preview, name="air_preview"),
    path("air/import/<int:number>/", views_air.air_import, name="air_import"),
    path("air/import/<int:number>/aside.xlsx", views_air.air_aside, name="air_aside"),
]
