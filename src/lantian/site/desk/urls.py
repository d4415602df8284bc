from __future__ import annotations

from django.urls import path

from lantian.site.desk import keeping_views, report_views, views, why_views

app_name = "desk"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("log/", views.log, name="log"),
    path("log/write/", views.write_entry, name="write"),
    path("log/<int:pk>/strike/", views.strike, name="strike"),
    path("log/<int:pk>/close/", views.close_matter, name="close"),
    path("log/<int:pk>/reopen/", views.reopen_matter, name="reopen"),
    path("hand-over/", views.hand_over, name="hand_over"),
    path("hand-over/<int:pk>/accept/", views.accept, name="accept"),
    path("hand-over/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("roster/", keeping_views.roster, name="roster"),
    path("roster/paste/", keeping_views.paste_roster, name="paste_roster"),
    path("roster/day/", keeping_views.set_roster_day, name="set_roster_day"),
    path("roster/repeat/", keeping_views.repeat_week, name="repeat_week"),
    path("forecast/", keeping_views.forecast, name="forecast"),
    path("forecast/set/", keeping_views.set_forecast, name="set_forecast"),
    path("forecast/<int:pk>/remove/", keeping_views.remove_forecast, name="remove_forecast"),
    path("province/", keeping_views.province, name="province"),
    path("province/keep/", keeping_views.keep_province, name="keep_province"),
    path("province/<int:pk>/", keeping_views.province_table, name="province_table"),
    path("province/<int:pk>/withdraw/", keeping_views.withdraw_province, name="withdraw_province"),
    path("report/", report_views.newest, name="newest_report"),
    path("report/<str:day>/", report_views.report, name="report"),
    path("report/<str:day>/text/", report_views.text, name="report_text"),
    path("report/<str:day>/docx/", report_views.docx, name="report_docx"),
    path("report/<str:day>/picture/", report_views.picture_part, name="picture_part"),
    path("report/<str:day>/picture/make/", report_views.make_picture, name="make_picture"),
    path("report/<str:day>/picture/<str:digest>.png", report_views.png, name="report_png"),
    path("report/<str:day>/release/", report_views.release, name="release"),
    path("why/<str:day>/", why_views.why, name="why"),
]
