"""Enciphered data areas of 2025 with the printed examples; the cipher is a look-up of the printed blocks."""

from __future__ import annotations

import pytest

from lantian.stack.hj212 import Device, Frame, Passed, decoded
from lantian.stack.hj212.sealed import sealed

MN = "010000A8900016F000169DC0"
HEAD = f"QN=20240520210700000;ST=31;CN=2051;PW=123456;MN={MN};Flag=9;CP=&&"
# HJ 212-2025 A.2, example 4 as quoted by a public implementation: nine blocks and three plain characters, key 16 times "0"
AREA = (
    "DataTime=20240520210600;a01011-Min=1.35,a01011-Avg=1.35,a01011-Max=1.35,a01011-Flag=N;"
    "a01014-Min=3.20,a01014-Avg=3.20,a01014-Max=3.20,a01014-Flag=N"
)
CIPHER = bytes.fromhex(
    "E43E159ACFAB242CB53155FB8B9281A1A242577ABFAED881BE88B72D69FC55ED1A80119FAAC8B3CD33D285CC76F57F2C"
    "A7F88B9573C6647E0F07E24609BD6B63EB20C5B9784F28E71D2F4994FF61D9E13B391A1D2A454B65388D5D9435DBF021"
    "528C7BF9755EF16518710C0CAC0ADEF9C5156CD0A5A17674AC0ED2ABC40023E9EF70128554B82438E91ADCE98A0D03A4"
)
PLAIN = AREA.encode()[: len(CIPHER)]


def encrypt(area: bytes) -> bytes:
    assert area == PLAIN
    return CIPHER


def decrypt(cipher: bytes) -> bytes:
    if cipher != CIPHER:
        raise ValueError
    return PLAIN


SEALED = sealed(f"{HEAD}{AREA}&&".encode(), encrypt)


def test_the_area_is_written_as_the_standard_prints_it() -> None:
    assert SEALED.startswith(HEAD.encode() + b"{0xE4,0x3E,")
    assert SEALED.endswith(b"0xA4}g=N&&")


@pytest.mark.parametrize("declared", [234, len(SEALED)])
def test_plain_and_transmitted_length_are_both_taken(declared: int) -> None:
    (event,) = decoded(b"##%04d" % declared + SEALED + b"B541\r\n", {MN: Device(decrypt=decrypt)})
    assert isinstance(event, Frame)
    assert event.items["a01014"] == {"Min": "3.20", "Avg": "3.20", "Max": "3.20", "Flag": "N"}
    assert event.raw.endswith(b"g=N&&B541")


@pytest.mark.parametrize(
    ("raw", "devices", "code"),
    [
        (b"##0234" + SEALED + b"B541\r\n", {}, "HJ212-SEALED"),
        (b"##0234" + SEALED + b"B540\r\n", {MN: Device(decrypt=decrypt)}, "HJ212-SEALED-WRONG"),
        (
            b"##0234" + SEALED.replace(b"0xE4", b"0xE5") + b"B541\r\n",
            {MN: Device(decrypt=decrypt)},
            "HJ212-SEALED-WRONG",
        ),
        (b"##0235" + SEALED + b"B541\r\n", {MN: Device(decrypt=decrypt)}, "HJ212-LENGTH-MISMATCH"),
    ],
)
def test_what_cannot_be_opened_is_kept_with_its_reason(raw: bytes, devices: dict[str, Device], code: str) -> None:
    (event,) = decoded(raw, devices)
    assert isinstance(event, Passed)
    assert [note.code for note in event.notes] == [code]
    assert event.header["MN"] == MN
