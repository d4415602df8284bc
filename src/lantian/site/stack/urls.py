from __future__ import annotations

from django.urls import path

from lantian.site.stack import (  # fmt: skip
    catalogue_views,
    completeness_views,
    device_views,
    intake_views,
    live_views,
    outlet_files,
    outlet_views,
    register_table_views,
    register_views,
    released_views,
    why_views,
)

app_name = "stack"
urlpatterns = [
    path("", live_views.page, name="live"),
    path("live.xlsx", live_views.workbook, name="live_xlsx"),
    path("outlets/", register_views.outlets, name="outlets"),
    path("outlets.xlsx", register_views.workbook, name="outlets_xlsx"),
    path("outlets-template.xlsx", register_table_views.template, name="outlets_template"),
    path("outlets-import/", register_table_views.take_in, name="outlets_import"),
    path("outlets-import/<int:pk>/", register_table_views.preview, name="outlets_preview"),
    path("outlets-import/<int:pk>/reasons.xlsx", register_table_views.reasons, name="outlets_reasons"),
    path("outlets-add/", register_views.add, name="outlet_add"),
    path("outlets/<str:code>/change/", register_views.change, name="outlet_change"),
    path("outlets/<str:code>/close/", register_views.close, name="outlet_close"),
    path("outlets/<str:code>/device/", device_views.page, name="outlet_device"),
    path("outlets/<str:code>/release/", released_views.release, name="release"),
    path("outlets/<str:code>/records.csv", outlet_files.records_csv, name="outlet_csv"),
    path("outlets/<str:code>/verdicts.xlsx", outlet_files.verdicts_xlsx, name="outlet_xlsx"),
    path("outlets/<str:code>/hours/<slug:factor>/<str:hour>/", why_views.page, name="hour_why"),
    path("outlets/<str:code>/<slug:factor>.svg", outlet_files.curve_svg, name="outlet_curve"),
    path("outlets/<str:code>/", outlet_views.page, name="outlet"),
    path("checks/", catalogue_views.catalogue, name="catalogue"),
    path("checks.xlsx", catalogue_views.workbook, name="catalogue_xlsx"),
    path("checks/<str:code>/", catalogue_views.check, name="check"),
    path("completeness/", completeness_views.page, name="completeness"),
    path("completeness.xlsx", completeness_views.workbook, name="completeness_xlsx"),
    path("import/", intake_views.intake, name="intake"),
    path("import/<int:pk>/", intake_views.intake_preview, name="intake_preview"),
    path("import/<int:pk>/reasons.xlsx", intake_views.reasons, name="intake_reasons"),
    path("import/batches/<int:batch>/withdraw/", intake_views.take_back, name="take_back"),
    path("released/", released_views.released, name="released"),
    path("released/<int:pk>/", released_views.figures, name="released_figures"),
    path("released/<int:pk>/hours.csv", released_views.figures_csv, name="released_csv"),
    path("released/<int:pk>/hours.xlsx", released_views.figures_xlsx, name="released_xlsx"),
    path("released/<int:pk>/withdraw/", released_views.withdraw, name="release_withdraw"),
]
