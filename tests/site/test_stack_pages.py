"""Pages of outlets: live state, curves, verdicts, completeness, commands, import and release, each for whom it concerns."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from tests.store.stack.stack_frames import frame, keep

from lantian.basis.period import BEIJING
from lantian.site.jobs.models import Job
from lantian.site.jobs.worker import run_due
from lantian.site.journal.models import Entry
from lantian.site.stack import services
from lantian.site.stack.models import Outlet, Released
from lantian.store.stack import stack_file, verdicts
from lantian.store.stack.records import records
from lantian.work.stack_referee import judge

pytestmark = pytest.mark.django_db
MN = "A" * 24
NOW = datetime(2026, 11, 2, 2, 5, tzinfo=UTC)  # 10:05 in Beijing
VALUES = {
    "code": "M1-DA001", "name": "1号锅炉排口", "company": "模拟热电一", "region": "230302", "mn": MN, "operator": "模拟运维一",
    "reference_o2": Decimal("9"),
}  # fmt: skip
LIMIT = {
    "factor": "a21026",
    "hour": Decimal("35"),
    "day": None,
    "source": "模拟排污许可",
    "first": date(2024, 1, 1),
    "last": None,
}


def minute(start: datetime, so2: str) -> dict[str, str]:
    return {"a21026-Avg": so2, "a21026-ZsAvg": so2, "a21026-Flag": "N", "a19001-Avg": "9", "a19001-Flag": "N"}


@pytest.fixture
def city(data: Path, settings, administrator, monkeypatch: pytest.MonkeyPatch) -> Path:  # type: ignore[no-untyped-def]
    """Two registered outlets; the first sent two hours of minutes, the second of them above its limit, and was judged."""
    settings.DATA = data
    monkeypatch.setattr(services.transaction, "on_commit", lambda done: done())
    monkeypatch.setattr("lantian.site.clock.now", lambda: NOW)
    services.register(VALUES, [LIMIT], by=administrator, now=NOW)
    services.register(
        {**VALUES, "code": "M2-DA001", "company": "模拟水泥二", "region": "230306", "mn": ""}, by=administrator, now=NOW
    )
    first = datetime(2026, 11, 2, 8)
    rows = [
        frame(
            f"{start:%Y%m%d%H%M%S}",
            minute(start, "20" if start.hour == 8 else "50"),
            mn=MN,
            at=start.replace(tzinfo=BEIJING).astimezone(UTC),
            qn=f"{start:%Y%m%d%H%M%S}000",
        )
        for start in (first + timedelta(minutes=number) for number in range(120))
    ]
    rows.append(
        frame(
            "20261102090000", {"a21026-Avg": "50", "a21026-ZsAvg": "50", "a21026-Flag": "N"}, mn=MN, cn="2061", at=NOW
        )
    )
    keep(data, rows)
    with stack_file.writing(data) as database:
        at = int((NOW - timedelta(minutes=3)).timestamp() * 1e6)
        database.execute(
            "INSERT INTO device (mn, first_at, last_at, frames, connected) VALUES (?, ?, ?, 121, 1)", (MN, at, at)
        )
    from lantian.store.stack.outlets import outlets

    judge(data, outlets(data), (), date(2026, 11, 2), date(2026, 11, 2), now=NOW)
    return data


@pytest.fixture
def officer(client_of) -> Client:  # type: ignore[no-untyped-def]
    return client_of("duty_officer")


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:400]
    return answer.content.decode()


def test_the_list_tells_state_value_and_limit_and_filters(city: Path, officer: Client) -> None:
    page = text(officer, "/stack/")
    assert "超标提示 1" in page
    assert "无数据 1" in page
    assert "限 35" in page
    assert "模拟水泥二" in page
    assert "模拟水泥二" not in text(officer, "/stack/?state=exceeding")
    assert "模拟热电一" not in text(officer, "/stack/?county=230306")
    assert "没有符合条件的排放口" in text(officer, "/stack/?q=nowhere")
    assert officer.get("/stack/live.xlsx").content[:2] == b"PK"


def test_an_empty_register_says_what_will_stand_here(data: Path, settings, officer: Client) -> None:  # type: ignore[no-untyped-def]
    settings.DATA = data
    for address in ("/stack/", "/stack/outlets/", "/stack/completeness/"):
        assert "还没有登记排放口" in text(officer, address)
    assert "还没有导入" in text(officer, "/stack/import/")
    assert "还没有公开的自行监测数据" in text(Client(HTTP_ACCEPT_LANGUAGE="zh-hans"), "/stack/released/")


def test_one_outlet_shows_curves_limits_and_the_why_of_each_hour(city: Path, officer: Client) -> None:
    page = text(officer, "/stack/outlets/M1-DA001/?day=2026-11-02")
    assert page.count('<svg class="figure"') == 2
    assert "限 35 模拟排污许可" in page  # the line bears what it comes from
    assert "疑似超标" in page
    assert "待标记" in page
    assert "限值依据 模拟排污许可" in page
    assert "输入摘要" in page
    assert "没有分钟值" in text(officer, "/stack/outlets/M1-DA001/?day=2026-10-01").replace("这段时间", "")
    csv = officer.get("/stack/outlets/M1-DA001/records.csv?day=2026-11-02").content.decode("utf-8-sig")
    assert csv.count("\n") > 240
    assert officer.get("/stack/outlets/M1-DA001/verdicts.xlsx?day=2026-11-02").content[:2] == b"PK"
    assert b"<svg" in officer.get("/stack/outlets/M1-DA001/a21026.svg?day=2026-11-02").content
    assert officer.get("/stack/outlets/M1-DA001/a99999.svg?day=2026-11-02").status_code == 404
    assert officer.get("/stack/outlets/nowhere/").status_code == 404


def test_the_why_of_an_hour_has_a_page_of_its_own(city: Path, officer: Client, client_of) -> None:  # type: ignore[no-untyped-def]
    address = "/stack/outlets/M1-DA001/hours/a21026/2026110209/"
    assert address in text(officer, "/stack/outlets/M1-DA001/?day=2026-11-02")
    page = text(officer, address)
    assert "50 × (21 − 9) ÷ (21 − 9.000) = 50" in page
    assert "有效 60 分钟，一小时至少要 45 分钟" in page
    assert "共 61 条" in page  # sixty minutes and the hour
    assert "固定污染源自动监测数据有效性（20" in page
    for wrong in ("2026110909/", "20261102/", "x/"):
        assert officer.get(f"/stack/outlets/M1-DA001/hours/a21026/{wrong}").status_code == 404
    assert client_of("company_officer", company="模拟水泥二").get(address).status_code == 404


def test_companies_and_counties_see_their_own_outlets_only(city: Path, client_of) -> None:  # type: ignore[no-untyped-def]
    company = client_of("company_officer", company="模拟热电一")
    assert "模拟水泥二" not in text(company, "/stack/")
    assert company.get("/stack/outlets/M2-DA001/").status_code == 404
    assert company.get("/stack/outlets/M2-DA001/records.csv").status_code == 404
    assert company.get("/stack/outlets-add/").status_code == 403
    assert company.post("/stack/outlets/M1-DA001/device/", {"cn": "1012"}).status_code == 200  # the page, no command
    assert "<h2>下达命令" not in text(company, "/stack/outlets/M1-DA001/device/")
    county = client_of("county_officer", county="230306")
    assert "模拟热电一" not in text(county, "/stack/completeness/?month=2026-11")
    assert county.get("/stack/outlets/M1-DA001/").status_code == 404
    operator = client_of("monitor_operator", company="模拟运维一")
    assert "模拟水泥二" in text(operator, "/stack/outlets/")
    assert Client().get("/stack/").status_code == 302


def test_completeness_counts_the_hours_that_came(city: Path, officer: Client) -> None:
    page = text(officer, "/stack/completeness/?month=2026-11&q=M1-DA001")
    assert "收到 1 小时，应到 10" in page
    assert "每日收到的分钟值" in page
    assert '<td class="part">120</td>' in page
    assert "<td>600</td>" in page  # ten hours are over: 600 minutes were due
    assert officer.get("/stack/completeness.xlsx?month=2026-11").content[:2] == b"PK"


def test_without_a_gateway_a_command_is_refused_and_says_what_to_do(city: Path, officer: Client) -> None:
    page = text(officer, "/stack/outlets/M1-DA001/device/")
    assert "联网服务没有运行" in page
    answer = officer.post("/stack/outlets/M1-DA001/device/", {"cn": "1012"})
    assert answer.status_code == 400
    assert "请先启动" in answer.content.decode()
    wrong = officer.post("/stack/outlets/M1-DA001/device/", {"cn": "2061", "begin": "2026-11-02T08:00"})
    assert "补传要写明起止时间" in wrong.content.decode()
    assert officer.get("/stack/outlets/M2-DA001/device/").status_code == 404  # it has none


def test_an_outlet_is_registered_on_the_page_and_wrong_entries_are_told(city: Path, officer: Client) -> None:
    form = {
        "code": "M3-DA001",
        "name": "排口",
        "company": "模拟企业三",
        "region": "230304",
        "crc": "hj212",
        "interval_minutes": "1",
        "system": "31",
    }
    wrong = officer.post(
        "/stack/outlets-add/", {**form, "mn": "123", "longitude": "45", "limits": "SO2，35，，许可，2024-01-01，"}
    )
    assert wrong.status_code == 400
    told = wrong.content.decode()
    for words in ("MN 应为 24 位", "经度应在 73 到 136 度之间", "第 1 行的因子“SO2”"):
        assert words in told
    twice = officer.post("/stack/outlets-add/", {**form, "mn": MN})
    assert "1号锅炉排口" in twice.content.decode() or "已登记" in twice.content.decode()
    good = {
        **form,
        "limits": "a21026，35，，模拟许可，2024-01-01，\na34013，10，8.5，模拟许可，2024-01-01，2026-12-31",
        "ranges": "a21026=200",
    }
    assert officer.post("/stack/outlets-add/", good).status_code == 302
    outlet = Outlet.objects.get(code="M3-DA001")
    assert [(one.factor, one.hour, one.day) for one in outlet.limits.all()] == [
        ("a21026", Decimal("35"), None),
        ("a34013", Decimal("10"), Decimal("8.5")),
    ]
    page = text(officer, "/stack/outlets/M3-DA001/change/")
    assert "a34013，10，8.5，模拟许可，2024-01-01，2026-12-31" in page
    assert officer.post("/stack/outlets/M3-DA001/change/", {**good, "operator": "模拟运维三"}).status_code == 302
    assert Outlet.objects.get(code="M3-DA001").operator == "模拟运维三"
    assert Entry.objects.filter(action="stack.limits_changed").count() == 0  # they were left alone
    officer.post("/stack/outlets/M3-DA001/close/")
    assert Outlet.objects.get(code="M3-DA001").closed_on == date(2026, 11, 2)
    assert officer.get("/stack/outlets.xlsx").content[:2] == b"PK"


def test_devices_nobody_registered_wait_with_a_button(city: Path, officer: Client) -> None:
    with stack_file.writing(city) as database:
        database.execute(
            "INSERT INTO device (mn, first_at, last_at, frames) VALUES ('B0000000000000000000000B', 0, 0, 7),"
            " ('FF2303000000000000000001', 0, 0, 9)"  # a simulated one that has left the register
        )
    page = text(officer, "/stack/outlets/")
    assert "未登记的数采仪 1 台" in page
    assert "/stack/outlets-add/?mn=B0000000000000000000000B" in page


def test_a_table_comes_in_by_the_page_and_can_be_taken_back(city: Path, officer: Client) -> None:
    pasted = "排口编号\t监测时间\tSO2浓度(mg/m3)\nM2-DA001\t2026-11-01 05:00\t12.5\nM9\t2026-11-01 05:00\t1\n"
    answer = officer.post("/stack/import/", {"pasted": pasted})
    assert answer.status_code == 302
    page = text(officer, answer["Location"])
    assert "整行未采用" in page
    assert "排放口登记表里没有“M9”" in page
    assert officer.get(answer["Location"] + "reasons.xlsx").content[:2] == b"PK"
    assert officer.post(answer["Location"]).status_code == 302
    run_due(NOW + timedelta(minutes=1))
    assert Job.objects.get(name="stack.import").result["summary"].startswith("新值 1 个")
    span = (datetime(2026, 11, 1), datetime(2026, 11, 2))
    assert records(city, *span)["avg"].to_list() == ["12.5"]
    run_due(NOW + timedelta(minutes=2))
    assert verdicts.hours(city, *span, outlet="M2-DA001")[5].measured == Decimal("12.5"), "older days are judged too"
    assert "第 1 批" in text(officer, "/stack/import/") or "撤回" in text(officer, "/stack/import/")
    assert officer.post("/stack/import/batches/1/withdraw/").status_code == 302
    assert records(city, *span).height == 0
    run_due(NOW + timedelta(minutes=3))
    assert not any(one.measured for one in verdicts.hours(city, *span, outlet="M2-DA001"))
    assert officer.post("/stack/import/batches/1/withdraw/").status_code == 404
    assert "没有内容" not in text(officer, "/stack/import/")


def test_nothing_is_public_until_someone_released_it(city: Path, officer: Client) -> None:
    public = Client(HTTP_ACCEPT_LANGUAGE="zh-hans")
    assert "模拟热电一" not in text(public, "/stack/released/")
    none = officer.post("/stack/outlets/M1-DA001/release/", {"first": "2026-10-01", "last": "2026-10-02"})
    assert "没有内容可公开" in none.content.decode()
    assert (
        officer.post("/stack/outlets/M1-DA001/release/", {"first": "2026-11-02", "last": "2026-11-02"}).status_code
        == 302
    )
    made = Released.objects.get()
    assert "模拟热电一" in text(public, "/stack/released/")
    page = text(public, f"/stack/released/{made.pk}/")
    assert "2026-11-02 09:00" in page
    assert "疑似" not in page
    assert "未核实依据" not in page, "a permit is as registered"
    Outlet.objects.filter(code="M1-DA001").update(limit_set="gb13223_2011_coal_new")
    Outlet.objects.get(code="M1-DA001").limits.all().delete()
    services.publish()
    assert "未核实依据" in text(public, f"/stack/released/{made.pk}/")
    assert "模拟热电一" in text(Client(HTTP_ACCEPT_LANGUAGE="en"), "/stack/released/")
    assert "2026-11-02 09:00" in public.get(f"/stack/released/{made.pk}/hours.csv").content.decode("utf-8-sig")
    assert public.get(f"/stack/released/{made.pk}/hours.xlsx").content[:2] == b"PK"
    assert str(made.released_by) in text(Client(HTTP_ACCEPT_LANGUAGE="en"), f"/stack/released/{made.pk}/")
    assert public.post(f"/stack/released/{made.pk}/withdraw/").status_code == 302
    assert Released.objects.get().withdrawn_at is None  # the public was sent to sign in
    officer.post(f"/stack/released/{made.pk}/withdraw/")
    assert text(public, f"/stack/released/{made.pk}/", 404)
    told = set(Entry.objects.values_list("action", flat=True))
    assert {"stack.released", "stack.release_withdrawn"} <= told
