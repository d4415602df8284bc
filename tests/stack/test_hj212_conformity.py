"""Deviations from the tables: each noted, none a reason to refuse; every code has its words."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

import lantian.stack.hj212 as room
from lantian.stack.hj212 import Frame, decoded, deviations, encoded, finding
from lantian.stack.hj212.events import Note
from lantian.stack.hj212.notes import TEXTS
from lantian.work.stack_law import hj212_tables

TABLES = hj212_tables(date(2026, 11, 24))
HEADER = {
    "QN": "20160801085857223",
    "ST": "31",
    "CN": "2011",
    "PW": "123456",
    "MN": "010000A8900016F000169DC0",
    "Flag": "5",
}
FIELDS = {"DataTime": "20160801085800", "a34013-Rtd": "7.1", "a34013-Flag": "N"}


def notes(header: dict[str, str | None] | None = None, fields: dict[str, str | None] | None = None) -> list[str]:
    """Codes for the plain frame with some parts changed (None: left out)."""
    head = {key: value for key, value in {**HEADER, **(header or {})}.items() if value is not None}
    area = {key: value for key, value in {**FIELDS, **(fields or {})}.items() if value is not None}
    (frame,) = decoded(encoded(head, area))
    assert isinstance(frame, Frame)
    return [note.code for note in deviations(frame, TABLES)]


def test_a_frame_as_printed_has_no_deviation() -> None:
    assert notes() == []


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({"QN": None}, "HJ212-QN-ABSENT"),
        ({"QN": "1617957600465"}, "HJ212-QN-FORM"),
        ({"ST": None}, "HJ212-ST-ABSENT"),
        ({"ST": "101"}, "HJ212-ST-UNKNOWN"),
        ({"CN": "9021"}, "HJ212-CN-UNKNOWN"),
        ({"CN": "9015"}, "HJ212-CN-UNKNOWN"),  # the heartbeat is of 2025, the frame of 2017
        ({"PW": None}, "HJ212-PW-ABSENT"),
        ({"PW": "BF470F88957588DE902D1A52"}, "HJ212-PW-FORM"),
        ({"MN": "8888888000114W"}, "HJ212-MN-FORM"),
        ({"Flag": "x"}, "HJ212-FLAG-FORM"),
        ({"Flag": "16"}, "HJ212-VERSION-UNKNOWN"),
        ({"RF": "1"}, "HJ212-RESENT-FORM"),
        ({"Flag": "7"}, "HJ212-PARTS-ABSENT"),
        ({"PNUM": "2", "PNO": "1"}, "HJ212-PARTS-UNANNOUNCED"),
        ({"Flag": "7", "PNUM": "2", "PNO": "3"}, "HJ212-PARTS-FORM"),
    ],
)
def test_headers(header: dict[str, str | None], code: str) -> None:
    assert notes(header) == [code]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"DataTime": None}, "HJ212-TIME-ABSENT"),
        ({"DataTime": "20160801085857000"}, "HJ212-TIME-FORM"),
        ({"a34013-Rtd": "--"}, "HJ212-NUMBER-FORM"),
        ({"a34013-Flag": "X"}, "HJ212-DATA-FLAG-UNKNOWN"),
        ({"a34013-Flag": None}, "HJ212-DATA-FLAG-ABSENT"),
        ({"a99999-Rtd": "1", "a99999-Flag": "N"}, "HJ212-FACTOR-UNKNOWN"),
        ({"a34013-ZsCou": "1"}, "HJ212-FIELD-UNKNOWN"),
        ({"Other": "1"}, "HJ212-FIELD-UNKNOWN"),
        ({"QnRtn": "11"}, "HJ212-RESULT-UNKNOWN"),
        ({"ExeRtn": "7"}, "HJ212-RESULT-UNKNOWN"),
        ({"SB1-RS": "9"}, "HJ212-DATA-FLAG-UNKNOWN"),
        ({"RtdInterval": "29"}, "HJ212-SETTING-RANGE"),
        ({"MinInterval": "7"}, "HJ212-SETTING-RANGE"),
    ],
)
def test_data_areas(fields: dict[str, str | None], code: str) -> None:
    assert notes(fields=fields) == [code]


@pytest.mark.parametrize(
    "fields",
    [
        {"RtdInterval": "30"},
        {"MinInterval": "10"},
        {"QnRtn": "100"},
        {"SB1-RS": "1"},
        {"S01-Rtd": "9", "S01-Flag": "N"},
    ],
)
def test_what_the_tables_know(fields: dict[str, str | None]) -> None:
    assert notes(fields=fields) == []


def test_editions_have_their_own_forms() -> None:
    assert notes({"Flag": "1", "MN": "88888880000001"}) == []
    assert notes({"Flag": None, "MN": "88888880000001"}) == ["HJ212-FLAG-ABSENT"]
    assert notes({"Flag": "9", "CN": "9015", "RF": "1"}) == []
    assert notes({"Flag": "1", "MN": "88888880000001", "CN": "3020"}) == ["HJ212-CN-UNKNOWN"]  # of 2017


def test_the_tables_of_the_standard() -> None:
    assert {
        "1000",
        "1072",
        "2011",
        "2051",
        "2061",
        "2031",
        "2041",
        "2081",
        "3011",
        "3021",
        "9011",
        "9014",
        "9015",
    } <= TABLES.commands.keys()
    assert [TABLES.commands[cn].covers for cn in ("2011", "2051", "2061", "2031")] == [
        "moment",
        "minutes",
        "hour",
        "day",
    ]
    sulphur = TABLES.factor("02")
    assert sulphur is not None
    assert (sulphur.code, sulphur.unit, sulphur.mass_unit) == ("a21026", "毫克/立方米", "千克")
    assert TABLES.codes["flag"].keys() == set("NFMSDCTB")
    assert room.Device(units={"a01013": "Pa"}).unit("a01013", "千帕") == "Pa"


def test_every_code_in_use_has_words_and_every_word_is_in_use() -> None:
    source = "".join(
        file.read_text("utf-8") for file in Path(room.__file__).parent.glob("*.py") if file.name != "notes.py"
    )
    used = set(re.findall(r'"(HJ212-[A-Z0-9-]+)"', source)) | {"HJ212-NO-CN", "HJ212-NO-MN"}
    assert {code for code in used if "ENCODE" not in code} == TEXTS.keys()


def test_a_finding_says_what_was_met() -> None:
    told = finding(Note("HJ212-ST-UNKNOWN", "101"))
    assert told.text.zh == "未知的系统编码 ST（101）"
    assert told.clause == "HJ 212-2017 table 5"
