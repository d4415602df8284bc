"""The queue: progress, failure in words, taking up again, clock work, the sign of life, the pages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time

import pytest
from django.core.cache import cache
from django_tasks_db.models import DBTaskResult

from lantian.basis.finding import Finding, Refusal, Severity, Text
from lantian.site import clock
from lantian.site.access import Action
from lantian.site.jobs import clock_work, heartbeat, registry, services, worker
from lantian.site.jobs.clock_work import ClockWork, missed
from lantian.site.jobs.models import Heartbeat, Job, State
from lantian.site.jobs.registry import job

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 10, 16, 0, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def kinds():
    """Jobs of the tests' own, taken away afterwards."""
    before = dict(registry._KINDS)
    table = dict(clock_work._TABLE)

    @job("test.add", label="相加", needs=Action.IMPORT_AIR)
    def add(handle, numbers):
        for done, _ in enumerate(numbers, start=1):
            handle.progress(done, len(numbers), f"第 {done} 个")
        return {"summary": f"合计 {sum(numbers)}", "rows": [["合计", sum(numbers)]], "url": "/jobs/", "link": "去看"}

    @job("test.refuse", label="拒绝")
    def refuse(handle):
        raise Refusal(Finding("TEST-NO", Severity.REFUSED, Text("表格没有“日期”列。请补上。", "no")))

    @job("test.break", label="出错")
    def breaks(handle):
        raise ZeroDivisionError("the arithmetic went wrong")

    @job("test.tick", label="定时")
    def tick(handle):
        return {"summary": handle.due_at.isoformat()}

    clock_work._TABLE.clear()
    yield
    registry._KINDS.clear()
    registry._KINDS.update(before)
    clock_work._TABLE.clear()
    clock_work._TABLE.update(table)
    cache.clear()


def test_a_job_is_run_with_progress_and_result(administrator):
    made = services.start("test.add", {"numbers": [1, 2, 3]}, by=administrator, now=NOW)
    assert made.state == State.QUEUED
    assert made.handed_over
    worker.run_due(NOW)
    made.refresh_from_db()
    assert (made.state, made.done, made.total, made.text, made.attempts) == (State.DONE, 3, 3, "第 3 个", 1)
    assert made.result["rows"] == [["合计", 6]]
    assert made.finished_at == NOW
    assert made.lease_until is None


def test_a_refusal_is_told_in_its_own_words_and_a_fault_with_detail():
    refused = services.start("test.refuse", {}, by=None, now=NOW)
    broken = services.start("test.break", {}, by=None, now=NOW)
    worker.run_due(NOW)
    refused.refresh_from_db()
    broken.refresh_from_db()
    assert (refused.state, refused.error, refused.detail) == (State.FAILED, "表格没有“日期”列。请补上。", "")
    assert broken.state == State.FAILED
    assert "重新进行" in broken.error
    assert "ZeroDivisionError" in broken.detail
    assert "ZeroDivisionError" not in broken.error


def test_one_open_job_per_unique_key_and_a_new_one_after_it():
    first = services.start("test.add", {"numbers": [1]}, by=None, now=NOW, unique="air:a")
    assert services.start("test.add", {"numbers": [2]}, by=None, now=NOW, unique="air:a").pk == first.pk
    worker.run_due(NOW)
    assert services.start("test.add", {"numbers": [2]}, by=None, now=NOW, unique="air:a").pk != first.pk


def test_an_unknown_job_is_refused_at_the_start():
    with pytest.raises(registry.UnknownJobError):
        services.start("test.nowhere", {}, by=None, now=NOW)
    assert not Job.objects.exists()


def test_a_job_waits_for_its_time():
    later = services.start("test.add", {"numbers": [1]}, by=None, now=NOW, due_at=NOW + timedelta(hours=1))
    worker.run_due(NOW)
    later.refresh_from_db()
    assert later.state == State.QUEUED
    worker.run_due(NOW + timedelta(hours=1))
    later.refresh_from_db()
    assert later.state == State.DONE


def test_a_waiting_job_can_be_cancelled_and_is_then_not_run(administrator):
    made = services.start("test.add", {"numbers": [1]}, by=administrator, now=NOW)
    services.cancel(made, by=administrator, now=NOW)
    worker.run_due(NOW)
    made.refresh_from_db()
    assert (made.state, made.attempts) == (State.CANCELLED, 0)
    with pytest.raises(services.JobError):
        services.cancel(made, by=administrator, now=NOW)
    again = services.repeat(made, by=administrator, now=NOW)
    assert (again.name, again.arguments, again.state) == (made.name, made.arguments, State.QUEUED)


def _died(minutes_ago: float, attempts: int) -> Job:
    made = services.start("test.add", {"numbers": [4]}, by=None, now=NOW)
    DBTaskResult.objects.filter(pk=made.task_id).update(
        status="RUNNING", started_at=NOW - timedelta(minutes=minutes_ago)
    )
    Job.objects.filter(pk=made.pk).update(
        state=State.RUNNING,
        worker="gone",
        attempts=attempts,
        lease_until=NOW - timedelta(minutes=minutes_ago) + services.LEASE,
    )
    return made


def test_a_job_whose_process_died_is_taken_up_again_after_its_lease():
    made = _died(minutes_ago=2, attempts=1)
    assert worker.run_due(NOW) >= 1
    made.refresh_from_db()
    assert (made.state, made.attempts, made.result["summary"]) == (State.DONE, 2, "合计 4")
    assert not DBTaskResult.objects.filter(status="RUNNING").exists()


def test_a_job_under_lease_is_left_alone():
    made = _died(minutes_ago=0.5, attempts=1)
    assert services.take_up_again(NOW) == 0
    made.refresh_from_db()
    assert made.state == State.RUNNING


def test_after_three_attempts_a_job_fails_with_a_reason():
    made = _died(minutes_ago=2, attempts=services.MAX_ATTEMPTS)
    assert services.take_up_again(NOW) == 0
    made.refresh_from_db()
    assert made.state == State.FAILED
    assert "3 次" in made.error


def test_a_claimed_task_whose_job_never_began_is_handed_over_again():
    made = services.start("test.add", {"numbers": [5]}, by=None, now=NOW)
    DBTaskResult.objects.filter(pk=made.task_id).update(status="RUNNING", started_at=NOW - timedelta(minutes=3))
    assert services.take_up_again(NOW) == 1
    worker.run_due(NOW)
    made.refresh_from_db()
    assert made.state == State.DONE


def test_a_job_taken_over_by_another_worker_stops_writing():
    from lantian.site.jobs.running import LostJobError, RunHandle, Seat

    made = services.start("test.add", {"numbers": [1]}, by=None, now=NOW)
    Job.objects.filter(pk=made.pk).update(state=State.RUNNING, worker="other")
    with pytest.raises(LostJobError):
        RunHandle(made, Seat("mine", lambda: NOW)).progress(1, 1)


@pytest.mark.parametrize(("catch_up", "expected"), [("latest", ["15"]), ("every", ["13", "14", "15"])])
def test_clock_work_makes_up_what_a_machine_that_was_off_missed(catch_up, expected):
    clock_work.declare(ClockWork("test.tick", clock_time(3, 10), catch_up))
    first = datetime(2025, 10, 12, 12, 0, tzinfo=UTC)
    assert worker.run_due(first) == 1  # at the very first only the latest run
    ran = worker.run_due(datetime(2025, 10, 15, 12, 0, tzinfo=UTC))
    assert ran == len(expected)
    due = [made.result["summary"][8:10] for made in Job.objects.filter(name="test.tick").order_by("due_at")]
    # 03:10 in Beijing is 19:10 of the day before in UTC
    assert due[1:] == [str(int(day) - 1) for day in expected]
    assert worker.run_due(datetime(2025, 10, 15, 12, 0, tzinfo=UTC)) == 0


def test_missed_counts_beijing_days():
    work = ClockWork("test.tick", clock_time(0, 30), "every")
    last = datetime(2025, 2, 27, 16, 30, tzinfo=UTC)  # 28 February 00:30
    assert missed(work, last, datetime(2025, 2, 28, 16, 29, tzinfo=UTC)) == []
    assert missed(work, last, datetime(2025, 2, 28, 16, 30, tzinfo=UTC)) == [datetime(2025, 2, 28, 16, 30, tzinfo=UTC)]


def test_the_nightly_tidying_removes_old_runs_of_work_at_intervals():
    from lantian.site.jobs import jobs
    from lantian.site.jobs.running import RunHandle, Seat

    clock_work.declare(ClockWork("test.tick", clock_time(0, 0), interval=timedelta(minutes=5)))
    try:
        ended = {"state": State.DONE, "created_at": NOW, "due_at": NOW, "region": "230300"}
        for name, days in (("test.tick", 8), ("test.tick", 6), ("test.add", 8)):
            Job.objects.create(name=name, finished_at=NOW - timedelta(days=days), **ended)
        jobs.tidy(RunHandle(Job.objects.first(), Seat("mine", lambda: NOW)))
        assert sorted(Job.objects.values_list("name", flat=True)) == ["test.add", "test.tick"]
    finally:
        clock_work._TABLE.pop("test.tick")


def test_work_at_an_interval_makes_up_the_latest_run_only():
    work = ClockWork("test.tick", clock_time(0, 0), interval=timedelta(minutes=5))
    now = datetime(2025, 3, 1, 1, 13, 40, tzinfo=UTC)
    latest = datetime(2025, 3, 1, 1, 10, tzinfo=UTC)
    assert missed(work, None, now) == missed(work, latest - timedelta(days=3), now) == [latest]
    assert missed(work, latest, now) == []
    late = ClockWork("test.tick", clock_time(9, 2), interval=timedelta(minutes=30))  # 01:02 in UTC
    assert missed(late, None, datetime(2025, 3, 1, 0, 40, tzinfo=UTC)) == [datetime(2025, 3, 1, 0, 32, tzinfo=UTC)]


def test_a_run_that_waits_stands_for_those_of_its_interval_that_come_meanwhile():
    clock_work.declare(ClockWork("test.tick", clock_time(0, 0), interval=timedelta(minutes=5)))
    try:
        clock_work.enqueue_due(NOW)
        clock_work.enqueue_due(NOW + timedelta(minutes=5))
        assert Job.objects.filter(name="test.tick").count() == 1
        worker.run_due(NOW + timedelta(minutes=6))
        clock_work.enqueue_due(NOW + timedelta(minutes=10))
        assert Job.objects.filter(name="test.tick").count() == 2
    finally:
        clock_work._TABLE.pop("test.tick")


def test_the_nightly_tidying_removes_old_queue_rows_only():
    from lantian.site.jobs import jobs  # the house's own jobs

    clock_work.declare(ClockWork("jobs.tidy", clock_time(3, 10)))
    assert timedelta(days=7) == jobs.KEPT
    old = services.start("test.add", {"numbers": [1]}, by=None, now=NOW)
    worker.run_due(NOW)
    DBTaskResult.objects.filter(pk=old.task_id).update(finished_at=NOW - timedelta(days=8))
    worker.run_due(NOW + timedelta(days=1))
    assert not DBTaskResult.objects.filter(pk=old.task_id).exists()
    assert Job.objects.filter(pk=old.pk, state=State.DONE).exists()


def test_a_silent_worker_is_noticed_after_five_minutes(monkeypatch):
    moment = {"now": NOW}
    monkeypatch.setattr(clock, "now", lambda: moment["now"])
    cache.clear()
    assert heartbeat.worker_is_silent() is False  # nothing heard yet, but not for five minutes
    worker.tick("w", now=NOW)
    for minutes, silent in ((5, False), (5.1, True)):
        moment["now"] = NOW + timedelta(minutes=minutes)
        cache.delete(heartbeat._KEY)
        assert heartbeat.worker_is_silent() is silent
    heartbeat.beat("w", now=moment["now"])
    assert Heartbeat.objects.count() == 1
    assert heartbeat.worker_is_silent() is True  # the answer is kept for ten seconds
    cache.delete(heartbeat._KEY)
    assert heartbeat.worker_is_silent() is False


def test_a_worker_that_never_came_is_noticed(monkeypatch):
    moment = {"now": NOW}
    monkeypatch.setattr(clock, "now", lambda: moment["now"])
    cache.clear()
    heartbeat.worker_is_silent()
    moment["now"] = NOW + timedelta(minutes=6)
    cache.delete(heartbeat._KEY)
    assert heartbeat.worker_is_silent() is True


def test_pages_show_the_job_and_only_who_may_start_it_may_repeat_it(client_of):
    made = services.start("test.break", {}, by=None, now=NOW)
    mine = services.start("test.add", {"numbers": [1]}, by=None, now=NOW)
    duty, leader = client_of("duty_officer"), client_of("leader")
    assert "排队中" in duty.get("/jobs/").content.decode()
    assert "取消" in duty.get(f"/jobs/{mine.pk}/").content.decode()
    assert '<form method="post" action="/jobs/' not in leader.get(f"/jobs/{mine.pk}/").content.decode()
    assert leader.post(f"/jobs/{mine.pk}/cancel/").status_code == 403
    part = duty.get(f"/jobs/{mine.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "hx-get" in part
    worker.run_due(NOW)
    page = duty.get(f"/jobs/{made.pk}/").content.decode()
    assert "程序内部出错" in page
    assert "hx-get" not in page
    assert duty.post(f"/jobs/{made.pk}/repeat/").status_code == 302
    assert Job.objects.filter(name="test.break").count() == 2
    assert "去看" in duty.get(f"/jobs/{mine.pk}/").content.decode()


WORKER = """
import sys, time
from datetime import timedelta
from threading import Event
import django
django.setup()
from lantian.site.jobs import registry, running, services, worker
services.LEASE = running.LEASE = timedelta(seconds=2)
worker.BEAT_SECONDS = 0.3
@registry.job("test.long", label="long")
def long(handle, file):
    with open(file, "a") as out:
        out.write("begun\\n")
    if sys.argv[1] == "hang":
        time.sleep(60)
    return {"summary": "ended"}
worker.run_worker(Event())
"""


@pytest.mark.slow
def test_a_job_whose_process_is_killed_is_ended_by_the_next_worker(tmp_path):
    """With processes of its own on a data folder of its own: SIGKILL in the middle, then another worker."""
    environment = {**os.environ, "LANTIAN_DATA": str(tmp_path / "data")}
    log = tmp_path / "log"
    code = (
        "import django; django.setup()\n"
        "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
        "from lantian.site import clock\nfrom lantian.site.jobs import registry, services\n"
        "registry.job('test.long', label='long')(lambda handle, file: None)\n"
        f"print(services.start('test.long', {{'file': {str(log)!r}}}, by=None, now=clock.now()).pk)"
    )
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True)

    def begun() -> int:
        return log.read_text().count("begun") if log.exists() else 0

    def wait_for(number: int) -> None:
        until = time.monotonic() + 30
        while begun() < number and time.monotonic() < until:
            time.sleep(0.1)
        assert begun() == number

    first = subprocess.Popen([sys.executable, "-c", WORKER, "hang"], env=environment, stderr=subprocess.DEVNULL)
    wait_for(1)
    first.kill()
    first.wait()
    second = subprocess.Popen([sys.executable, "-c", WORKER, "go"], env=environment, stderr=subprocess.DEVNULL)
    wait_for(2)
    time.sleep(1)
    second.kill()
    second.wait()
    look = (
        "import django, json; django.setup()\nfrom lantian.site.jobs.models import Job\n"
        "print(json.dumps(list(Job.objects.filter(name='test.long').values('state', 'attempts', 'result'))))"
    )
    told = subprocess.run([sys.executable, "-c", look], env=environment, check=True, capture_output=True, text=True)
    assert json.loads(told.stdout) == [{"state": "done", "attempts": 2, "result": {"summary": "ended"}}]
