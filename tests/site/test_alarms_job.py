"""The clock work of the alarms runs referee, checks and screening itself, and a mark has its day looked at again."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from alarm_city import CITY, EVENING, FIRST, NOW, prepared

from lantian.site import clock
from lantian.site.alarms import marking
from lantian.site.alarms.jobs import SCREEN, WATCH
from lantian.site.alarms.models import Alarm
from lantian.site.alarms.times import instant
from lantian.site.jobs.clock_work import missed, table
from lantian.site.jobs.models import Job
from lantian.site.jobs.registry import kind
from lantian.site.people.models import User
from lantian.store.stack import stack_file


class Handle:
    """What a job function is given, at a fixed time."""

    job_id, by, due_at = 0, None, NOW

    def now(self) -> datetime:
        return NOW

    def progress(self, done: int, total: int, text: str = "") -> None:
        assert 0 <= done <= total


@pytest.fixture(autouse=True)
def city(data: Path, settings, db: None, monkeypatch: pytest.MonkeyPatch) -> Path:  # type: ignore[no-untyped-def]
    settings.DATA = data
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return data


def test_the_watch_comes_every_five_minutes_and_the_screening_each_night() -> None:
    work = {one.name: one for one in table()}
    assert work[WATCH].interval == timedelta(minutes=5)
    assert missed(work[WATCH], NOW - timedelta(minutes=4), NOW + timedelta(minutes=2)) == [NOW + timedelta(minutes=2)]
    assert work[SCREEN].interval is None


@pytest.mark.parametrize("name", [WATCH, SCREEN])
def test_without_outlets_and_without_data_it_says_so(city: Path, name: str) -> None:
    assert "还没有登记排放口" in kind(name).run(Handle())["summary"]  # type: ignore[index]
    prepared(city)
    assert kind(name).run(Handle())["summary"] == "预警：没有变化。"  # type: ignore[index]


def test_a_device_that_fell_silent_is_found_by_the_job(city: Path) -> None:
    prepared(city)
    at = int((NOW - timedelta(hours=2, minutes=30)).timestamp() * 1e6)
    with stack_file.writing(city) as database:
        database.execute("INSERT INTO device (mn, accepted, first_at, last_at, last_data_time) VALUES (?, 1, ?, ?, ?)",
                         (CITY[0].mn, at, at, "20251016053000"))  # fmt: skip
    assert kind(WATCH).run(Handle())["summary"] == "预警：新增 1 条。"  # type: ignore[index]
    alarm = Alarm.objects.get()
    assert (alarm.cause, alarm.tier, alarm.hours, alarm.state) == ("lost", "prompt", 2, "open")
    assert kind(WATCH).run(Handle())["summary"] == "预警：没有变化。"  # type: ignore[index]


def test_a_mark_has_its_day_looked_at_again(city: Path, client_of) -> None:  # type: ignore[no-untyped-def]
    prepared(city)
    by = User.objects.get(pk=client_of("company_officer", company=FIRST).session["_auth_user_id"])
    values = {"factor": "", "family": "monitor", "label": "校准", "start": instant(EVENING - timedelta(days=9)),
              "end": instant(EVENING - timedelta(days=9) + timedelta(minutes=30)), "reason": "校准"}  # fmt: skip
    marking.mark(CITY[0], values, by=by, now=NOW)
    job = Job.objects.get(name=WATCH)
    assert job.arguments == {"first": "2025-10-06"}
    assert kind(WATCH).run(Handle(), **job.arguments)["summary"] == "预警：没有变化。"  # type: ignore[index]
