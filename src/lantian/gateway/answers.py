"""Which answer a frame of a device gets: 9014 to data, 9013 to notices, 9011 to requests, none to answers.

Rule    HJ 212-2017 6.5 and appendix C, by the table of commands; only where Flag asks for one (table 3, bit 0)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from lantian.basis.finding import Refusal
from lantian.stack.hj212 import Head, answer
from lantian.stack.hj212.crc import crc
from lantian.stack.hj212.tables import Command

INTERACTIONS = frozenset(("9011", "9012", "9013", "9014"))
NOTICE = "notify"
_REFUSED = {"QnRtn": "2"}  # HJ 212-2017 table 6: the platform carries out no requests of a device
_QN = "0" * 17


class Reply(NamedTuple):
    """The answer to all frames with one head: what stands before and behind QN."""

    before: bytes
    behind: bytes

    def to(self, qn: str) -> bytes:
        """The answer to a frame with a QN of 17 digits."""
        segment = b"QN=" + qn.encode() + self.behind
        return self.before + segment + crc(segment) + b"\r\n"


def answer_cn(head: Head, commands: Mapping[str, Command]) -> str | None:
    """The command of the answer; None where none is wanted."""
    if not head.need_ack or head.cn in INTERACTIONS:
        return None
    command = commands.get(head.cn)
    if command is None or "upload" in command.kind:
        return "9014"
    return "9013" if command.kind == NOTICE else "9011"


def reply(head: Head, cn: str) -> Reply | None:
    """The answer to every frame with this head and a QN of 17 digits; None where the head cannot be repeated."""
    whole = _answer(head, _QN, cn)
    if whole is None:
        return None
    before, behind = whole[:-6].split(b"QN=" + _QN.encode(), 1)
    return Reply(before, behind)


def odd_reply(head: Head, qn: str, cn: str) -> bytes | None:
    """The answer to a frame whose QN is no time or missing; None where its head cannot be repeated."""
    return _answer(head, qn, cn)


def _answer(head: Head, qn: str, cn: str) -> bytes | None:
    sent = {"PW": head.pw, "MN": head.mn}
    if qn:
        sent["QN"] = qn
    if head.flag is not None:
        sent["Flag"] = str(head.flag.value)
    try:
        return answer(sent, cn, _REFUSED if cn == "9011" else {})
    except Refusal:
        return None
