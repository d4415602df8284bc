"""HJ 212, the line protocol of pollution monitors (editions 2005, 2017, 2025): bytes in, events out."""

from lantian.stack.hj212.arrival import Arrival, ArrivalDecoder, Head
from lantian.stack.hj212.conformity import deviations
from lantian.stack.hj212.decoder import Decoder, decoded
from lantian.stack.hj212.device import Device
from lantian.stack.hj212.encode import (
    acknowledgement,
    answer,
    encoded,
    execution_result,
    parted,
    request_return,
    sub_packets,
)
from lantian.stack.hj212.events import Event, Frame, Note, Passed
from lantian.stack.hj212.flag import Edition, FlagBits, edition_of, flag_bits
from lantian.stack.hj212.notes import finding
from lantian.stack.hj212.parts import Assembler, Transmission
from lantian.stack.hj212.tables import Tables

__all__ = [
    "Arrival",
    "ArrivalDecoder",
    "Assembler",
    "Decoder",
    "Device",
    "Edition",
    "Event",
    "FlagBits",
    "Frame",
    "Head",
    "Note",
    "Passed",
    "Tables",
    "Transmission",
    "acknowledgement",
    "answer",
    "decoded",
    "deviations",
    "edition_of",
    "encoded",
    "execution_result",
    "finding",
    "flag_bits",
    "parted",
    "request_return",
    "sub_packets",
]
