from __future__ import annotations

from django.urls import path

from lantian.site.ambient import (  # fmt: skip
    calendar_views,
    quality_views,
    ranking_views,
    station_files,
    station_hour_views,
    station_register_views,
    station_views,
    trend_views,
    views,
)

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
    path("hour/", station_hour_views.hour, name="hour"),
    path("hour.xlsx", station_hour_views.hour_xlsx, name="hour_xlsx"),
    path("stations/", station_register_views.stations, name="stations"),
    path("stations.xlsx", station_register_views.stations_xlsx, name="stations_xlsx"),
    path("stations-template.xlsx", station_register_views.template, name="stations_template"),
    path("stations-add/", station_register_views.add, name="station_add"),
    path("stations-import/", station_register_views.take_in, name="stations_import"),
    path("stations-import/<int:pk>/", station_register_views.preview, name="stations_preview"),
    path("stations-import/<int:pk>/reasons.xlsx", station_register_views.reasons, name="stations_reasons"),
    path("stations/<path:code>/change/", station_register_views.change, name="station_change"),
    path("stations/<path:code>/withdraw/", station_register_views.withdraw, name="station_withdraw"),
    path("stations/<path:code>/hours.<str:kind>", station_files.station_file, name="station_file"),
    path("stations/<path:code>/<slug:item>.svg", station_files.station_svg, name="station_svg"),
    path("stations/<path:code>/", station_views.station, name="station"),
    path("quality/", quality_views.quality, name="quality"),
    path("quality.xlsx", quality_views.quality_xlsx, name="quality_xlsx"),
    path("quality/check/", quality_views.check, name="quality_check"),
    path("quality/<str:values>/<str:month>/<str:key>/note/", quality_views.note, name="note_finding"),
    path("quality/notes/<int:pk>/withdraw/", quality_views.withdraw_note, name="withdraw_note"),
]
