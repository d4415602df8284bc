"""Answers: the same bytes as the codec's, in few steps; which command by the table."""

from __future__ import annotations

import pytest
from gateway_client import LAW, frame

from lantian.gateway.answers import answer_cn, odd_reply, reply
from lantian.stack.hj212 import Arrival, ArrivalDecoder, Frame, acknowledgement, decoded

COMMANDS = LAW.tables.commands


def _arrival(raw: bytes) -> Arrival:
    (event,) = ArrivalDecoder().feed(raw)
    assert isinstance(event, Arrival)
    return event


@pytest.mark.parametrize("flag", [1, 5, 9, 7])
@pytest.mark.parametrize("cn", ["2011", "2051", "2061", "2031", "3020"])
def test_data_are_answered_with_the_bytes_of_the_codec(flag: int, cn: str) -> None:
    raw = frame(3, flag=flag, cn=cn, **({"PNUM": "2", "PNO": "1"} if flag == 7 else {}))
    arrival = _arrival(raw)
    (whole,) = decoded(raw)
    assert isinstance(whole, Frame)
    assert answer_cn(arrival.head, COMMANDS) == "9014"
    form = reply(arrival.head, "9014")
    assert form is not None
    assert form.to(arrival.qn) == acknowledgement(whole) == odd_reply(arrival.head, arrival.qn, "9014")


@pytest.mark.parametrize(
    ("cn", "flag", "answer"),
    [
        ("2011", 5, "9014"), ("2011", 4, None), ("2011", 0, None), ("1013", 5, "9013"), ("1013", 4, None), ("1011", 5, "9014"),
        ("1062", 5, "9011"), ("9011", 5, None), ("9012", 5, None), ("9013", 5, None), ("9014", 5, None), ("9021", 5, "9014"),
        ("3011", 5, "9011"), ("2081", 5, "9014"),
    ],
)  # fmt: skip
def test_the_answer_follows_command_and_flag(cn: str, flag: int, answer: str | None) -> None:
    assert answer_cn(_arrival(frame(cn=cn, flag=flag)).head, COMMANDS) == answer


def test_a_known_answer() -> None:
    head = _arrival(frame(mn="010000A8900016F000169DC0", pw="123456")).head
    form = reply(head, "9014")
    assert form is not None
    segment = "QN=20240601085857223;ST=91;CN=9014;PW=123456;MN=010000A8900016F000169DC0;Flag=4;CP=&&&&"
    assert form.to("20240601085857223")[6:-6].decode() == segment
    assert form.to("20240601085857223").startswith(b"##%04d" % len(segment))
