from __future__ import annotations

from django.urls import path

from lantian.site.people import views

app_name = "people"
urlpatterns = [
    path("login/", views.sign_in, name="login"),
    path("logout/", views.sign_out, name="logout"),
    path("first/<str:token>/", views.first_use, name="first_use"),
    path("password/", views.password, name="password"),
    path("users/", views.users, name="users"),
    path("users/<int:pk>/", views.user, name="user"),
]
