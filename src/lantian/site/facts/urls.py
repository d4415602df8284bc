from __future__ import annotations

from django.urls import path

from lantian.site.facts import views

app_name = "facts"
urlpatterns = [path("", views.facts, name="facts")]
