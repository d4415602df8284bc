"""The server in this process: what it keeps and what it answers."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from gateway_client import MN, a_gateway, frame, rows, until

from lantian.gateway.limits import Limits
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


def _time(raw: bytes) -> str:
    return decoded(raw)[0].fields["DataTime"]  # type: ignore[union-attr]
