from __future__ import annotations

from django.urls import path

from lantian.site.jobs import views

app_name = "jobs"
urlpatterns = [path("", views.jobs, name="jobs")]
