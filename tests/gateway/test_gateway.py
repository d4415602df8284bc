"""The server in this process: what it keeps, what it answers, what it bears."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path

import pytest
from gateway_client import MN, a_gateway, frame, outlet, register, rows, until

from lantian.basis.finding import Refusal
from lantian.gateway.limits import Limits
from lantian.gateway.server import alone
from lantian.stack.hj212 import decoded
from lantian.store.stack.inbox import devices
from lantian.store.stack.quarantine import quarantined


def test_an_answer_comes_after_the_frame_is_there_for_others(tmp_path: Path) -> None:
    async def run() -> None:
        async with a_gateway(tmp_path) as (_, connect):
            device = await connect()
            for minute in range(20):
                sent = frame(minute)
                await device.send(sent)
                answer = await device.answer()
                kept = rows(tmp_path, "SELECT mn, cn, data_time, part, qn, raw FROM frame ORDER BY id DESC LIMIT 1")[0]
                (event,) = decoded(sent)
                assert kept == (MN, "2011", event.fields["DataTime"], 0, event.header["QN"], sent[:-2])  # type: ignore[union-attr]
                assert (answer.header["CN"], answer.header["ST"], answer.header["Flag"]) == ("9014", "91", "4")
                assert (answer.header["QN"], answer.header["MN"]) == (event.header["QN"], MN)

    asyncio.run(run())


def test_a_frame_that_wants_no_answer_gets_none_and_is_kept(tmp_path: Path) -> None:
    async def run() -> None:
        async with a_gateway(tmp_path) as (_, connect):
            device = await connect()
            await device.send(frame(flag=4))
            assert await device.silent()

    asyncio.run(run())
    assert rows(tmp_path, "SELECT count(*) FROM frame") == [(1,)]


def test_repeats_are_kept_once_and_other_contents_as_revisions(tmp_path: Path) -> None:
    async def run() -> None:
        async with a_gateway(tmp_path) as (gateway, connect):
            device = await connect()
            await device.send(frame(), frame(), frame(number=9), frame(value="10.6"))
            answers = await device.answers(4)
            assert len({one.header["QN"] for one in answers}) == 2
            assert (gateway.writer.frames, gateway.writer.new) == (4, 2)

    asyncio.run(run())
    values = [decoded(raw)[0].fields["a21026-Rtd"] for (raw,) in rows(tmp_path, "SELECT raw FROM frame ORDER BY id")]  # type: ignore[union-attr, arg-type]
    assert values == ["10.5", "10.6"]


def test_notices_and_requests_get_their_own_answers_and_answers_none(tmp_path: Path) -> None:
    async def run() -> None:
        async with a_gateway(tmp_path) as (_, connect):
            device = await connect()
            await device.send(frame(cn="1013"), frame(cn="1062"), frame(cn="9014"), frame(cn="2061"))
            first, second, third = await device.answers(3)
            assert (first.header["CN"], second.header["CN"], third.header["CN"]) == ("9013", "9011", "9014")
            assert second.fields == {"QnRtn": "2"}

    asyncio.run(run())
    assert rows(tmp_path, "SELECT count(*) FROM frame") == [(4,)]


def test_refused_bytes_are_kept_with_their_findings_and_do_not_hide_good_frames(tmp_path: Path) -> None:
    wrong = frame(3).replace(b"10.5", b"99.9")

    async def run() -> None:
        async with a_gateway(tmp_path) as (_, connect):
            device = await connect()
            await device.send(b"\x00\xffnoise", frame(1), wrong, b"\r\n", frame(2))
            assert len(await device.answers(2)) == 2
            assert await device.silent()

    asyncio.run(run())
    noise, refused = quarantined(tmp_path, None)
    assert noise.raw == b"\x00\xffnoise"
    assert noise.findings[0]["code"] == "HJ212-GARBAGE"
    assert (refused.raw, refused.mn, refused.cn) == (wrong[:-2], MN, "2011")
    assert refused.findings[0]["code"] == "HJ212-CRC-MISMATCH"
    assert json.loads(refused.as_json())["findings"][0]["severity"] == "refused"


def test_data_without_a_time_are_kept_answered_and_told(tmp_path: Path) -> None:
    sent = [
        frame(1, DataTime=""),
        frame(2, DataTime="20260230000000"),
        frame(3, DataTime="20260101000000123"),
        frame(4),
    ]

    async def run() -> None:
        async with a_gateway(tmp_path) as (_, connect):
            device = await connect()
            await device.send(*sent, frame(5, cn="1013", DataTime=""))
            assert len(await device.answers(5)) == 5

    asyncio.run(run())
    assert rows(tmp_path, "SELECT count(*) FROM frame") == [(5,)]
    told = list(quarantined(tmp_path, None))
    assert [(one.raw, one.findings[0]["code"]) for one in told] == [
        (sent[0][:-2], "HJ212-TIME-ABSENT"),
        (sent[1][:-2], "HJ212-TIME-FORM"),
    ]


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


def test_accepted_devices_are_marked_so(tmp_path: Path) -> None:
    async def run() -> None:
        async with a_gateway(tmp_path, accept=True) as (_, connect):
            device = await connect()
            await device.send(frame())
            await device.answer()

    asyncio.run(run())
    assert devices(tmp_path)[0].accepted
    assert list(quarantined(tmp_path, set())) == []


def test_the_table_of_devices_follows_the_connection(tmp_path: Path) -> None:
    async def run() -> None:
        async with a_gateway(tmp_path, limits=Limits(flush_seconds=0)) as (gateway, connect):
            device = await connect()
            await device.send(frame(2), frame(1), frame(3))
            await device.answers(3)
            gateway.second()
            await gateway.durable()
            (seen,) = devices(tmp_path)
            assert (seen.connected, seen.frames, seen.last_data_time) == (True, 3, _time(frame(1)))
            device.close()
            await until(lambda: not gateway.connections)
            gateway.second()
            await gateway.durable()
            assert not devices(tmp_path)[0].connected

    asyncio.run(run())


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


def test_parts_are_answered_one_by_one_and_those_missing_are_told(tmp_path: Path) -> None:
    parts = [frame(5, flag=7, value=str(number), PNUM="3", PNO=str(number)) for number in (1, 2, 3)]
    late = [frame(6, flag=7, value=str(number), PNUM="3", PNO=str(number)) for number in (1, 3)]

    async def run() -> None:
        async with a_gateway(tmp_path, limits=Limits(parts_seconds=0)) as (gateway, connect):
            device = await connect()
            await device.send(*parts, *late)
            await device.answers(5)
            gateway.second()

    asyncio.run(run())
    assert [part for (part,) in rows(tmp_path, "SELECT part FROM frame ORDER BY id")] == [1, 2, 3, 1, 3]
    (told,) = quarantined(tmp_path, None)
    assert told.findings[0]["code"] == "GATEWAY-PARTS-MISSING"
    assert "2 / 3" in told.findings[0]["zh"]


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


def _time(raw: bytes) -> str:
    return decoded(raw)[0].fields["DataTime"]  # type: ignore[union-attr]
