"""What the server bears: floods, silence, a slow disk, its end, a second one, faults of its own."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from gateway_client import a_gateway, frame, rows, until

from lantian.basis.finding import Refusal
from lantian.gateway.limits import Limits
from lantian.gateway.server import alone
from lantian.store.stack.inbox import devices
from lantian.store.stack.quarantine import quarantined


def test_a_jump_of_the_own_clock_is_told(tmp_path: Path) -> None:
    async def run() -> None:
        async with a_gateway(tmp_path) as (gateway, _):
            gateway.second()
            gateway._drift -= 100
            gateway.second()

    asyncio.run(run())
    (told,) = quarantined(tmp_path, None)
    assert told.findings[0]["code"] == "GATEWAY-SERVER-CLOCK"
    assert "+100.0 s" in told.findings[0]["zh"]


def test_two_connections_of_one_device_are_both_served_and_told(tmp_path: Path) -> None:
    async def run() -> None:
        async with a_gateway(tmp_path) as (_, connect):
            first = await connect()
            await first.send(frame(1))
            await first.answer()
            second = await connect()
            await second.send(frame(2))
            await second.answer()
            await first.send(frame(3))
            await first.answer()

    asyncio.run(run())
    assert [one.code for one in devices(tmp_path)[0].findings] == ["GATEWAY-MN-TWICE"]
    assert rows(tmp_path, "SELECT count(*) FROM frame") == [(3,)]


def test_a_flood_is_kept_by_its_beginning_length_and_digest(tmp_path: Path) -> None:
    junk = b"A" * 300_000

    async def run() -> None:
        async with a_gateway(tmp_path, limits=Limits(refused_bytes=10_000)) as (_, connect):
            device = await connect()
            await device.send(junk, frame())
            await device.answer()

    asyncio.run(run())
    *whole, run_row = quarantined(tmp_path, None)
    assert sum(len(one.raw) for one in whole) <= 10_000
    assert run_row.raw == b"A" * 256
    codes = [one["code"] for one in run_row.findings]
    assert codes == ["HJ212-GARBAGE", "GATEWAY-REFUSED-MUCH"]
    cut = len(junk) - sum(len(one.raw) for one in whole)
    assert f"{cut} B" in run_row.findings[1]["zh"]
    from hashlib import sha256

    assert sha256(b"A" * cut).hexdigest() in run_row.findings[1]["zh"]


def test_connections_of_one_address_are_bounded_and_the_rest_told(tmp_path: Path) -> None:
    async def run() -> None:
        async with a_gateway(tmp_path, limits=Limits(address_connections=2)) as (gateway, connect):
            first, second, third = await connect(), await connect(), await connect()
            assert await third.closed()
            await first.send(frame(1))
            await second.send(frame(2))
            await first.answer()
            await second.answer()
            gateway.second()

    asyncio.run(run())
    (told,) = quarantined(tmp_path, None)
    assert told.findings[0]["code"] == "GATEWAY-ADDRESS-FULL"


def test_a_silent_connection_is_closed(tmp_path: Path) -> None:
    async def run() -> None:
        async with a_gateway(tmp_path, limits=Limits(idle_seconds=-1)) as (gateway, connect):
            device = await connect()
            await until(lambda: gateway.connections)
            gateway.second()
            assert await device.closed()

    asyncio.run(run())


def test_nothing_is_read_while_too_much_waits_for_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        limits = Limits(group_bytes=20_000, read_bytes=8_000)
        async with a_gateway(tmp_path, limits=limits) as (gateway, connect):
            held = asyncio.Event()
            commit = gateway.writer._written

            async def slowly(group: object) -> None:
                await held.wait()
                await commit(group)  # type: ignore[arg-type]

            monkeypatch.setattr(gateway.writer, "_written", slowly)
            device = await connect()
            frames = [frame(minute) for minute in range(3000)]
            sending = asyncio.create_task(device.send(*frames))
            await until(lambda: gateway.group.size > limits.group_bytes)
            await asyncio.sleep(0.1)
            assert gateway.group.size <= limits.group_bytes + limits.read_bytes
            held.set()
            assert len(await device.answers(len(frames))) == len(frames)
            await sending

    asyncio.run(run())
    assert rows(tmp_path, "SELECT count(*) FROM frame") == [(3000,)]


def test_a_device_that_reads_no_answers_is_read_no_more(tmp_path: Path) -> None:
    async def run() -> None:
        async with a_gateway(tmp_path, limits=Limits(unread_answers=1024)) as (gateway, connect):
            device = await connect()
            device.writer.transport.pause_reading()
            frames = (
                b"".join(frame(minute) for minute in range(1000)) * 150
            )  # their answers exceed every buffer on the way
            sending = asyncio.create_task(device.send(frames))
            read = -1
            while read != gateway.bytes:
                read = gateway.bytes
                await asyncio.sleep(0.5)
            assert read < len(frames)
            assert not sending.done()
            other = await connect()
            await other.send(frame(1, value="7"))
            await other.answer()
            device.writer.transport.resume_reading()
            assert await device.count(b"CN=9014", 150_000)
            await sending

    asyncio.run(run())


def test_the_end_keeps_and_answers_what_was_read(tmp_path: Path) -> None:
    async def run() -> list[object]:
        async with a_gateway(tmp_path) as (gateway, connect):
            device = await connect()
            await device.send(*(frame(minute) for minute in range(50)))
            await until(lambda: gateway.bytes)
        answered = (await device.reader.read()).count(b"CN=9014")
        return [answered, gateway.writer.frames]

    answered, kept = asyncio.run(run())
    assert answered == kept == rows(tmp_path, "SELECT count(*) FROM frame")[0][0]
    assert not (tmp_path / "gateway.json").exists()
    assert not devices(tmp_path)[0].connected


def test_a_second_gateway_on_one_folder_is_refused(tmp_path: Path) -> None:
    with alone(tmp_path), pytest.raises(Refusal) as told, alone(tmp_path):
        pass
    assert told.value.findings[0].code == "GATEWAY-RUNS-ALREADY"
    with alone(tmp_path):
        pass


def test_a_fault_in_the_work_of_each_second_is_told_and_receiving_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        async with a_gateway(tmp_path) as (gateway, connect):
            gateway.tell = (told := []).append
            monkeypatch.setattr(gateway.addresses, "sweep", lambda _: 1 / 0)
            await until(lambda: gateway.faults)
            assert "ZeroDivisionError" in told[0]
            device = await connect()
            await device.send(frame())
            await device.answer()

    asyncio.run(run())
