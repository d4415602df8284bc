from __future__ import annotations

from django.urls import path

from lantian.site.intake import views, views_air, views_files, views_plan

app_name = "intake"
urlpatterns = [
    path("", views.intake, name="intake"),
    path("file/<int:pk>/", views_files.file, name="file"),
    path("air/", views_air.air, name="air"),
    path("air/<int:pk>/", views_air.air_preview, name="air_preview"),
    path("air/import/<int:number>/", views_air.air_import, name="air_import"),
    path("air/import/<int:number>/aside.xlsx", views_air.air_aside, name="air_aside"),
    path("plan/", views_plan.receive, name="plan_receive"),
    path("plan/<slug:plan_id>/", views_plan.plan, name="plan"),
    path("plan/<slug:plan_id>/settle/", views_plan.settle, name="settle"),
    path("plan/<slug:plan_id>/finish/", views_plan.finish, name="finish"),
    path("plan/<slug:plan_id>/finish/<int:n>/", views_plan.finish_article, name="finish_article"),
]
