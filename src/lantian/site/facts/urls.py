from __future__ import annotations

from django.urls import path

from lantian.site.facts import views

app_name = "facts"
urlpatterns = [
    path("", views.facts, name="facts"),
    path("review/", views.review, name="review"),
    path("export.xlsx", views.export, name="export"),
    path("entry/<int:pk>/", views.entry, name="entry"),
    path("entry/<int:pk>/judge/", views.judge, name="judge"),
    path("entry/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<slug:plan_id>/<slug:item_id>/", views.item, name="item"),
]
