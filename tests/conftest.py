"""Fixtures of the whole suite: the shared trial data, a data folder of the test's own, people signed in."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import django
import hypothesis
import pytest
from django.conf import settings

_DATA = tempfile.TemporaryDirectory(prefix="lantian-test-")
os.environ["LANTIAN_DATA"] = _DATA.name  # before the settings are read: tests never touch a real data folder
os.environ["DJANGO_SETTINGS_MODULE"] = "lantian.site.settings"
hypothesis.settings.register_profile("house", deadline=None)  # time belongs to the benchmarks, not to a busy machine
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)  # the same examples on every run
hypothesis.settings.load_profile("house")
if os.environ.get("CI"):
    hypothesis.settings.load_profile("ci")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # a browser kept open for later tests leaves an event loop in this thread
django.setup()
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # hundreds of users are made

NOW = datetime(2025, 10, 16, 0, 0, tzinfo=UTC)  # 08:00 in Beijing, the morning after the simulated city's last day


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of third-party trial data; tests that need it are left out where it is absent."""
    folder = Path(os.environ.get("LANTIAN_SHARED", Path(__file__).parents[2] / "shared"))
    if not (folder / "accept").is_dir():
        pytest.skip("left out: the shared trial data is not on this machine (LANTIAN_SHARED)")
    return folder


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An empty data folder."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture
def administrator(db: None, now: datetime):  # type: ignore[no-untyped-def]
    """A user who may do everything."""
    from lantian.site.access import Role
    from lantian.site.people.services import create_user

    return create_user(
        username="admin", name="管理员", role=Role.ADMINISTRATOR, password="correct horse battery", now=now
    )


@pytest.fixture
def client_of(db: None, now: datetime) -> Callable:  # type: ignore[type-arg]
    """A function: the test client signed in with a role (and body, county or company)."""
    from django.test import Client

    from lantian.site.access import Role
    from lantian.site.people.models import User
    from lantian.site.people.services import create_user

    def signed_in(role: str, *, body: str = "", county: str = "", company: str = "") -> Client:
        name = f"{role}-{body}{county}{company}"
        user = User.objects.filter(username=name).first() or create_user(
            username=name,
            name=name,
            role=Role(role),
            password="correct horse battery",
            body=body,
            county=county,
            company=company,
            now=now,
        )
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """A test that rolls the database back rolls its revisions back too: nothing drawn before may be taken for the same."""
    from lantian.site.desk import screen
    from lantian.site.living import numbers, selectors, views

    for kept in (selectors._STATES, numbers._AIR, views._BODIES, screen._SCREENS):
        kept._values.clear()
