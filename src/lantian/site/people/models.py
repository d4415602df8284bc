"""Users of the staff pages, and the one-time links that let a person set a first password."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from lantian.site.access import ROLE_NAMES


class Users(BaseUserManager["User"]):
    """Looks users up by the name they sign in with."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=username)


class User(AbstractBaseUser):
    """A person with one role; ``body`` and ``county`` say whose duties they answer for, ``company`` whose outlets."""

    username = models.CharField("登录名", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=60)
    role = models.CharField("角色", max_length=30, choices=[(role.value, zh) for role, zh in ROLE_NAMES.items()])
    region = models.CharField("行政区划代码", max_length=6)
    body = models.CharField("所属单位", max_length=60, blank=True)
    county = models.CharField("所属县（市）区", max_length=6, blank=True)
    company = models.CharField("所属企业或运维单位", max_length=120, blank=True)
    phone = models.CharField("电话", max_length=30, blank=True)
    is_active = models.BooleanField("在用", default=True)
    created_at = models.DateTimeField("建立时间")

    objects = Users()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "role"]

    class Meta:
        ordering: ClassVar = ["name", "username"]

    def __str__(self) -> str:
        return self.name or self.username


class Invitation(models.Model):
    """A link that works once: its holder chooses a name and password. Only the digest of the token is kept."""

    token_digest = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=30)
    region = models.CharField(max_length=6)
    body = models.CharField(max_length=60, blank=True)
    county = models.CharField(max_length=6, blank=True)
    company = models.CharField(max_length=120, blank=True)
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="invitations")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)


class SignInFailure(models.Model):
    """A try to sign in that failed: keyed digest of the name, address, time. Rows are dropped after a day."""

    name_digest = models.CharField(max_length=64, db_index=True)
    address = models.CharField(max_length=60)
    at = models.DateTimeField(db_index=True)
