from __future__ import annotations

from django.urls import path

from lantian.site.living import target_views, views

app_name = "living"
urlpatterns = [
    path("plan.json", views.home_json, name="home_json"),
    path("p/", views.home_plan, name="home_plan"),
    path("p/<slug:plan_id>/", views.plan, name="plan"),
    path("p/<slug:plan_id>/plan.json", views.plan_json, name="plan_json"),
    path("p/<slug:plan_id>/article/<int:n>/", views.article, name="article"),
    path("p/<slug:plan_id>/target/<slug:target_id>/", target_views.target, name="target"),
    path(
        "p/<slug:plan_id>/target/<slug:target_id>/<str:name>.<str:kind>", target_views.target_file, name="target_file"
    ),
    path("p/<slug:plan_id>/why/<str:subject>/", target_views.why, name="why"),
]
