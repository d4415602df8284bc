from __future__ import annotations

from django.urls import path

from lantian.site.bulletin import chart_views, views, wind_views

app_name = "bulletin"
urlpatterns = [
    path("", views.bulletin, name="bulletin"),
    path("charts/", chart_views.page, name="charts"),
    path("wind/", wind_views.wind, name="wind"),
    path("wind.xlsx", wind_views.wind_xlsx, name="wind_xlsx"),
    path("chart/<slug:kind>/", chart_views.part, name="chart_part"),
    path("chart/<slug:kind>/make/", chart_views.make, name="make_chart"),
    path("chart/<slug:kind>.svg", chart_views.svg, name="chart_svg"),
    path("chart/<slug:kind>.png", chart_views.png, name="chart_png"),
    path("<slug:text>/", views.month, name="month"),
    path("<slug:text>/make/", views.make, name="make"),
    path("<slug:text>/<int:number>/<slug:key>.svg", views.picture, name="picture"),
    path("<slug:text>/<int:number>/bulletin.<slug:kind>", views.file, name="file"),
]
