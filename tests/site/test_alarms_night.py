"""The night's alarms on the duty desk: by tier, by county, kept until something changes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from alarm_city import COUNTY, NOW, OTHER_COUNTY, exceeding, prepared, suspecting, watched
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lantian.site import clock
from lantian.site.alarms import acting
from lantian.site.alarms.models import Alarm
from lantian.site.alarms.night import night
from lantian.site.people.models import User
from lantian.store.stack.outlets import publish


@pytest.fixture(autouse=True)
def city(data: Path, settings, db: None, monkeypatch: pytest.MonkeyPatch) -> Path:  # type: ignore[no-untyped-def]
    settings.DATA = data
    monkeypatch.setattr(clock, "now", lambda: NOW)
    prepared(data)
    return data


def test_the_desk_says_what_will_stand_there_then_that_nothing_was_then_what(city: Path, client_of) -> None:  # type: ignore[no-untyped-def]
    publish(city, ())
    officer = client_of("duty_officer")
    assert "排放口预警：登记排放口并接入数据后列出" in officer.get("/desk/").content.decode()
    prepared(city)
    assert "3 个排放口没有预警" in officer.get("/desk/").content.decode()
    exceeding(city, [0, 1, 2])
    suspecting(city)
    watched(city)
    page = officer.get("/desk/").content.decode()
    assert "分局 1" in page
    assert "10月15日 18:00 以来" in page, "the night by its date: the air shown may be of another day"
    assert "八点清单 1" in page
    assert "疑似恒值" in page
    acting.settle(Alarm.objects.get(cause="hour"), "已核实", by=User.objects.get(role="duty_officer"), now=NOW)
    assert "已销号" in officer.get("/desk/").content.decode()


def test_a_county_sees_its_own_night(city: Path, client_of) -> None:  # type: ignore[no-untyped-def]
    exceeding(city, [0])
    exceeding(city, [0, 1, 2], outlet="B-DA001")
    watched(city)
    mine, other = (
        client_of("county_officer", county=code).get("/desk/").content.decode() for code in (COUNTY, OTHER_COUNTY)
    )
    assert ("模拟企业甲" in mine, "模拟企业乙" in mine) == (True, False)
    assert ("模拟企业甲" in other, "模拟企业乙" in other) == (False, True)


def test_a_night_begins_at_18_00_and_takes_few_queries(city: Path, client_of) -> None:  # type: ignore[no-untyped-def]
    exceeding(city, [0])
    watched(city)
    user = User.objects.get(pk=client_of("duty_officer").session["_auth_user_id"])
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert night(user, NOW).total == 1
    assert len(asked) <= 3
    assert night(user, NOW + timedelta(days=1)).total == 0
