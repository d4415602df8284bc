"""Real days pasted in replace the simulated city; a server and folder of its own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from conftest import Server, start, stop  # type: ignore[import-not-found]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def server(tmp_path_factory):  # type: ignore[no-untyped-def]
    data = tmp_path_factory.mktemp("real") / "data"
    data.mkdir(mode=0o700)
    process, lines = start(data)
    yield Server(lines[0].split("：")[1].strip().rstrip("/"), lines[2].strip(), data)
    assert stop(process) == 0


def pasted(days: int) -> str:
    rows = ["日期\t城市\tSO2\tNO2\tCO\tO3_8h\tPM10\tPM2.5"]
    for n in range(days):
        day = date(2024, 1, 1) + timedelta(days=n)
        rows.append(f"{day}\t鸡西\t8\t20\t0.6\t80\t{50 + n % 7}\t{25 + n % 9}")
    return "\n".join(rows)


def test_pasted_days_replace_the_simulated_city(staff) -> None:  # type: ignore[no-untyped-def]
    staff.goto("/intake/")
    staff.get_by_label("粘贴").fill(pasted(40) + "\n2024-02-10\t鸡西\t8\t20\t0.6\t80\t-5\t30")
    staff.get_by_role("button", name="预览").click()
    staff.wait_for_load_state()
    assert "-5" in staff.inner_text("main")
    staff.get_by_role("button", name="导入").click()
    staff.wait_for_load_state()
    staff.get_by_text("已完成").first.wait_for(timeout=60_000)
    staff.context.clear_cookies()
    staff.goto("/")
    assert "模拟数据" not in staff.inner_text("body")
    assert staff.locator("#target-T03-1").get_attribute("data-state") == "no_data"
