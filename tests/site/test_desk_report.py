"""The daily report: its forms, and that a report can be had again as it was."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from desk_pages import AS_OF, REPORT, ROSTER, forecast_form, page_of
from django.test import Client
from docx import Document

from lantian.site.desk import content, selectors
from lantian.site.desk.models import (
    DailyReport,
    ReportPicture,
)
from lantian.site.desk.services import report as report_services
from lantian.site.jobs.models import Job, State
from lantian.site.jobs.running import perform
from lantian.site.people.models import User

pytestmark = pytest.mark.usefixtures("desk_city")


# The report


def test_report_page_offers_text_word_and_picture_without_scripts(officer: Client) -> None:
    page = page_of(officer, REPORT)
    assert "数据为实况，未经审核。" in page
    assert "模拟数据" in page
    assert f'href="{REPORT}docx/"' in page
    assert f'action="{REPORT}picture/make/"' in page
    assert "<textarea" in page


def test_word_file_says_what_the_text_says(officer: Client) -> None:
    answer = officer.get(f"{REPORT}docx/")
    assert answer["Content-Type"].endswith("wordprocessingml.document")
    told = "".join(p.text for p in Document(io.BytesIO(answer.content)).paragraphs)
    body = page_of(officer, f"{REPORT}text/").splitlines()[2].split("：", 1)[1]
    assert body in told


@pytest.mark.parametrize("day", ["2025-10-16", "1999-01-01", "nonsense", "2025-13-01"])
def test_there_is_no_report_of_a_day_that_has_not_ended_or_lies_before_the_law(officer: Client, day: str) -> None:
    assert officer.get(f"/desk/report/{day}/").status_code == 404


def test_a_released_report_is_kept_and_the_difference_is_shown_when_data_change(officer: Client) -> None:
    officer.post(f"{REPORT}release/")
    officer.post(f"{REPORT}release/")
    kept = DailyReport.objects.get()
    assert (kept.number, kept.simulated, len(kept.inputs)) == (1, True, 64)
    assert "与最近一次留存一致" in page_of(officer, REPORT)
    officer.post("/desk/roster/paste/", {"text": ROSTER})  # who is on duty became known late
    page = page_of(officer, REPORT)
    assert "数据在留存之后有变化" in page
    assert "值班 乙、丙" in page
    assert "值班 乙、丙" not in page_of(officer, f"{REPORT}text/?number=1")
    assert page_of(officer, f"{REPORT}text/?number=1") == kept.text
    officer.post(f"{REPORT}release/")
    assert list(DailyReport.objects.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_content_goes_through_json_unchanged(officer: Client, administrator: User) -> None:
    officer.post("/desk/forecast/set/", forecast_form())
    officer.post("/desk/roster/paste/", {"text": ROSTER})
    report = selectors.report(AS_OF, administrator)
    assert content.from_json(content.as_json(report)) == report


@pytest.mark.slow
def test_the_worker_makes_the_picture_and_the_page_shows_it(reader: Client) -> None:
    reader.post(f"{REPORT}picture/make/")
    job = Job.objects.get()
    assert "hx-get" in page_of(reader, REPORT)
    perform(job.pk)
    job.refresh_from_db()
    assert job.state == State.DONE, job.error
    picture = ReportPicture.objects.get()
    assert f"{picture.digest}.png" in page_of(reader, REPORT)
    answer = reader.get(f"{REPORT}picture/{picture.digest}.png")
    assert answer.content.startswith(b"\x89PNG")


def test_one_picture_is_asked_for_once(administrator: User, now: datetime) -> None:
    report = selectors.report(AS_OF, administrator)
    first = report_services.ask_for_picture(report, by=administrator, now=now)
    assert report_services.ask_for_picture(report, by=administrator, now=now).pk == first.pk
