"""What the server knows of devices: passwords, registers, clocks, two connections of one, findings."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from gateway_client import MN, a_gateway, frame, outlet, register, rows

from lantian.gateway.limits import Limits
from lantian.stack.hj212 import decoded
from lantian.store.stack.inbox import devices
from lantian.store.stack.quarantine import quarantined


def test_an_unknown_device_is_answered_and_kept_aside_until_it_is_registered(tmp_path: Path) -> None:
    async def run() -> None:
        async with a_gateway(tmp_path, accept=False) as (_, connect):
            device = await connect()
            await device.send(frame())
            await device.answer()

    asyncio.run(run())
    (seen,) = devices(tmp_path)
    assert (seen.mn, seen.accepted, seen.frames, seen.connected) == (MN, False, 1, False)
    (kept,) = quarantined(tmp_path, set())
    assert (kept.kind, kept.mn, kept.findings[0]["code"]) == ("unknown", MN, "GATEWAY-DEVICE-UNKNOWN")
    assert list(quarantined(tmp_path, {MN})) == []


def test_a_wrong_password_is_kept_aside_and_after_three_the_answers_take_longer(tmp_path: Path) -> None:
    register(tmp_path, outlet(password="654321"))

    async def run() -> None:
        async with a_gateway(tmp_path, accept=False, limits=Limits(longest_delay=0.3)) as (gateway, connect):
            device = await connect()
            for minute in range(3):
                await device.send(frame(minute))
                await device.answer()
            (connection,) = gateway.connections
            assert connection._slow_until == 0
            for minute in range(3, 5):
                start = time.monotonic()
                await device.send(frame(minute))
                await device.answer()
                assert time.monotonic() - start >= 0.3
            other = await connect()
            await other.send(frame(9, pw="654321"))
            await other.answer()

    asyncio.run(run())
    kept = list(quarantined(tmp_path, {MN}))
    assert [one.findings[0]["code"] for one in kept] == ["GATEWAY-PASSWORD-WRONG"] * 5
    assert rows(tmp_path, "SELECT count(*) FROM frame") == [(1,)]
    (finding,) = devices(tmp_path)[0].findings
    assert (finding.code, finding.times) == ("GATEWAY-PASSWORD-WRONG", 5)


def test_more_wrong_passwords_than_the_measure_are_not_answered_any_more(tmp_path: Path) -> None:
    register(tmp_path, outlet(password="654321"))

    async def run() -> None:
        limits = Limits(refused_bytes=2 * len(frame()), tries=9)
        async with a_gateway(tmp_path, accept=False, limits=limits) as (_, connect):
            device = await connect()
            await device.send(frame(1), frame(2), frame(3))
            await device.answers(2)
            assert await device.closed()

    asyncio.run(run())
    assert len(list(quarantined(tmp_path, None))) == 2


def test_a_register_that_changes_counts_for_open_connections(tmp_path: Path) -> None:
    async def run() -> None:
        async with a_gateway(tmp_path, accept=False) as (gateway, connect):
            device = await connect()
            await device.send(frame(1))
            await device.answer()
            register(tmp_path, outlet(password="654321"))
            gateway.second()
            await device.send(frame(2))
            await device.answer()

    asyncio.run(run())
    assert [one.findings[0]["code"] for one in quarantined(tmp_path, {MN})] == ["GATEWAY-PASSWORD-WRONG"]


def test_another_check_is_taken_where_the_register_says_so(tmp_path: Path) -> None:
    from lantian.stack.hj212.crc import modbus

    usual = frame()
    odd = usual[:-6] + modbus(usual[6:-6]) + b"\r\n"
    register(tmp_path, outlet(crc="modbus"))

    async def run() -> None:
        async with a_gateway(tmp_path, accept=False) as (_, connect):
            device = await connect()
            await device.send(odd)
            assert (await device.answer()).header["CN"] == "9014"

    asyncio.run(run())
    assert rows(tmp_path, "SELECT raw FROM frame") == [(odd[:-2],)]


def test_a_device_that_comes_again_on_a_new_connection_is_no_doubled_one(tmp_path: Path) -> None:
    async def run() -> None:
        async with a_gateway(tmp_path) as (_, connect):
            for minute in range(3):
                device = await connect()
                await device.send(frame(minute))
                await device.answer()

    asyncio.run(run())
    assert devices(tmp_path)[0].findings == ()


def test_clocks_far_off_and_data_from_the_future_are_told_of_the_device(tmp_path: Path) -> None:
    async def run() -> None:
        async with a_gateway(tmp_path) as (gateway, connect):
            device = await connect()
            await device.send(frame(1, QN="20200101000000000"), frame(-600))
            await device.answers(2)
            gateway.flush(1)

    asyncio.run(run())
    found = {one.code for one in devices(tmp_path)[0].findings}
    assert found == {"GATEWAY-CLOCK-OFF", "GATEWAY-TIME-FUTURE"}
    assert devices(tmp_path)[0].last_data_time < _time(frame(-600))


def test_findings_of_a_device_are_counted_on_after_a_new_start(tmp_path: Path) -> None:
    async def run() -> None:
        async with a_gateway(tmp_path) as (_, connect):
            device = await connect()
            await device.send(frame(1, QN="20200101000000000"))
            await device.answer()

    asyncio.run(run())
    asyncio.run(run())
    assert [one.times for one in devices(tmp_path)[0].findings] == [2]


def test_frames_whose_head_cannot_be_repeated_are_kept(tmp_path: Path) -> None:
    from lantian.stack.hj212.crc import crc

    segment = b"QN=20260101080003001;ST=31;CN=2011;PW=123456;MN=A=B;Flag=5;CP=&&DataTime=20260101080000&&"
    raw = b"##%04d" % len(segment) + segment + crc(segment)

    async def run() -> None:
        async with a_gateway(tmp_path) as (_, connect):
            device = await connect()
            await device.send(raw + b"\r\n", frame())
            assert (await device.answer()).header["MN"] == MN

    asyncio.run(run())
    odd = {one.mn: one.findings for one in devices(tmp_path)}["A=B"]
    assert "GATEWAY-UNANSWERABLE" in {one.code for one in odd}
    assert rows(tmp_path, "SELECT mn FROM frame WHERE mn = 'A=B'") == [("A=B",)]


def test_what_deviates_from_the_standard_is_told_of_the_device_and_refused_by_nobody(tmp_path: Path) -> None:
    usual = next(one for minute in range(100) if not (one := frame(minute, ST="99"))[-6:-2].isdigit())
    lower = usual[:-6] + usual[-6:-2].lower() + b"\r\n"

    async def run() -> None:
        async with a_gateway(tmp_path) as (_, connect):
            device = await connect()
            await device.send(lower)
            await device.answer()

    asyncio.run(run())
    assert {one.code for one in devices(tmp_path)[0].findings} == {"HJ212-CRC-LOWER", "HJ212-ST-UNKNOWN"}
    assert list(quarantined(tmp_path, None)) == []


def test_an_enciphered_frame_is_taken_with_the_key_of_the_register(tmp_path: Path) -> None:
    from lantian.stack.hj212.crc import crc
    from lantian.stack.hj212.sealed import sealed
    from lantian.stack.hj212.sm4 import encrypting

    key = "0123456789ABCDEFFEDCBA9876543210"
    plain = frame(flag=9)
    segment = sealed(plain[6:-6], encrypting(bytes.fromhex(key)))
    raw = b"##%04d" % len(segment) + segment + crc(plain[6:-6])

    async def run() -> None:
        async with a_gateway(tmp_path, accept=False) as (gateway, connect):
            device = await connect()
            await device.send(raw + b"\r\n")
            assert await device.silent()
            register(tmp_path, outlet(key=key))
            gateway.second()
            await device.send(raw + b"\r\n")
            answer = await device.answer()
            assert (answer.header["QN"], answer.header["Flag"]) == (plain[9:26].decode(), "8")

    asyncio.run(run())
    assert rows(tmp_path, "SELECT raw, data_time FROM frame") == [(raw, _time(plain))]
    (refused,) = quarantined(tmp_path, None)
    assert [one["code"] for one in refused.findings] == ["HJ212-SEALED"]


def test_a_register_that_cannot_be_read_leaves_the_last_one(tmp_path: Path) -> None:
    register(tmp_path, outlet(password="654321"))

    async def run() -> None:
        async with a_gateway(tmp_path, accept=False) as (gateway, connect):
            (tmp_path / "stack" / "outlets.json").write_text("{", "utf-8")
            gateway.second()
            assert gateway.devices.trouble
            assert gateway.devices.registered == 1
            device = await connect()
            await device.send(frame(pw="654321"))
            await device.answer()

    asyncio.run(run())
    assert rows(tmp_path, "SELECT count(*) FROM frame") == [(1,)]


def _time(raw: bytes) -> str:
    return decoded(raw)[0].fields["DataTime"]  # type: ignore[union-attr]
