"""The brake on guessing passwords: after some failures each further try has to wait, longer each time.

Two counts over the last quarter of an hour, kept in the database so that all processes share them: failures for one
name from one address, and for one name from anywhere. A try inside the wait is refused without looking at the password,
and is not counted. Nobody is locked out for longer than a quarter of an hour, and signing in clears one's own count.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from lantian.site.journal.services import register, write
from lantian.site.people.models import SignInFailure, User

WINDOW = timedelta(minutes=15)
FREE_FROM_ONE_ADDRESS = 5
FREE_FROM_ANYWHERE = 25
FIRST_WAIT = timedelta(seconds=15)
KEPT = timedelta(days=1)
_LOOPBACK = {"127.0.0.1", "::1"}

register({"people.sign_in_braked": "登录多次失败，暂缓"})


def address_of(request: HttpRequest | None) -> str:
    """Address a request comes from; behind a web server of this machine, the one that server names last."""
    if request is None:
        return ""
    nearest: str = request.META.get("REMOTE_ADDR", "")
    named = request.META.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", 1)[-1].strip()
    return (named if settings.BEHIND_HTTPS and named and nearest in _LOOPBACK else nearest)[:60]


def wait(username: str, address: str, *, now: datetime) -> timedelta:
    """How long this name has to wait at this address before the next try; zero where it need not."""
    rows = SignInFailure.objects.filter(name_digest=_digest(username), at__gt=now - WINDOW)
    times = list(rows.order_by("-at").values_list("at", "address"))
    here = [at for at, where in times if where == address]
    return max(
        _left(here, FREE_FROM_ONE_ADDRESS, now), _left([at for at, _ in times], FREE_FROM_ANYWHERE, now), timedelta()
    )


def failed(username: str, address: str, *, now: datetime) -> None:
    """Counts a failure; the one that sets the brake is written to the journal where the name exists."""
    digest = _digest(username)
    SignInFailure.objects.filter(at__lt=now - KEPT).delete()
    SignInFailure.objects.create(name_digest=digest, address=address, at=now)
    count = SignInFailure.objects.filter(name_digest=digest, address=address, at__gt=now - WINDOW).count()
    who = User.objects.filter(username=username).first() if count == FREE_FROM_ONE_ADDRESS else None
    if who is not None:
        write("people.sign_in_braked", who, by=None, now=now, after={"address": address, "failures": count})


def cleared(username: str, address: str) -> None:
    """Forgets the failures of a name at an address from which it has now signed in."""
    SignInFailure.objects.filter(name_digest=_digest(username), address=address).delete()


def _left(times: list[datetime], free: int, now: datetime) -> timedelta:
    """What is left of the wait after these failures, newest first: doubled with each one beyond the free ones."""
    beyond = len(times) - free
    if beyond < 0:
        return timedelta()
    doubled: timedelta = FIRST_WAIT * 2**beyond
    return times[0] + min(doubled, WINDOW) - now


def _digest(username: str) -> str:
    """People type passwords into the name's field: what was typed is not kept."""
    return salted_hmac("lantian.people.brake", username.strip().casefold(), algorithm="sha256").hexdigest()
