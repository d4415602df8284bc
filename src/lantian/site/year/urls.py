from __future__ import annotations

from django.urls import path

from lantian.site.year import views, views_import

app_name = "year"
_YEAR = "<slug:plan_id>/<int:number>/"
urlpatterns = [
    path("", views.year, name="year"),
    path("task/<int:pk>/", views.task, name="task"),
    path("task/<int:pk>/step/", views.step, name="step"),
    path("row/<slug:kind>/<int:pk>/", views.row, name="row"),
    path("row/<slug:kind>/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("staged/<int:pk>/", views_import.staged, name="staged"),
    path("staged/<int:pk>/reasons.xlsx", views_import.reasons, name="reasons"),
    path(_YEAR, views.overview_page, name="overview"),
    path(f"{_YEAR}<slug:kind>/", views.overview_page, name="kind"),
    path(f"{_YEAR}<slug:kind>/add/", views.add, name="add"),
    path(f"{_YEAR}<slug:kind>/import/", views_import.take_in, name="import"),
    path(f"{_YEAR}<slug:kind>/template.xlsx", views.blank, name="template"),
    path(f"{_YEAR}<slug:kind>/export.xlsx", views.export, name="export"),
]
