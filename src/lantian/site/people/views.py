"""Signing in and out, one-time links, own password, and the administrator's list of users."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from lantian.site import clock
from lantian.site.access import ROLE_NAMES, Action, Role, action
from lantian.site.journal.services import write
from lantian.site.people import services
from lantian.site.people.forms import (
    FirstUseForm,
    InviteForm,
    OwnPasswordForm,
    PasswordForm,
    SignInForm,
    UserForm,
    place_names,
)
from lantian.site.people.models import Invitation, User

sign_in = action(Action.SIGN_IN)(
    LoginView.as_view(
        template_name="people/login.html", authentication_form=SignInForm, redirect_authenticated_user=True
    )
)


@action(Action.SIGN_IN)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Ends the session and shows the public plan."""
    logout(request)
    response = redirect("home")
    response["Clear-Site-Data"] = '"cache"'  # "back" must not show what the last person saw
    return response


@action(Action.SIGN_IN)
def first_use(request: HttpRequest, token: str) -> HttpResponseBase:
    """The page behind a one-time link: choose a name and a password, and be signed in."""
    now = clock.now()
    try:
        found = services.invitation(token, now=now)
    except services.LinkError as error:
        return render(request, "people/link_refused.html", {"reason": error}, status=410)
    form = (PasswordForm if found.user else FirstUseForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            user = services.accept(
                token,
                username=values.get("username", ""),
                name=values.get("name", ""),
                password=values["password"],
                now=now,
            )
        except services.LinkError as error:  # the button was pressed twice
            return render(request, "people/link_refused.html", {"reason": error}, status=410)
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        return redirect("home")
    return render(request, "people/first_use.html", {"form": form, "invitation": found})


@action(Action.OWN_ACCOUNT)
def password(request: HttpRequest) -> HttpResponseBase:
    """Changes one's own password."""
    user = _user(request)
    form = OwnPasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        user.set_password(form.cleaned_data["password"])
        user.save(update_fields=["password"])
        update_session_auth_hash(request, user)
        write("people.password_changed", user, by=user, now=clock.now())
        messages.success(request, "密码已更改。")
        return redirect("home")
    return render(request, "people/password.html", {"form": form})


@action(Action.MANAGE_USERS)
def users(request: HttpRequest) -> HttpResponseBase:
    """All users, the links not yet used, and the form that invites one more."""
    now = clock.now()
    if request.method == "POST" and "void" in request.POST:
        return _void(request, now)
    form = InviteForm(request.POST or None)
    link = None
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        token = services.invite(
            role=Role(values["role"]),
            body=values["body"],
            county=values["county"],
            company=values["company"],
            now=now,
            by=_user(request),
        )
        link = request.build_absolute_uri(reverse("people:first_use", args=[token]))
    context = {
        "users": User.objects.all(),
        "invitations": services.open_invitations(now=now),
        "roles": {role.value: words for role, words in ROLE_NAMES.items()},
        "places": place_names(),
        "form": form,
        "link": link,
    }
    return render(request, "people/users.html", context)


def _void(request: HttpRequest, now: datetime) -> HttpResponseBase:
    number = request.POST["void"]
    found = get_object_or_404(Invitation, pk=int(number) if number.isdecimal() else 0)
    try:
        services.void_invitation(found, by=_user(request), now=now)
        messages.success(request, "链接已作废。")
    except services.LinkError as error:
        messages.error(request, str(error))
    return redirect("people:users")


@action(Action.MANAGE_USERS)
def user(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One user: change role and place, sign off, or make a link for a new password."""
    who = get_object_or_404(User, pk=pk)
    fields = ("name", "role", "body", "county", "company", "phone", "is_active")
    form = UserForm(request.POST or None, initial={field: getattr(who, field) for field in fields})
    link = None
    if request.method == "POST" and "reset" in request.POST:
        token = services.invite(role=Role(who.role), now=clock.now(), by=_user(request), user=who)
        link = request.build_absolute_uri(reverse("people:first_use", args=[token]))
        form = UserForm(initial={field: getattr(who, field) for field in fields})
    elif request.method == "POST" and form.is_valid():
        changes = {
            field: form.cleaned_data[field] for field in fields if form.cleaned_data[field] != getattr(who, field)
        }
        try:
            if changes:
                services.change_user(who, changes, by=_user(request), now=clock.now())
        except ValueError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"已保存：{who.name}。")
            return redirect("people:users")
    return render(request, "people/user.html", {"who": who, "form": form, "link": link})


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
