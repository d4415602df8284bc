from __future__ import annotations

from django.urls import path

from lantian.site.alarms import alarm_views, mark_views, operator_views, order_views

app_name = "alarms"
urlpatterns = [
    path("", alarm_views.alarms, name="alarms"),
    path("xlsx/", alarm_views.alarms_xlsx, name="alarms_xlsx"),
    path("look/", alarm_views.look, name="look"),
    path("<int:pk>/", alarm_views.alarm, name="alarm"),
    path("<int:pk>/<str:what>/", alarm_views.act, name="act"),
    path("case/<int:pk>/", alarm_views.case, name="case"),
    path("case/<int:pk>/file/", alarm_views.case_file, name="case_file"),
    path("orders/", order_views.orders, name="orders"),
    path("orders/xlsx/", order_views.orders_xlsx, name="orders_xlsx"),
    path("orders/draft/", order_views.draft, name="draft"),
    path("orders/<int:pk>/", order_views.order, name="order"),
    path("orders/<int:pk>/back/", order_views.take_back, name="take_back"),
    path("orders/<int:pk>/step/<str:name>/", order_views.step, name="step"),
    path("orders/<int:pk>/file/<int:file>/", order_views.attachment, name="attachment"),
    path("orders/<int:pk>/as/<str:kind>/", order_views.document, name="document"),
    path("marks/", mark_views.marks, name="marks"),
    path("marks/xlsx/", mark_views.marks_xlsx, name="marks_xlsx"),
    path("marks/<int:pk>/judge/", mark_views.judge, name="judge_mark"),
    path("marks/<int:pk>/withdraw/", mark_views.withdraw_mark, name="withdraw_mark"),
    path("notices/", mark_views.notices, name="notices"),
    path("notices/xlsx/", mark_views.notices_xlsx, name="notices_xlsx"),
    path("notices/<int:pk>/end/", mark_views.end_notice, name="end_notice"),
    path("notices/<int:pk>/withdraw/", mark_views.withdraw_notice, name="withdraw_notice"),
    path("evidence/<str:kind>/<int:pk>/<int:file>/", mark_views.evidence, name="evidence"),
    path("operators/", operator_views.operators, name="operators"),
    path("operators/xlsx/", operator_views.operators_xlsx, name="operators_xlsx"),
    path("operators/<str:name>/", operator_views.operator, name="operator"),
]
