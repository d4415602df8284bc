"""Addresses. ``/`` is the configured plan for the public and the duty desk for those signed in."""

from __future__ import annotations

from django.urls import include, path

from lantian.site import home

urlpatterns = [
    path("", home.home, name="home"),
    path("favicon.ico", home.icon, name="icon"),
    path("language/", home.set_language, name="set_language"),
    path("account/", include("lantian.site.people.urls")),
    path("desk/", include("lantian.site.desk.urls")),
    path("air/", include("lantian.site.ambient.urls")),
    path("board/", include("lantian.site.board.urls")),
    path("bulletin/", include("lantian.site.bulletin.urls")),
    path("stack/", include("lantian.site.stack.urls")),
    path("alarms/", include("lantian.site.alarms.urls")),
    path("year/", include("lantian.site.year.urls")),
    path("facts/", include("lantian.site.facts.urls")),
    path("intake/", include("lantian.site.intake.urls")),
    path("jobs/", include("lantian.site.jobs.urls")),
    path("journal/", include("lantian.site.journal.urls")),
    path("", include("lantian.site.living.urls")),
]
handler400 = "lantian.site.home.bad"
handler403 = "lantian.site.home.refused"
handler404 = "lantian.site.home.not_found"
handler500 = "lantian.site.home.failed"
