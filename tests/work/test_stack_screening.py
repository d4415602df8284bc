"""Screening of records as devices sent them: leads with hours and words, the same again, growing and not repeated."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from lantian import rulebook
from lantian.cli import app
from lantian.stack.hj212 import encoded
from lantian.stack.hj212.arrival import digest
from lantian.stack.marks import Mark
from lantian.stack.screening.trace import DAY, SO2
from lantian.stack.validity import MarkRules
from lantian.store.stack.inbox import Batch, Inbox
from lantian.store.stack.outlets import Outlet, OutletLimit, publish
from lantian.store.stack.records import records
from lantian.store.stack.verdicts import screened
from lantian.work.simulated_stack import Stack
from lantian.work.simulated_stack_kinds import KINDS
from lantian.work.stack_screening import screen
from lantian.work.stack_screening_trace import trace_of

KIND = KINDS["coal_boiler"]
MN = "FF0000000000000000000005"
FIRST = date(2026, 3, 1)
DAYS = 5
NOW = datetime(2026, 3, 10, tzinfo=UTC)
HELD = (3 * DAY + 20 * 60, 4 * DAY + 3 * 60)  # minutes in which SO2 stands still: over midnight
OUTLET = Outlet(
    "模拟-1",
    "模拟排放口",
    "模拟企业",
    "000000",
    mn=MN,
    limits=tuple(
        OutletLimit(code, Decimal(str(one.limit)), None, "模拟许可", FIRST - timedelta(days=999))
        for code, one in KIND.pollutants.items()
    ),
    reference_o2=Decimal(9),
    simulated=True,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Five days of frames of a simulated stack; sulphur dioxide stands still for seven hours over a midnight."""
    data = tmp_path_factory.mktemp("screened")
    stack, start = Stack(KIND, 5), datetime(2026, 3, 1)
    frames = []
    for minute in range(DAYS * DAY):
        at = start + timedelta(minutes=minute)
        fields = {}
        for code, one in stack.at(at).items():
            held = code == SO2 and HELD[0] <= minute < HELD[1] and one.flag == "N"
            fields |= {f"{code}-Avg": "88.123" if held else one.avg, f"{code}-Flag": one.flag}
            if one.zs is not None and not held:
                fields[f"{code}-ZsAvg"] = one.zs
        if fields:
            frames.append(_frame(at, fields))
    inbox = Inbox(data)
    inbox.stage(Batch(frames=frames))
    inbox.commit()
    inbox.close()
    publish(data, [OUTLET])
    return data


def _frame(at, fields):
    stamp = at.strftime("%Y%m%d%H%M%S")
    header = {"QN": f"{stamp}000", "ST": "31", "CN": "2051", "PW": "123456", "MN": MN, "Flag": "5"}
    raw = encoded(header, {"DataTime": stamp, **fields})[:-2]
    area = raw[raw.index(b"CP=&&") + 5 : -6]
    return (
        MN,
        "2051",
        stamp,
        0,
        f"{stamp}000",
        int(at.replace(tzinfo=UTC).timestamp() * 1e6),
        digest("2051", 0, area),
        raw,
    )


def _flat(leads):
    return [one for one in leads if one.pattern == "flat_line"]


def test_a_lead_says_what_when_and_where_to_look(folder):
    result = screen(folder, [OUTLET], date(2026, 3, 4), date(2026, 3, 5), now=NOW)
    (lead,) = _flat(result.leads)
    assert (lead.outlet, lead.factor) == (OUTLET.code, SO2)
    assert lead.first == datetime(2026, 3, 4, 20) or lead.first > datetime(2026, 3, 4, 20)
    assert lead.last <= datetime(2026, 3, 5, 3)
    assert lead.last - lead.first > timedelta(hours=5)
    assert lead.zh.startswith("二氧化硫：疑似恒值。")
    assert "88.123" in lead.zh
    assert lead.zh.endswith("仅为线索，须现场核实")
    assert lead.look_at
    assert lead.evidence["value"] == 88.123
    assert result.outlets == 1
    assert _flat(screened(folder, datetime(2026, 3, 4), datetime(2026, 3, 6)))


def test_screened_again_nothing_changes(folder):
    screen(folder, [OUTLET], date(2026, 3, 4), date(2026, 3, 5), now=NOW)
    again = screen(folder, [OUTLET], date(2026, 3, 4), date(2026, 3, 5), now=NOW + timedelta(days=1))
    assert again.changed == 0


def test_a_lead_that_goes_on_over_midnight_grows_and_stays_one(folder):
    screen(folder, [OUTLET], date(2026, 3, 4), date(2026, 3, 4), now=NOW)
    screen(folder, [OUTLET], date(2026, 3, 5), date(2026, 3, 5), now=NOW)
    (lead,) = _flat(screened(folder, datetime(2026, 3, 1), datetime(2026, 3, 6)))
    assert lead.first.date() == date(2026, 3, 4)
    assert lead.last.date() == date(2026, 3, 5)


def test_days_before_have_no_such_lead_and_an_outlet_without_minutes_none(folder):
    assert not _flat(screen(folder, [OUTLET], date(2026, 3, 2), date(2026, 3, 3), now=NOW).leads)
    silent = Outlet("模拟-2", "模拟排放口", "模拟企业二", "000000", mn="FF0000000000000000000009")
    assert screen(folder, [silent], FIRST, date(2026, 3, 5), now=NOW).outlets == 0


def test_the_trace_is_what_was_sent_whatever_the_order_of_the_rows(folder):
    found = records(folder, datetime(2026, 3, 1), datetime(2026, 3, 6), mns=[MN], cns=["2051", "2061"])
    rules = rulebook.fill(MarkRules, FIRST)
    one = trace_of(OUTLET, found, FIRST, DAYS, (), rules)
    other = trace_of(OUTLET, found.sample(fraction=1, shuffle=True, seed=3), FIRST, DAYS, (), rules)
    sent = Stack(KIND, 5).minutes(datetime(2026, 3, 1), DAYS * DAY)
    assert int(np.isfinite(one.values["a21002"]).sum()) == sent.height
    row = sent.row(4000, named=True)
    place = (row["start"] - datetime(2026, 3, 1)) // timedelta(minutes=1)
    assert one.values["a21002"][place] == row["a21002"] / 10**4
    assert chr(one.flags["a21002"][place]) == row["a21002_flag"]
    assert one.reference_o2 == 9
    assert one.limits == {code: two.limit for code, two in KIND.pollutants.items()}
    for code, values in one.values.items():
        assert np.array_equal(values, other.values[code], equal_nan=True)
        assert np.array_equal(one.flags[code], other.flags[code])


def test_marks_of_the_plant_tell_stopped_and_otherwise_not_in_operation():
    rows = pl.DataFrame(
        {
            "mn": [MN] * 2, "cn": ["2051"] * 2, "code": [SO2] * 2, "flag": ["n", None], "avg": ["1.5", None], "rtd": [None, "2"],
            "zs_avg": [None] * 2, "zs_rtd": [None] * 2, "cou": [None] * 2, "start": [datetime(2026, 3, 1, 0, k) for k in (1, 2)],
        },
        schema_overrides=dict.fromkeys(("flag", "avg", "rtd", "zs_avg", "zs_rtd", "cou"), pl.String),
    )  # fmt: skip
    marks = [
        Mark(OUTLET.code, None, "condition", "停运", datetime(2026, 3, 1, 1), datetime(2026, 3, 1, 3)),
        Mark(OUTLET.code, None, "condition", "启炉", datetime(2026, 3, 1, 3), datetime(2026, 3, 1, 4)),
    ]
    trace = trace_of(OUTLET, rows, FIRST, 1, marks, rulebook.fill(MarkRules, FIRST))
    assert trace.values[SO2][1:3].tolist() == [1.5, 2.0]
    assert trace.flags[SO2][:4].tobytes() == b"\0NN\0"
    assert np.flatnonzero(trace.stopped).tolist() == list(range(60, 180))
    assert np.flatnonzero(trace.idle).tolist() == list(range(60, 240))
    assert trace.converted == {}


def test_the_command_prints_leads_and_refuses_what_is_no_day(folder):
    def run(*words):
        return CliRunner().invoke(app, ["stack", "screen", "--data", str(folder), *words])

    told = run("--from", "2026-03-04", "--to", "2026-03-05", "--jsonl")
    rows = [json.loads(line) for line in told.stdout.splitlines()]
    assert any(one["pattern"] == "flat_line" and one["outlet"] == OUTLET.code for one in rows)
    plain = run("--from", "2026-03-04", "--to", "2026-03-05").stdout
    assert "线索" in plain
    assert "未核实依据" in plain
    wrong = run("--from", "昨天", "--to", "2026-03-05")
    assert wrong.exit_code != 0
    assert run("--from", "2026-03-05", "--to", "2026-03-04").exit_code != 0
