from __future__ import annotations

from django.urls import path

from lantian.site.board import deciding_views, doubt_views, views

app_name = "board"
urlpatterns = [
    path("", views.board, name="board"),
    path("text", views.text, name="text"),
    path("board.xlsx", views.workbook, name="workbook"),
    path("figure.svg", views.svg, name="svg"),
    path("days.csv", views.days, name="days"),
    path("basis/", deciding_views.basis, name="basis"),
    path("basis/record", deciding_views.record_basis, name="record_basis"),
    path("basis.xlsx", deciding_views.basis_file, name="basis_file"),
    path("basis/<int:pk>/withdraw", deciding_views.withdraw_basis, name="withdraw_basis"),
    path("excluded/", deciding_views.excluded, name="excluded"),
    path("excluded/record", deciding_views.record_excluded, name="record_excluded"),
    path("excluded/paste", deciding_views.paste_excluded, name="paste_excluded"),
    path("excluded.xlsx", deciding_views.excluded_file, name="excluded_file"),
    path("excluded/<int:pk>/withdraw", deciding_views.withdraw_excluded, name="withdraw_excluded"),
    path("doubts/", doubt_views.doubts, name="doubts"),
    path("doubts/record", doubt_views.record, name="record_doubt"),
    path("doubts/<int:pk>/", doubt_views.doubt, name="doubt"),
    path("doubts/<int:pk>/draft.txt", doubt_views.doubt_file, {"kind": "txt"}, name="doubt_text"),
    path("doubts/<int:pk>/draft.docx", doubt_views.doubt_file, {"kind": "docx"}, name="doubt_docx"),
    path("doubts/<int:pk>/withdraw", doubt_views.withdraw, name="withdraw_doubt"),
]
