"""Enciphered data areas of 2025 with the printed examples; framing against a look-up of the printed blocks, then the cipher itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantian.stack.hj212 import Device, Frame, Passed, decoded, encoded
from lantian.stack.hj212.crc import crc
from lantian.stack.hj212.encode import framed
from lantian.stack.hj212.sealed import sealed
from lantian.stack.hj212.sm4 import decrypting, encrypting

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


# HJ 212-2025 A.2, example 2: the printed area, its first blocks as a public implementation quotes them
AREA_2 = (
    "DataTime=20240520210600;a01011-Min=1.35,a01011-Avg=1.35,a01011-Max=1.35,a01011-Flag=N;"
    "a01012-Min=9.3,a01012-Avg=9.3,a01012-Max=9.3,a01012-Flag=N;"
    "a01014-Min=3.20,a01014-Avg=3.211,a01014-Max=3.212,a01014-Flag=N"
)
START_2 = "E43E159ACFAB242CB53155FB8B9281A1A242577ABFAED881BE88B72D69FC55ED"
PRINTED_KEY = b"0" * 16


def test_the_cipher_of_the_library_gives_the_printed_blocks() -> None:
    assert encrypting(PRINTED_KEY)(PLAIN) == CIPHER
    assert decrypting(PRINTED_KEY)(CIPHER) == PLAIN
    assert encrypting(PRINTED_KEY)(AREA_2.encode()[:32]).hex().upper() == START_2


def test_the_cipher_of_gb_t_32907() -> None:
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    assert encrypting(key)(key).hex().upper() == "681EDF34D206965E86B3E94F536E4246"


@pytest.mark.parametrize("length", [0, 15, 17])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="16"):
        decrypting(bytes(length))


@given(st.binary(min_size=16, max_size=16), st.integers(0, 40), st.booleans())
def test_what_was_enciphered_is_read_back(key: bytes, values: int, late: bool) -> None:
    header = {"QN": "20261128083000123", "ST": "31", "CN": "2051", "PW": "123456", "MN": MN, "Flag": "9"}
    header |= {"RF": "1"} if late else {}
    fields = {"DataTime": "20261128082900"} | {f"a{n:05d}-Avg": f"{n}.5" for n in range(values)}
    raw = encoded(header, fields, encrypting(key))
    (event,) = decoded(raw, {MN: Device(decrypt=decrypting(key))})
    assert isinstance(event, Frame)
    assert (event.header, event.fields, event.notes) == (header, fields, ())
    assert event.raw == raw[:-2]


def test_an_area_shorter_than_a_block_stays_plain() -> None:
    raw = encoded({"CN": "2011", "MN": MN}, {"QnRtn": "1"}, encrypting(PRINTED_KEY))
    assert b"CP=&&QnRtn=1&&" in raw


@pytest.mark.parametrize(("name", "field"), [("example_2", "cipher_hex"), ("example_4", "cipher_hex_whole_blocks")])
def test_the_printed_examples_whole(shared: Path, name: str, field: str) -> None:
    """Both frames of A.2: cipher, check over the plain segment, the printed length, and back."""
    from ruamel.yaml import YAML

    vectors = YAML(typ="safe").load(shared / "standards" / "hj212" / "protocol-2025.yaml")["sm4_vectors"]
    example, key = vectors[name], bytes.fromhex(vectors["key_hex"])
    area = example["plain_area"].encode()
    whole = area[: len(area) - len(area) % 16]
    assert encrypting(key)(whole).hex().upper() == example[field]
    segment = f"{HEAD}{example['plain_area']}&&".encode()
    raw = framed(segment, encrypting(key))
    assert raw.startswith(b"##%04d" % len(segment))
    assert raw.endswith(crc(segment) + b"\r\n")
    (event,) = decoded(raw, {MN: Device(decrypt=decrypting(key))})
    assert isinstance(event, Frame)
    assert event.fields["a01014-Flag"] == "N"
