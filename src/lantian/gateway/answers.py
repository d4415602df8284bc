"""Which answer a frame of a device gets: 9014 to data, 9013 to notices, 9011 to requests, none to answers.

Rule    HJ 212-2017 6.5 and appendix C, by the table of commands; only where Flag asks for it (table 3, bit 0)
"""

from __future__ import annotations

from collections.abc import Mapping

from lantian.gateway.reception import Good
from lantian.stack.hj212 import Frame, acknowledgement, request_return
from lantian.stack.hj212.crc import crc
from lantian.stack.hj212.tables import Command

_REFUSED = 2  # HJ 212-2017 table 6: the platform carries out no requests of a device
_ANSWER = "9"
_HEARTBEAT = "9015"
_DATA = ("2", "3")


def answer(good: Good, commands: Mapping[str, Command]) -> bytes | None:
    """The answer as bytes; None where none is wanted."""
    if good.frame is None:
        return _short(good) if good.flag in _WANTING else None
    bits = good.frame.bits
    if bits is None or not bits.need_ack:
        return None
    return _by_command(good.frame, commands)


def _by_command(frame: Frame, commands: Mapping[str, Command]) -> bytes | None:
    cn = frame.header["CN"]
    command = commands.get(cn)
    kind = command.kind if command else ""
    if cn.startswith(_DATA) or "upload" in kind:
        return acknowledgement(frame)
    if kind == "notify" or cn == _HEARTBEAT:
        return acknowledgement(frame, "9013")
    if cn.startswith(_ANSWER):
        return None
    return request_return(frame, _REFUSED)


_WANTING = {"1": "0", "5": "4", "9": "8"}  # Flag that asks for an answer → Flag of the answer, same edition


def _short(good: Good) -> bytes | None:
    """The same for a frame told the short way, where it carries data: the answer's fields are all in its header."""
    if not good.cn.startswith(_DATA):
        return None
    flag = _WANTING[good.flag]
    segment = f"QN={good.qn};ST=91;CN=9014;PW={good.password};MN={good.mn};Flag={flag};CP=&&&&".encode()
    return b"##%04d%b%b\r\n" % (len(segment), segment, crc(segment))
