"""Segments: the published examples, and what the field sends otherwise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantian.stack.hj212.segment import strict, tolerant

HEAD = "QN=20160801085857223;ST=32;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=5"


def codes(segment: str) -> list[str]:
    return [note.code for note in tolerant(segment)[2]]


def test_the_example_of_appendix_c_14() -> None:
    segment = f"{HEAD};CP=&&DataTime=20160801085857;w01001-Rtd=7.1,w01001-Flag=N;w01018-EFlag=A01&&"
    header, fields, notes = tolerant(segment)
    assert strict(segment) == (header, fields)
    assert notes == []
    assert header["MN"] == "010000A8900016F000169DC0"
    assert fields == {"DataTime": "20160801085857", "w01001-Rtd": "7.1", "w01001-Flag": "N", "w01018-EFlag": "A01"}


@pytest.mark.parametrize(
    ("area", "fields", "notes"),
    [
        ("", {}, []),
        (" ", {}, ["HJ212-BLANK"]),
        (" PolId=w01018", {"PolId": "w01018"}, ["HJ212-BLANK"]),
        ("BeginTime=1,EndTime=2", {"BeginTime": "1", "EndTime": "2"}, []),
        ("a-Rtd=1,;", {"a-Rtd": "1"}, ["HJ212-EMPTY-PART", "HJ212-EMPTY-PART"]),
        ("a-Rtd=1;a-Rtd=2", {"a-Rtd": "2"}, ["HJ212-REPEATED"]),
        ("a-Rtd=1;lost;b-Rtd=", {"a-Rtd": "1", "b-Rtd": ""}, ["HJ212-NO-EQUALS"]),
        ("i12003-Info =0", {"i12003-Info": "0"}, ["HJ212-BLANK"]),
        ("i11001-Info=//清洗;管路,a=b//", {"i11001-Info": "//清洗;管路,a=b//"}, []),
        ("QN=20160801085857223;QnRtn=1", {"QN": "20160801085857223", "QnRtn": "1"}, []),
    ],
)
def test_data_areas(area: str, fields: dict[str, str], notes: list[str]) -> None:
    segment = f"{HEAD};CP=&&{area}&&"
    assert tolerant(segment)[1] == fields
    assert codes(segment) == notes


@pytest.mark.parametrize(
    ("head", "header", "notes"),
    [
        (
            "ST=32;CN=2011;PW=1;,MN=8;FLAG=0",
            {"ST": "32", "CN": "2011", "PW": "1", "MN": "8", "Flag": "0"},
            ["HJ212-HEADER-COMMA", "HJ212-KEY-CASE"],
        ),
        ("QN=1,ST=32;CN=1", {"QN": "1", "ST": "32", "CN": "1"}, ["HJ212-HEADER-COMMA"]),
        ("ST=32;CN=1;XX=2", {"ST": "32", "CN": "1", "XX": "2"}, ["HJ212-KEY-UNKNOWN"]),
        ("ST=32;ST=31", {"ST": "31"}, ["HJ212-REPEATED"]),
        ("ST=32;CN", {"ST": "32"}, ["HJ212-NO-EQUALS"]),
    ],
)
def test_headers(head: str, header: dict[str, str], notes: list[str]) -> None:
    assert tolerant(f"{head};CP=&&&&")[0] == header
    assert codes(f"{head};CP=&&&&") == notes


def test_areas_without_their_delimiters() -> None:
    assert codes("ST=32;CN=9015;MN=1") == ["HJ212-CP-MISSING"]
    assert codes("ST=32;CN=9015;MN=1;CP=&&a=1") == ["HJ212-CP-OPEN"]


@pytest.mark.parametrize("opening", ["cp=&&", "Cp=&&", "CP= &&", "CP =&&", " CP=\t&&", "CP=&", "CP="])
def test_an_area_that_begins_oddly_is_still_the_area(opening: str) -> None:
    header, fields, notes = tolerant(
        f"ST=31;CN=2011;MN=1;{opening}DataTime=20240123101500;a21026-Rtd=1.5,a21026-Flag=N&&"
    )
    assert header == {"ST": "31", "CN": "2011", "MN": "1"}
    assert fields == {"DataTime": "20240123101500", "a21026-Rtd": "1.5", "a21026-Flag": "N"}
    assert [note.code for note in notes] == ["HJ212-CP-FORM"]


@pytest.mark.parametrize(
    ("area", "fields"),
    [
        ("a-Rtd=//,a-Flag=D;b-Rtd=//,b-Flag=D", {"a-Rtd": "//", "a-Flag": "D", "b-Rtd": "//", "b-Flag": "D"}),
        ("a-Info=http://x,b-Rtd=1;c-Info=http://y", {"a-Info": "http://x", "b-Rtd": "1", "c-Info": "http://y"}),
        ("a-Info=//x,y;z=1//,b-Rtd=1", {"a-Info": "//x,y;z=1//", "b-Rtd": "1"}),
        ("a-Info= //x,y//;b-Rtd=1", {"a-Info": "//x,y//", "b-Rtd": "1"}),
        ("a-Info=////;b-Rtd=1", {"a-Info": "////", "b-Rtd": "1"}),
    ],
)
def test_only_a_value_that_begins_with_slashes_is_a_text(area: str, fields: dict[str, str]) -> None:
    assert tolerant(f"ST=31;CN=2011;MN=1;CP=&&{area}&&")[1] == fields


TEXT = st.text("ab=;,-&/ 1#", max_size=40)


@settings(deadline=None)
@given(TEXT, TEXT)
def test_the_quick_reading_never_says_other_than_the_patient_one(head: str, area: str) -> None:
    segment = f"{head};CP=&&{area}&&"
    quick = strict(segment)
    if quick is not None:
        header, fields, notes = tolerant(segment)
        assert (header, fields) == quick
        assert notes == []


def test_all_printed_examples(shared: Path) -> None:
    rows = (shared / "standards/hj212/standard-examples.jsonl").read_text("utf-8").splitlines()
    for row in map(json.loads, rows):
        assert tolerant(row["segment"])[0] == row["header"], row["table"]
