"""Forms about users."""

from __future__ import annotations

import math
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from lantian.site import clock, configured
from lantian.site.access import OUTSIDE, ROLE_NAMES
from lantian.site.people import brake
from lantian.site.people.models import User


def body_choices() -> list[tuple[str, str]]:
    """Bodies of the configured plan for a select."""
    return [("", "—"), *((body.id, body.zh) for body in configured.plan().bodies.values())]


def county_choices() -> list[tuple[str, str]]:
    """Counties of the configured plan for a select."""
    return [("", "—"), *((county.code, county.zh) for county in configured.plan().counties)]


def place_names() -> dict[str, str]:
    """Names of bodies and counties by the ids that users carry."""
    return {key: name for key, name in (*body_choices(), *county_choices()) if key}


class SignInForm(AuthenticationForm):
    """Name and password; who fails often has to wait."""

    error_messages = {  # noqa: RUF012 (so declared by Django)
        "invalid_login": "登录名或密码不对。密码区分大小写；忘记密码时请系统管理员生成一次性链接。",
        "inactive": "这个账号已停用。",
    }

    def clean(self) -> dict[str, Any]:
        username, now = str(self.cleaned_data.get("username") or ""), clock.now()
        address = brake.address_of(self.request)
        if left := brake.wait(username, address, now=now):
            seconds = math.ceil(left.total_seconds())
            words = f"{seconds} 秒" if seconds < 120 else f"{math.ceil(seconds / 60)} 分钟"
            raise ValidationError(f"登录失败次数过多，请在 {words}后再试。忘记密码时请系统管理员生成一次性链接。")
        try:
            values = super().clean()
        except ValidationError:
            brake.failed(username, address, now=now)
            raise
        brake.cleared(username, address)
        return values


class PasswordForm(forms.Form):
    """A new password, typed twice."""

    password = forms.CharField(
        label="密码",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="至少 10 个字符，不能全是数字。",
    )
    again = forms.CharField(label="再输一次密码", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        password = values.get("password", "")
        if password and password != values.get("again"):
            self.add_error("again", "两次输入的密码不一致，请重新输入。")
        if password:
            try:
                validate_password(password, self._holder(values))
            except ValidationError as error:
                self.add_error("password", error)
        return values

    def _holder(self, values: dict[str, Any]) -> User | None:
        """Whose password it will be, so that it may not be like their name."""
        return None


class OwnPasswordForm(PasswordForm):
    """A new password of who is signed in; the present one shows that it is really this person."""

    present = forms.CharField(
        label="现在的密码", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    field_order = ("present", "password", "again")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def _holder(self, values: dict[str, Any]) -> User | None:
        return self._user

    def clean_present(self) -> str:
        present: str = self.cleaned_data["present"]
        if not self._user.check_password(present):
            raise ValidationError("现在的密码不对，请重新输入。忘记密码时请系统管理员生成一次性链接。")
        return present


class FirstUseForm(PasswordForm):
    """Name and password of a person who holds a one-time link."""

    username = forms.CharField(
        label="登录名", max_length=60, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    name = forms.CharField(label="姓名", max_length=60)
    field_order = ("username", "name", "password", "again")

    def _holder(self, values: dict[str, Any]) -> User | None:
        return User(username=values.get("username", ""), name=values.get("name", ""))

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"].strip()
        if User.objects.filter(username=username).exists():
            raise ValidationError("这个登录名已有人使用，请换一个。")
        return username


class InviteForm(forms.Form):
    """Role and place of a person to be invited."""

    role = forms.ChoiceField(
        label="角色", choices=[("", "请选择"), *((role.value, zh) for role, zh in ROLE_NAMES.items())]
    )
    body = forms.ChoiceField(label="所属单位", required=False, help_text="部门联络员必填。")
    county = forms.ChoiceField(label="所属县（市）区", required=False, help_text="县（市）区联络员必填。")
    company = forms.CharField(
        label="所属企业或运维单位",
        required=False,
        max_length=120,
        help_text="企业环保人员和运维单位人员必填，须与排放口登记表里的名称一致，据此确定可以看到的排放口。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].choices = body_choices()  # type: ignore[attr-defined]
        self.fields["county"].choices = county_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("role") == "body_officer" and not values.get("body"):
            self.add_error("body", "部门联络员要选所属单位。")
        if values.get("role") == "county_officer" and not values.get("county"):
            self.add_error("county", "县（市）区联络员要选所属县（市）区。")
        if values.get("role") in OUTSIDE and not values.get("company"):
            self.add_error("company", "请填写所属企业或运维单位的名称。")
        return values


class UserForm(InviteForm):
    """What an administrator may change of a user."""

    name = forms.CharField(label="姓名", max_length=60)
    phone = forms.CharField(label="电话", max_length=30, required=False)
    is_active = forms.BooleanField(label="在用", required=False)
    field_order = ("name", "role", "body", "county", "company", "phone", "is_active")
