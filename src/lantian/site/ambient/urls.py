from __future__ import annotations

from django.urls import path

from lantian.site.ambient import calendar_views, ranking_views, trend_views, views

app_name = "ambient"
urlpatterns = [
    path("", views.ambient, name="ambient"),
    path("now.xlsx", views.now_xlsx, name="now_xlsx"),
    path("calendar/", calendar_views.calendar, name="calendar"),
    path("calendar/calendar.xlsx", calendar_views.calendar_xlsx, name="calendar_xlsx"),
    path("day/<str:day>/", calendar_views.day, name="day"),
    path("trend/", trend_views.trend, name="trend"),
    path("trend/trend.<str:kind>", trend_views.trend_file, name="trend_file"),
    path("ranking/", ranking_views.ranking, name="ranking"),
    path("ranking/ranking.xlsx", ranking_views.ranking_xlsx, name="ranking_xlsx"),
]
