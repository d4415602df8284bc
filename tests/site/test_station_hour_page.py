"""Real-time AQI at any hour: figures by hand, neighbouring hours, wrong hours, the workbook, empty states."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import pytest
from django.test import Client
from openpyxl import load_workbook
from station_city import AS_OF, NOW, make_city, pm25

from lantian.site import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("hour") / "data"
    make_city(data)
    return data


@pytest.fixture(autouse=True)
def own_folder(settings, monkeypatch, city):  # type: ignore[no-untyped-def]
    settings.DATA = city
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setenv("LANTIAN_AS_OF", AS_OF)


@pytest.fixture
def reader(client_of) -> Client:  # type: ignore[no-untyped-def]
    return client_of("leader")


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def test_the_last_hour_stands_first_and_the_hour_before_is_a_link(reader) -> None:  # type: ignore[no-untyped-def]
    text = page(reader, "/air/hour/")
    assert "2025-10-15 24:00" in text
    assert "at=2025-10-15T23" in text
    assert "at=2025-10-16T01" not in text  # nothing is known of it
    assert "丙号站" not in text


def test_an_hour_has_the_aqi_of_its_values(reader) -> None:  # type: ignore[no-untyped-def]
    at = datetime(2025, 10, 9, 10)
    sheet = load_workbook(io.BytesIO(reader.get("/air/hour.xlsx?at=2025-10-09T10:00").content)).worksheets[0]
    rows = {row[0]: row for row in sheet.iter_rows(values_only=True)}
    fine, coarse = pm25(at), 2 * pm25(at)
    # HJ 633-2012, rounded up: PM2.5 0–35 is 0–50; PM10 0–50 is 0–50, 50–150 is 50–100
    index = max(-(-fine * 50 // 35), coarse if coarse <= 50 else 50 + -(-(coarse - 50) // 2))
    assert rows["8240A"][3] == index
    assert rows["8241A"][5] == "PM10"  # stuck at 70
    assert rows["8241A"][3] == 60


@pytest.mark.parametrize(
    ("asked", "said"),
    [("at=heute", "不是整点"), ("at=2025-10-09T10:30", "不是整点"), ("at=2025-10-16T01:00", "没有实况小时值"),
     ("at=2011-01-01T01:00", "没有实况小时值"), ("at=2025-10-09T10:00%2B08:00", "不是整点"), ("values=x", "请选实况或审核后")],
)  # fmt: skip
def test_what_cannot_be_read_is_told_beside_its_field(reader, asked: str, said: str) -> None:  # type: ignore[no-untyped-def]
    text = page(reader, f"/air/hour/?{asked}", 400)
    assert text.count(said) == 1
    assert "dict_values" not in text
    assert reader.get(f"/air/hour.xlsx?{asked}").status_code == 404


def test_without_hours_the_page_says_what_will_stand_there(reader, settings, tmp_path) -> None:  # type: ignore[no-untyped-def]
    assert "还没有审核后的站点小时值" in page(reader, "/air/hour/?values=reviewed")
    settings.DATA = tmp_path
    assert "还没有实况的站点小时值" in page(reader, "/air/hour/")


def test_who_is_not_signed_in_is_asked_to(client) -> None:  # type: ignore[no-untyped-def]
    assert client.get("/air/hour/").status_code == 302
