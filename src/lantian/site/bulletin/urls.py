from __future__ import annotations

from django.urls import path

from lantian.site.bulletin import views

app_name = "bulletin"
urlpatterns = [
    path("", views.bulletin, name="bulletin"),
]
