"""What is done to users: invite, accept, change, sign off. Each writes its journal entry in the same transaction."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from lantian.site import configured
from lantian.site.access import Role
from lantian.site.journal.services import write
from lantian.site.people.models import Invitation, User

LINK_LIFE = timedelta(days=3)


class LinkError(ValueError):
    """The one-time link is unknown, used or too old; the text says what to do."""


def region() -> str:
    """Region code of the configured plan."""
    return configured.plan().region


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(
    *,
    role: Role,
    now: datetime,
    by: User | None = None,
    body: str = "",
    county: str = "",
    company: str = "",
    user: User | None = None,
) -> str:
    """Token of a new one-time link for a role, or for a person who forgot the password."""
    token = secrets.token_urlsafe(24)
    Invitation.objects.create(
        token_digest=_digest(token),
        role=role.value,
        region=region(),
        body=body,
        county=county,
        company=company,
        user=user,
        created_at=now,
        expires_at=now + LINK_LIFE,
    )
    place = {"body": body, "county": county, "company": company}
    write("people.invited", user or role.value, by=by, now=now, after={"role": role.value, **place})
    return token


def invitation(token: str, *, now: datetime) -> Invitation:
    """The open invitation of a token.

    Errors  LinkError where it is unknown, used or expired
    """
    found = Invitation.objects.filter(token_digest=_digest(token)).first()
    if found is None:
        raise LinkError("此链接无效。请核对是否复制完整，或请系统管理员重新生成。")
    if found.used_at:
        raise LinkError("此链接已使用过，一个链接只能用一次。请直接登录；忘记密码时请系统管理员重新生成链接。")
    if found.expires_at <= now:
        raise LinkError("此链接已过期。请系统管理员重新生成。")
    return found


@transaction.atomic
def accept(token: str, *, username: str, name: str, password: str, now: datetime) -> User:
    """The user made (or given a new password) by a one-time link, which is used up."""
    found = invitation(token, now=now)
    if Invitation.objects.filter(pk=found.pk, used_at=None).update(used_at=now) != 1:
        raise LinkError("此链接已使用过。")
    if found.role == Role.ADMINISTRATOR and not User.objects.filter(role=Role.ADMINISTRATOR).exists():
        void_first_links(now=now)  # what earlier starts printed must not make a second administrator
    user = found.user or User(
        username=username,
        name=name,
        role=found.role,
        region=found.region,
        body=found.body,
        county=found.county,
        company=found.company,
        created_at=now,
    )
    user.set_password(password)
    user.save()
    write("people.link_used", user, by=user, now=now, after={"username": user.username, "role": user.role})
    return user


def void_first_links(*, now: datetime) -> None:
    """Ends the open links that would each make an administrator; called while there is none."""
    Invitation.objects.filter(role=Role.ADMINISTRATOR.value, user=None, used_at=None).update(expires_at=now)


def open_invitations(*, now: datetime) -> QuerySet[Invitation]:
    """Links that still work, those that end first in front."""
    found = Invitation.objects.filter(used_at=None, expires_at__gt=now)
    return found.select_related("user").order_by("expires_at", "pk")


@transaction.atomic
def void_invitation(found: Invitation, *, by: User, now: datetime) -> None:
    """Ends a link before its time.

    Errors  LinkError where it was used meanwhile
    """
    if not Invitation.objects.filter(pk=found.pk, used_at=None).update(expires_at=now):
        raise LinkError("此链接刚刚被使用，不能作废。需要时请停用该用户。")
    write("people.link_voided", str(found.user or found.role), by=by, now=now, before={"role": found.role})


@transaction.atomic
def create_user(
    *,
    username: str,
    name: str,
    role: Role,
    password: str,
    now: datetime,
    by: User | None = None,
    body: str = "",
    county: str = "",
    company: str = "",
) -> User:
    """A new user with a password, as ``lantian user add`` makes it."""
    place = {"region": region(), "body": body, "county": county, "company": company}
    user = User(username=username, name=name, role=role.value, created_at=now, **place)
    user.set_password(password)
    user.save()
    write("people.created", user, by=by, now=now, after={"username": username, "role": role.value})
    return user


@transaction.atomic
def change_user(user: User, changes: dict[str, object], *, by: User, now: datetime) -> None:
    """Changes name, role, body, county, company, phone or whether the account is in use; the last administrator stays."""
    before = {key: getattr(user, key) for key in changes}
    for key, value in changes.items():
        setattr(user, key, value)
    user.save(update_fields=list(changes))
    if not User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exists():
        raise ValueError("至少要保留一名在用的系统管理员。请先指定另一名系统管理员。")
    write("people.changed", user, by=by, now=now, before=before, after=dict(changes))
