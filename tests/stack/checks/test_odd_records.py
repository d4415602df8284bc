"""Whatever a device sends, the checks give hits and never an error."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lantian.stack.checks.case import USUAL
from lantian.stack.checks.catalogue import checked
from lantian.stack.checks.evidence import Evidence, revisions_of, rows_of
from lantian.stack.marks import Mark
from lantian.store.stack.record_rows import RECORDS
from lantian.work.stack_checks_law import check_parameters, factor_names

LAW = check_parameters(date(2026, 3, 2))
NAMES = factor_names(date(2026, 3, 2))
START = datetime(2026, 3, 2)
CODES = (
    "a21026",
    "a21002",
    "a19001",
    "a00000",
    "a01011",
    "a01012",
    "SB1",
    "start",
    "end",
    "met",
    "code",
    "",
    "02",
    "烟尘",
)
VALUES = st.one_of(
    st.none(), st.sampled_from(["0", "-1", "30.5", "1e999", "NaN", "inf", "", "--", "9999", "21", "0x1", "１２"]),
    st.floats(-50, 600).map(str),
)  # fmt: skip
COLUMNS = ("rtd", "min", "avg", "max", "zs_rtd", "zs_min", "zs_avg", "zs_max", "cou")


@st.composite
def record(draw: st.DrawFn) -> dict[str, Any]:
    cn = draw(st.sampled_from(["2011", "2051", "2061", "2031", "2021", "2041"]))
    start = START + timedelta(minutes=draw(st.integers(0, 2 * 1440)), seconds=draw(st.sampled_from([0, 0, 0, 17])))
    came = start + timedelta(seconds=draw(st.integers(-90_000, 90_000)))
    return {
        "mn": "A", "cn": cn, "start": start, "code": draw(st.sampled_from(CODES)), **{name: draw(VALUES) for name in COLUMNS},
        "flag": draw(st.sampled_from([None, "N", "C", "D", "F", "S", "T", "X", "", "标"])),
        "more": draw(st.sampled_from([None, '{"RS":"0"}', '{"RT":"x"}', '{"EFlag":"ABCDE"}', '{"RS":{"a":1}}'])),
        "qn": draw(st.sampled_from([None, "", "x", f"{came:%Y%m%d%H%M%S}000"])), "received_at": came,
        "source": draw(st.sampled_from(["gateway", "import:1"])), "seq": draw(st.integers(0, 9)),
    }  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(record(), max_size=40), st.booleans(), st.sampled_from([1, 5, 60]))
def test_no_record_is_an_error(found: list[dict[str, Any]], bypass: bool, interval: int) -> None:
    table = pl.DataFrame(found, schema=RECORDS | {"received_at": pl.Datetime("us")}, orient="row")
    table = table.with_columns(pl.col("received_at").dt.replace_time_zone("UTC")).sort("mn", "cn", "start", "code")
    rows = rows_of(
        table.unique(subset=["cn", "start", "code"], keep="last"), {"a00000": "斗", "a01013": "Pa"}, interval
    )
    outlet = replace(USUAL, interval_minutes=interval, bypass_of="DA1" if bypass else None)
    until = START + timedelta(days=2)
    marks = (Mark("case", None, "condition", "停运", START, until), Mark("case", None, "monitor", "校准", START, until))
    revised = revisions_of(table, {}, interval)
    case = Evidence(outlet, START, until, until, rows, revised, marks, main=rows if bypass else None)
    hits = checked(case, LAW, NAMES)
    assert len({(one.code, one.factor, one.first) for one in hits}) == len(hits)
    for hit in hits:
        assert hit.text.zh
        assert hit.first <= hit.last
