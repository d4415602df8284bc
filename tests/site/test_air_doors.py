"""Records of other plans, names that lead elsewhere, words that look like formulas, files that are too much."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from lantian.site.board.models import BasisDecision, DoubtReport, ExcludedDays
from lantian.site.bulletin.models import Bulletin, BulletinFile
from lantian.site.people.models import User
from lantian.work.simulate import simulate_city

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 10, 16, 20, tzinfo=UTC)  # 04:00 of the 17th in Beijing
AS_OF = date(2025, 10, 15)
ELSEWHERE = "110000"


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("doors")
    simulate_city(data, "鸡西", "230300", seed=7, first=date(2024, 12, 1), last=AS_OF, now=NOW)
    return data


@pytest.fixture
def coordinator(client_of: Callable[..., Client], simulated: Path, settings) -> Client:  # type: ignore[no-untyped-def]
    settings.DATA = simulated
    return client_of("coordinator")


def kept(by: User, **more: object) -> dict[str, object]:
    return {"region": "230300", "entered_by": by, "entered_at": NOW, **more}


def decision(by: User, **more: object) -> BasisDecision:
    return BasisDecision.objects.create(
        **kept(by, plan="jixi-2024", subject="pm25_annual_mean", edition="by_date", values_kind="realtime",
               dust="included", stations="city", decimals=0, validity="hj_663", assessor="省厅", document="甲号",
               decided_by="甲", decided_on=date(2025, 3, 1), reason="办法", **more)
    )  # fmt: skip


def excluded(by: User, **more: object) -> ExcludedDays:
    return ExcludedDays.objects.create(
        **kept(by, place="鸡西", first=date(2025, 4, 1), last=date(2025, 4, 1), items=["pm25"], kind="dust",
               decided_by="总站", document="乙号", decided_on=date(2025, 5, 1)) | more
    )  # fmt: skip


def doubt(by: User, **more: object) -> DoubtReport:
    return DoubtReport.objects.create(
        **kept(by, addressee="省站", stations="甲站", first=AS_OF, last=AS_OF, phenomenon="久不变") | more
    )


def test_a_record_of_another_plan_or_region_is_not_there(coordinator: Client, administrator: User) -> None:
    other = decision(administrator)
    BasisDecision.objects.filter(pk=other.pk).update(plan="another-plan")
    days, draft = excluded(administrator, region=ELSEWHERE), doubt(administrator, region=ELSEWHERE)
    for path in (f"basis/{other.pk}", f"excluded/{days.pk}", f"doubts/{draft.pk}"):
        assert coordinator.post(f"/board/{path}/withdraw", {"reason": "试"}).status_code == 404, path
    assert coordinator.get(f"/board/doubts/{draft.pk}/").status_code == 404
    assert coordinator.get(f"/board/doubts/{draft.pk}/draft.docx").status_code == 404
    assert not any(one.objects.get().is_withdrawn for one in (BasisDecision, ExcludedDays, DoubtReport))


def test_a_bulletin_of_another_plan_is_not_there(coordinator: Client) -> None:
    one = Bulletin.objects.create(
        plan="another-plan", region="230300", month=date(2025, 9, 1), number=1, as_of=AS_OF, data_version=1,
        inputs="0" * 64, content={}, made_at=NOW,
    )  # fmt: skip
    BulletinFile.objects.create(bulletin=one, name="docx", body=b"secret")
    assert coordinator.get("/bulletin/2025-09/1/bulletin.docx").status_code == 404
    assert b"secret" not in coordinator.get("/bulletin/2025-09/").content


@pytest.mark.parametrize(
    "path",
    [
        "/bulletin/chart/..%2f..%2fsecret.svg?place=鸡西",
        "/bulletin/chart/calendar.svg?place=../../secret&year=2025",
        "/bulletin/2025-09/1/..%2f..%2fsecret.svg",
        "/bulletin/2025-09/1/bulletin.%2e%2e",
        "/bulletin/..%2fsecret/",
        "/air/day/..%2f..%2fsecret/",
        "/air/day/2025-10-01/?place=../secret",
        "/air/trend/trend.%2e%2e%2fsecret",
    ],
)
def test_a_name_that_leads_elsewhere_is_no_name(coordinator: Client, path: str) -> None:
    assert coordinator.get(path).status_code == 404


def test_words_that_look_like_formulas_stay_words_in_every_workbook_of_the_board(
    coordinator: Client, administrator: User
) -> None:
    formula = '=HYPERLINK("http://x.example","甲")'
    decision(administrator, withdrawn_at=NOW, withdrawn_by=administrator, withdrawn_reason=formula)
    BasisDecision.objects.update(reason=formula, assessor="+1", decided_by="-1", document="@x")
    excluded(administrator, note=formula, document="=1+1")
    for path in ("/board/basis.xlsx", "/board/excluded.xlsx"):
        sheet = load_workbook(io.BytesIO(coordinator.get(path).content)).worksheets[0]
        cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
        assert any(str(cell.value).startswith("=") for cell in cells), path
        assert all(cell.data_type != "f" for cell in cells), path


def test_instants_stand_in_workbooks_by_the_clock_of_beijing(coordinator: Client, administrator: User) -> None:
    decision(administrator, withdrawn_at=NOW, withdrawn_by=administrator, withdrawn_reason="误")
    sheet = load_workbook(io.BytesIO(coordinator.get("/board/basis.xlsx").content)).worksheets[0]
    cells = [cell.value for row in sheet.iter_rows(min_row=2) for cell in row]
    assert datetime(2025, 10, 17, 4) in cells
    assert "2025-10-17 误" in cells


def test_a_scan_that_is_no_document_is_refused_and_no_day_is_taken_out(coordinator: Client) -> None:
    values = {
        "place": "鸡西", "first": "2025-04-10", "items": ["pm25"], "kind": "dust", "decided_by": "总站",
        "document": "甲号", "decided_on": "2025-05-06",
        "file": SimpleUploadedFile("scan.pdf", b"MZ\x90\x00 no document at all"),
    }  # fmt: skip
    answer = coordinator.post("/board/excluded/record", values)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert not ExcludedDays.objects.exists()


def test_a_paste_too_long_is_told(coordinator: Client) -> None:
    answer = coordinator.post("/board/excluded/paste", {"text": "甲\t" * 60_000})
    assert answer.status_code == 200
    assert "100000" in answer.content.decode().replace(",", "")


def test_a_reason_is_needed_to_withdraw_and_is_kept_whole_or_not_at_all(
    coordinator: Client, administrator: User
) -> None:
    one = decision(administrator)
    for reason in ("", "长" * 301):
        answer = coordinator.post(f"/board/basis/{one.pk}/withdraw", {"reason": reason}, follow=True)
        assert "没有撤回" in answer.content.decode()
    assert not BasisDecision.objects.get().is_withdrawn
    coordinator.post(f"/board/basis/{one.pk}/withdraw", {"reason": "长" * 300})
    assert BasisDecision.objects.get().withdrawn_reason == "长" * 300


@pytest.mark.parametrize(
    ("path", "media"),
    [
        ("/board/figure.svg", "image/svg+xml"),
        ("/air/trend/trend.svg?period=2025-09", "image/svg+xml"),
        ("/board/days.csv", "text/csv; charset=utf-8"),
        ("/board/board.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_files_are_kept_and_say_that_their_days_are_simulated_and_their_rules_not_verified(
    coordinator: Client, path: str, media: str
) -> None:
    answer = coordinator.get(path)
    assert answer["Content-Type"] == media
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    if media.endswith("sheet"):
        sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
        text = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    else:
        text = answer.content.decode()
    assert "模拟数据" in text
    assert "未核实依据" in text


@pytest.mark.parametrize(
    "path", ["/board/", "/air/calendar/?year=2025", "/air/trend/?period=2025-09", "/air/day/2025-10-01/"]
)
def test_pages_of_figures_name_the_rules_that_are_not_verified(coordinator: Client, path: str) -> None:
    assert "未核实依据" in coordinator.get(path).content.decode()
