"""Fixtures of the duty desk: a folder with two simulated years of its city, who is on duty, who only reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from desk_pages import AS_OF
from django.test import Client

from lantian.rulebook import plan
from lantian.site.desk import screen
from lantian.site.living.kept import Kept
from lantian.work.simulate import simulate_city


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two simulated years of the configured plan's city."""
    data = tmp_path_factory.mktemp("desk")
    found = plan("jixi-2024", data)
    simulate_city(
        data,
        found.cities[0],
        found.region,
        seed=7,
        first=date(2024, 1, 1),
        last=AS_OF,
        now=datetime(2025, 10, 16, tzinfo=UTC),
    )
    return data


@pytest.fixture
def desk_city(simulated: Path, settings, db: None, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    settings.DATA = simulated
    monkeypatch.setattr(
        screen, "_SCREENS", Kept(8)
    )  # the database is rolled back after each test, kept screens are not
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # strength is not what is tried here


@pytest.fixture
def officer(client_of: Callable[..., Client]) -> Client:
    return client_of("duty_officer")


@pytest.fixture
def reader(client_of: Callable[..., Client]) -> Client:
    return client_of("leader")
