"""Frames out: what is encoded comes back as it was; answers and sub-packets as the standard prints them."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantian.basis.finding import Refusal
from lantian.stack.hj212 import Frame, acknowledgement, decoded, encoded, execution_result, request_return, sub_packets
from lantian.stack.hj212.sealed import sealed

MN = "010000A8900016F000169DC0"
WORD = st.text(string.ascii_letters + string.digits + "._+", min_size=1, max_size=8)
VALUE = st.one_of(
    st.decimals(-9999, 9999, places=3).map(str), st.text("NFMSDCTB清洗管路", max_size=6), st.just("//清洗;管路=1,2//")
)
KEYS = st.one_of(WORD, st.tuples(WORD, WORD).map("-".join))
HEADER = st.fixed_dictionaries(
    {"CN": st.from_regex(r"[0-9]{4}", fullmatch=True), "MN": WORD},
    optional={
        "QN": WORD,
        "ST": WORD,
        "PW": st.text("abc123", max_size=8),
        "Flag": WORD,
        "PNUM": WORD,
        "PNO": WORD,
        "RF": st.just("1"),
    },
)


def only(raw: bytes) -> Frame:
    (event,) = decoded(raw)
    assert isinstance(event, Frame)
    return event


@settings(deadline=None)
@given(HEADER, st.dictionaries(KEYS, VALUE, max_size=12))
def test_decoding_gives_back_what_was_encoded(header: dict[str, str], fields: dict[str, str]) -> None:
    frame = only(encoded(header, fields))
    assert (frame.header, frame.fields, frame.notes) == (header, fields, ())


def test_the_published_frame_of_appendix_a() -> None:
    header = {"QN": "20160801085857223", "ST": "32", "CN": "1062", "PW": "100000", "MN": MN, "Flag": "5"}
    raw = encoded(header, {"RtdInterval": "30"})
    assert raw == (
        b"##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;"
        b"CP=&&RtdInterval=30&&1C80\r\n"
    )


def test_the_answers_of_appendix_c() -> None:
    header = {"QN": "20160801085857223", "ST": "32", "CN": "1000", "PW": "123456", "MN": MN, "Flag": "5"}
    asked = only(encoded(header, {"OverTime": "5", "ReCount": "3"}))
    head = b"##%04dQN=20160801085857223;ST=91;CN=%s;PW=123456;MN=010000A8900016F000169DC0;Flag=4;CP=&&%s&&%s\r\n"
    assert request_return(asked, 1) == head % (94, b"9011", b"QnRtn=1", b"1B00")  # table C.1
    assert execution_result(asked, 1) == head % (95, b"9012", b"ExeRtn=1", b"6240")  # table C.1
    assert acknowledgement(asked, "9013") == head % (87, b"9013", b"", b"2A80")  # table C.11
    assert acknowledgement(asked) == head % (87, b"9014", b"", b"3240")  # table C.14


@pytest.mark.parametrize(("sent", "answer"), [("1", "0"), ("7", "4"), ("9", "8"), ("11", "8")])
def test_an_answer_is_of_the_edition_asked_in_and_asks_for_nothing(sent: str, answer: str) -> None:
    frame = only(encoded({"QN": "1", "ST": "31", "CN": "2011", "MN": "1", "Flag": sent}, {}))
    assert only(acknowledgement(frame)).header["Flag"] == answer


def test_an_answer_of_2005_repeats_qn_in_the_data_area() -> None:
    frame = only(encoded({"QN": "20160801085857223", "ST": "31", "CN": "1011", "MN": "1", "Flag": "1"}, {}))
    assert only(request_return(frame, 1)).fields == {"QN": "20160801085857223", "QnRtn": "1"}


@settings(deadline=None)
@given(st.integers(1, 120), st.sampled_from(["4", "5", "8", "1"]))
def test_sub_packets_keep_every_field_whole_factors_and_the_length(count: int, flag: str) -> None:
    fields = {"DataTime": "20160801080000"}
    for number in range(count):
        fields |= {f"a{number:05d}-Avg": "1.25", f"a{number:05d}-Flag": "N"}
    header = {"QN": "20160801085857534", "ST": "31", "CN": "2061", "PW": "123456", "MN": MN, "Flag": flag}
    frames = [only(raw) for raw in sub_packets(header, fields)]
    joined: dict[str, str] = {}
    for number, frame in enumerate(frames, start=1):
        assert len(frame.raw) <= 1024 + 10
        assert frame.fields["DataTime"] == "20160801080000"
        if len(frames) > 1:
            assert (frame.header["PNUM"], frame.header["PNO"]) == (str(len(frames)), str(number))
            assert frame.header["Flag"] == str(int(flag) | 2)
        assert not set(joined) & {key for key in frame.fields if "-" in key}
        joined |= frame.fields
    assert joined == fields


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ({"CN": "2011"}, {}),
        ({"CN": "2011", "MN": "1", "XX": "1"}, {}),
        ({"CN": "2011", "MN": "1;CN=9"}, {}),
        ({"CN": "2011", "MN": "1"}, {"a-Rtd": "1,b-Rtd=2"}),
        ({"CN": "2011", "MN": "1"}, {"a-Info": "//a\r\nb//"}),
        ({"CN": "2011", "MN": "1"}, {"a-Info": "x" * 1000}),
    ],
)
def test_what_would_break_a_frame_is_refused(header: dict[str, str], fields: dict[str, str]) -> None:
    with pytest.raises(Refusal):
        encoded(header, fields)


def test_an_area_with_less_than_a_block_stays_plain_when_sealed() -> None:
    segment = b"CN=2011;MN=1;CP=&&a-Rtd=1&&"
    assert sealed(segment, lambda area: area[::-1]) == segment
