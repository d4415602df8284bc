from __future__ import annotations

from django.urls import path

from lantian.site.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.jobs, name="jobs"),
    path("<int:pk>/", views.job, name="job"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/repeat/", views.repeat, name="repeat"),
]
