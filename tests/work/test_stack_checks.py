"""The catalogue run on frames of the inbox: hits with their hours, revisions, marks, refused frames; again, the same."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from tests.store.stack.stack_frames import frame, keep
from typer.testing import CliRunner

from lantian.basis.period import BEIJING
from lantian.cli import app
from lantian.stack.marks import Mark
from lantian.store.stack import stack_file, verdicts
from lantian.store.stack.outlets import Outlet, OutletLimit, publish
from lantian.store.stack.verdicts import Hit
from lantian.work.stack_checks import check, hits_of, settings_of

DAY = date(2026, 11, 26)
START = datetime(2026, 11, 26)
NOW = datetime(2026, 11, 28, tzinfo=UTC)
MN = "A" * 24
OUTLET = Outlet(
    "DA001", "1号锅炉排口", "模拟热电一", "230302", mn=MN, reference_o2=Decimal(9), factors=("a21026", "a19001"),
    limits=(OutletLimit("a21026", Decimal(100), None, "模拟排污许可", date(2024, 1, 1)),), ranges={"a21026": Decimal(500)},
)  # fmt: skip


def instant(beijing: datetime) -> datetime:
    return beijing.replace(tzinfo=BEIJING).astimezone(UTC)


def hour(at: int, so2: str, zs: str, *, later: timedelta = timedelta(0), flag: str = "N", mn: str = MN):  # type: ignore[no-untyped-def]
    """The frame of an hour at 13 % oxygen, sent three minutes after its end (and so much later)."""
    start = START + timedelta(hours=at)
    came = start + timedelta(hours=1, minutes=3) + later
    fields = {
        "a21026-Min": so2, "a21026-Avg": so2, "a21026-Max": f"{so2}.5", "a21026-ZsAvg": zs, "a21026-Cou": "1",
        "a21026-Flag": flag, "a19001-Min": "12", "a19001-Avg": "13", "a19001-Max": "14", "a19001-Flag": "N",
    }  # fmt: skip
    return frame(f"{start:%Y%m%d%H%M%S}", fields, cn="2061", at=instant(came), qn=f"{came:%Y%m%d%H%M%S}000", mn=mn)


def told(found: tuple[Hit, ...] | list[Hit], code: str) -> list[tuple[str, int, int]]:
    return [(one.factor, one.first.hour, one.last.hour) for one in found if one.code == code]


def whole_day(*, without: tuple[int, ...] = ()):  # type: ignore[no-untyped-def]
    return [hour(at, str(20 + at), str((20 + at) * 1.5)) for at in range(24) if at not in without]


def test_missing_and_wrongly_converted_hours_are_told_with_their_hours(data: Path) -> None:
    rows = whole_day(without=(4, 5))
    rows[10] = hour(12, "32", "32")  # 12 %/8 %: 48 wanted
    keep(data, rows)
    result = check(data, [OUTLET], (), DAY, DAY, now=NOW)
    assert told(result.hits, "CHK-COMP-HOUR-GAP") == [("", 4, 5)]
    assert told(result.hits, "CHK-CROSS-CONVERSION-HOUR") == [("a21026", 12, 12)]
    (one,) = (one for one in result.hits if one.code == "CHK-CROSS-CONVERSION-HOUR")
    assert (one.severity, one.evidence["met"], one.evidence["wanted"]) == ("serious", "32", "约 48")
    assert "二氧化硫" in one.zh
    kept = verdicts.hits(data, START, START + timedelta(days=1))
    assert {(one.code, one.first) for one in kept} == {(one.code, one.first) for one in result.hits}


def test_the_same_run_again_changes_nothing(data: Path) -> None:
    keep(data, whole_day(without=(4,)))
    first = check(data, [OUTLET], (), DAY, DAY, now=NOW)
    again = check(data, [OUTLET], (), DAY, DAY, now=NOW)
    assert again.hits == first.hits
    assert first.hits


def test_what_is_mended_is_no_longer_told(data: Path) -> None:
    keep(data, whole_day(without=(4,)))
    check(data, [OUTLET], (), DAY, DAY, now=NOW)
    keep(data, [hour(4, "24", "36", later=timedelta(hours=20))])
    result = check(data, [OUTLET], (), DAY, DAY, now=NOW)
    assert told(result.hits, "CHK-COMP-HOUR-GAP") == []
    assert told(result.hits, "CHK-TIME-LATE-HOUR") == [("", 4, 4)]
    kept = verdicts.hits(data, START, START + timedelta(days=1))
    assert "CHK-COMP-HOUR-GAP" not in {one.code for one in kept}


def test_a_change_from_above_the_limit_to_below_is_told(data: Path) -> None:
    rows = whole_day()
    rows[8] = hour(8, "90", "135")
    keep(data, rows)
    keep(data, [hour(8, "50", "75", later=timedelta(hours=2))])
    result = check(data, [OUTLET], (), DAY, DAY, now=NOW)
    assert told(result.hits, "CHK-TIME-REVISED-BELOW") == [("a21026", 8, 8)]
    assert told(result.hits, "CHK-TIME-REVISED") == [("a21026", 8, 8)]


def test_marks_of_the_outlet_count_and_those_of_another_do_not(data: Path) -> None:
    keep(data, whole_day())
    span = START + timedelta(hours=8), START + timedelta(hours=10)
    own = Mark("DA001", None, "condition", "停运", *span)
    result = check(data, [OUTLET], [own], DAY, DAY, now=NOW)
    assert told(result.hits, "CHK-OPS-STOPPED-BURNING") == [("a19001", 8, 9)]
    other = check(data, [OUTLET], [replace(own, outlet="DA002")], DAY, DAY, now=NOW)
    assert told(other.hits, "CHK-OPS-STOPPED-BURNING") == []


def test_a_bypass_is_looked_at_beside_its_main_outlet(data: Path) -> None:
    other = "B" * 24
    bypass = Outlet("DA001-P", "旁路", "模拟热电一", "230302", mn=other, bypass_of="DA001")
    keep(data, whole_day())
    keep(data, [hour(at, "1", "1", mn=other) for at in range(24) if at != 9])
    found = list(hits_of(data, [OUTLET, bypass], (), DAY, DAY, now=NOW))
    assert told([one for one in found if one.outlet == "DA001-P"], "CHK-BYP-SILENT") == [("", 9, 9)]


def test_hours_not_due_yet_are_not_missed(data: Path) -> None:
    keep(data, whole_day(without=tuple(range(10, 24))))
    now = instant(START + timedelta(hours=11, minutes=30))
    result = check(data, [OUTLET], (), DAY, DAY, now=now)
    assert told(result.hits, "CHK-COMP-HOUR-GAP") == []
    assert check(data, [OUTLET], (), DAY + timedelta(days=9), DAY + timedelta(days=9), now=now).hits == ()


def test_an_outlet_without_data_is_silent_and_one_not_yet_running_is_not(data: Path) -> None:
    result = check(data, [OUTLET], (), DAY, DAY, now=NOW)
    assert "CHK-COMP-SILENT" in {one.code for one in result.hits}
    later = replace(OUTLET, running_from=DAY + timedelta(days=5))
    assert {one.code for one in check(data, [later], (), DAY, DAY, now=NOW).hits} <= {"CHK-STR-MN-FORM"}


def test_nothing_is_missed_before_the_device_was_first_heard_of(data: Path) -> None:
    keep(data, whole_day(without=(0, 1, 2, 3, 4, 5, 12)))
    result = check(data, [OUTLET], (), DAY, DAY, now=NOW)
    assert told(result.hits, "CHK-COMP-HOUR-GAP") == [("", 0, 5), ("", 12, 12)]
    with stack_file.writing(data) as database:
        heard = int(instant(START + timedelta(hours=5, minutes=59)).timestamp() * 1_000_000)
        database.execute(
            "INSERT OR REPLACE INTO device (mn, accepted, first_at, last_at) VALUES (?, 1, ?, ?)", (MN, heard, heard)
        )
    result = check(data, [OUTLET], (), DAY, DAY, now=NOW)
    assert told(result.hits, "CHK-COMP-HOUR-GAP") == [("", 12, 12)]


def test_a_platforms_table_is_neither_late_nor_missed_beyond_its_last_hour(data: Path) -> None:
    lines = [f"DA009,2026-11-26 {at:02}:00,{20 + at},{(20 + at) * 1.5},13" for at in range(12) if at != 6]
    file = data / "hours.csv"
    file.write_text("\n".join(["排放口编号,时间,二氧化硫,二氧化硫折算,氧含量", *lines]), "utf-8")
    table = replace(OUTLET, code="DA009", mn=None)
    publish(data, [table])
    run = CliRunner().invoke(app, ["stack", "import", str(file), "--data", str(data)])
    assert run.exit_code == 0, run.output
    result = check(data, [table], (), DAY, DAY, now=NOW)
    assert told(result.hits, "CHK-COMP-HOUR-GAP") == [("", 6, 6)]
    assert {one.code for one in result.hits} == {"CHK-COMP-HOUR-GAP", "CHK-CONT-HOURS-STILL"}  # oxygen is 13 all along


def test_settings_hold_the_limit_of_the_day(data: Path) -> None:
    assert settings_of(OUTLET, DAY).limits == {"a21026": 100.0}
    assert settings_of(OUTLET, date(2023, 12, 31)).limits == {}
    assert settings_of(OUTLET, DAY).reference_o2 == 9.0


def test_the_command_prints_hits_and_the_catalogue(data: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("lantian.cli.stack_checks.present", lambda: NOW)
    publish(data, [OUTLET])
    keep(data, whole_day(without=(4,)))
    run = CliRunner().invoke
    day = DAY.isoformat()
    answer = run(app, ["stack", "check", "--from", day, "--to", day, "--jsonl", "--data", str(data)])
    rows = [json.loads(line) for line in answer.stdout.splitlines()]
    assert "CHK-COMP-HOUR-GAP" in {one["code"] for one in rows}
    answer = run(app, ["stack", "check", "--from", day, "--to", day, "--data", str(data)])
    assert "未通过" in answer.stdout
    assert "CHK-VAL-NEGATIVE" in run(app, ["stack", "catalogue"]).stdout
    lines = run(app, ["stack", "catalogue", "--jsonl"]).stdout.splitlines()
    assert all(json.loads(line)["failing"] for line in lines)
    assert len(lines) >= 100
