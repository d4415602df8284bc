"""Commands to devices: sent, repeated, answered, ended; kept as they stand."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from gateway_client import LAW, MN, Client, a_gateway, frame, outlet, register, until

from lantian.basis.finding import Refusal
from lantian.gateway import client
from lantian.gateway.gateway import Gateway
from lantian.stack.hj212 import Frame, encoded, execution_result, request_return
from lantian.stack.hj212.values import moment
from lantian.store.stack.commands import DeviceCommand, command, commands
from lantian.store.stack.quarantine import quarantined


async def _asked(data: Path, cn: str, fields: dict[str, str] | None = None) -> int:
    return await asyncio.to_thread(client.ask, data, MN, cn, fields or {}, "wang")


async def _joined(gateway: Gateway, device: Client) -> None:
    await device.send(frame())
    await device.answer()
    await until(lambda: gateway.devices.find(MN))


async def _ended(data: Path, number: int) -> DeviceCommand:
    await until(lambda: not command(data, number).open)  # type: ignore[union-attr]
    found = command(data, number)
    assert found is not None
    return found


def test_a_request_is_sent_answered_and_ended(tmp_path: Path) -> None:
    register(tmp_path, outlet(password="654321", system="31"))

    async def run() -> None:
        async with a_gateway(tmp_path, accept=False) as (gateway, connect):
            device = await connect()
            await device.send(frame(pw="654321"))
            await device.answer()
            number = await _asked(tmp_path, "1062", {"RtdInterval": "30"})
            asked = await device.answer()
            header = {key: asked.header[key] for key in ("ST", "CN", "PW", "MN", "Flag")}
            assert header == {"ST": "31", "CN": "1062", "PW": "654321", "MN": MN, "Flag": "5"}
            assert asked.fields == {"RtdInterval": "30"}
            kept = command(tmp_path, number)
            assert kept is not None
            assert (kept.state, kept.tries, kept.asked_by, kept.qn) == ("sent", 1, "wang", asked.header["QN"])
            await device.send(request_return(asked, 1))
            await until(lambda: command(tmp_path, number).state == "accepted")  # type: ignore[union-attr]
            await device.send(execution_result(asked, 1))
            done = await _ended(tmp_path, number)
            assert (done.state, done.result) == ("done", "ExeRtn=1 执行成功")
            assert gateway.exchange.open == 0

    asyncio.run(run())


def test_refusals_and_failures_are_told_with_their_reason(tmp_path: Path) -> None:
    async def run() -> None:
        async with a_gateway(tmp_path) as (gateway, connect):
            device = await connect()
            await _joined(gateway, device)
            number = await _asked(tmp_path, "2061", {"BeginTime": "20260101000000", "EndTime": "20260101030000"})
            await device.send(request_return(await device.answer(), 2))
            assert (await _ended(tmp_path, number)).result == "QnRtn=2 请求被拒绝"
            number = await _asked(tmp_path, "2061", {"BeginTime": "20260101000000", "EndTime": "20260101030000"})
            asked = await device.answer()
            await device.send(request_return(asked, 1), execution_result(asked, 100))
            ended = await _ended(tmp_path, number)
            assert (ended.state, ended.result) == ("failed", "ExeRtn=100 没有数据")

    asyncio.run(run())


def test_commands_to_one_device_go_one_after_the_other(tmp_path: Path) -> None:
    async def run() -> None:
        async with a_gateway(tmp_path) as (gateway, connect):
            device = await connect()
            await _joined(gateway, device)
            first, second = await _asked(tmp_path, "1011"), await _asked(tmp_path, "1061")
            asked = await device.answer()
            assert asked.header["CN"] == "1011"
            assert await device.silent(0.1)
            await device.send(request_return(asked, 1), execution_result(asked, 1))
            following = await device.answer()
            assert following.header["CN"] == "1061"
            assert following.header["QN"] > asked.header["QN"]
            assert command(tmp_path, second).state == "sent"  # type: ignore[union-attr]
            assert command(tmp_path, first).state == "done"  # type: ignore[union-attr]

    asyncio.run(run())


def test_what_waits_for_a_device_is_sent_when_it_comes(tmp_path: Path) -> None:
    async def run() -> None:
        async with a_gateway(tmp_path) as (_, connect):
            number = await _asked(tmp_path, "1012")
            assert command(tmp_path, number).state == "waiting"  # type: ignore[union-attr]
            device = await connect()
            await device.send(frame())
            got = {one.header["CN"]: one for one in await device.answers(2)}
            assert moment(got["1012"].fields["SystemTime"]) is not None
            assert command(tmp_path, number).fields == got["1012"].fields  # type: ignore[union-attr]

    asyncio.run(run())


def test_no_answer_is_asked_again_so_often_and_then_told(tmp_path: Path) -> None:
    async def run() -> list[Frame]:
        async with a_gateway(tmp_path) as (gateway, connect):
            gateway.law = replace(LAW, timeouts=replace(LAW.timeouts, over_time_s=0, repetitions=2))
            device = await connect()
            await _joined(gateway, device)
            number = await _asked(tmp_path, "1011")
            sent = [await device.answer()]
            for _ in range(2):
                gateway.second()
                sent.append(await device.answer())
            gateway.second()
            ended = await _ended(tmp_path, number)
            assert (ended.state, ended.tries) == ("unanswered", 3)
            seen = gateway.devices.find(MN)
            assert seen is not None
            assert "GATEWAY-NO-ANSWER" in seen.findings
        return sent

    sent = asyncio.run(run())
    assert len({one.header["QN"] for one in sent}) == 1


def test_a_result_that_never_comes_ends_the_exchange(tmp_path: Path) -> None:
    async def run() -> None:
        async with a_gateway(tmp_path) as (gateway, connect):
            gateway.law = replace(LAW, practice=replace(LAW.practice, result_s=0))
            device = await connect()
            await _joined(gateway, device)
            number = await _asked(tmp_path, "3012")
            await device.send(request_return(await device.answer(), 1))
            await until(lambda: command(tmp_path, number).state == "accepted")  # type: ignore[union-attr]
            gateway.second()
            gateway.second()
            assert (await _ended(tmp_path, number)).state == "overdue"

    asyncio.run(run())


def test_a_device_set_to_other_times_is_waited_for_so_long(tmp_path: Path) -> None:
    async def run() -> None:
        async with a_gateway(tmp_path) as (gateway, connect):
            device = await connect()
            await _joined(gateway, device)
            number = await _asked(tmp_path, "1000", {"OverTime": "7", "ReCount": "5"})
            asked = await device.answer()
            await device.send(request_return(asked, 1), execution_result(asked, 1))
            await _ended(tmp_path, number)
            assert gateway.exchange.patience(MN) == (7, 5)
        async with a_gateway(tmp_path) as (gateway, _):
            assert gateway.exchange.patience(MN) == (7, 5)

    asyncio.run(run())


def test_a_password_the_platform_set_holds_beside_the_registered_one(tmp_path: Path) -> None:
    register(tmp_path, outlet(password="123456"))

    async def run() -> None:
        async with a_gateway(tmp_path, accept=False) as (gateway, connect):
            device = await connect()
            await _joined(gateway, device)
            number = await _asked(tmp_path, "1072", {"NewPW": "777777"})
            asked = await device.answer()
            await device.send(request_return(asked, 1), execution_result(asked, 1))
            await _ended(tmp_path, number)
            await device.send(frame(1, pw="777777"), frame(2))
            assert len(await device.answers(2)) == 2
        async with a_gateway(tmp_path, accept=False) as (_, connect):
            device = await connect()
            await device.send(frame(3, pw="777777"), frame(4, pw="888888"))
            await device.answers(2)

    asyncio.run(run())
    assert [one.findings[0]["code"] for one in quarantined(tmp_path, None)] == ["GATEWAY-PASSWORD-WRONG"]


def test_a_device_whose_head_cannot_be_repeated_is_told_so(tmp_path: Path) -> None:
    from lantian.stack.hj212.crc import crc

    segment = f"QN=20260101080003001;ST=31;CN=2011;PW=a=b;MN={MN};Flag=4;CP=&&DataTime=20260101080000&&".encode()

    async def run() -> None:
        async with a_gateway(tmp_path) as (gateway, connect):
            device = await connect()
            await device.send(b"##%04d" % len(segment) + segment + crc(segment) + b"\r\n")
            await until(lambda: gateway.devices.find(MN))
            ended = await _ended(tmp_path, await _asked(tmp_path, "1011"))
            assert (ended.state, ended.tries) == ("failed", 0)
            assert "a=b" in ended.result
            assert gateway.exchange.open == 0

    asyncio.run(run())


def test_a_request_for_the_time_is_answered_and_followed_by_the_time(tmp_path: Path) -> None:
    register(tmp_path, outlet())

    async def run() -> None:
        async with a_gateway(tmp_path, accept=False) as (_, connect):
            device = await connect()
            notice = {"QN": "20260101080003001", "ST": "31", "CN": "1013", "PW": "123456", "MN": MN, "Flag": "5"}
            await device.send(encoded(notice, {}))
            assert {one.header["CN"] for one in await device.answers(2)} == {"9013", "1012"}

    asyncio.run(run())
    assert [(one.cn, one.asked_by, one.state) for one in commands(tmp_path)] == [("1012", "gateway", "sent")]


def test_a_registered_device_with_a_wrong_clock_is_set_once(tmp_path: Path) -> None:
    register(tmp_path, outlet())

    async def run() -> None:
        async with a_gateway(tmp_path, accept=False) as (gateway, connect):
            device = await connect()
            for minute in range(3):
                await device.send(frame(minute, QN=f"2020010100000000{minute}"))
                await until(lambda minute=minute: gateway.writer.frames == minute + 1)  # type: ignore[misc]
                gateway.flush(1)
            assert sorted(one.header["CN"] for one in await device.answers(4)) == ["1012", "9014", "9014", "9014"]
            assert await device.silent(0.1)

    asyncio.run(run())
    assert [one.cn for one in commands(tmp_path)] == ["1012"]


@pytest.mark.parametrize(
    ("cn", "fields", "code"),
    [
        ("9014", {}, "GATEWAY-COMMAND-UNKNOWN"),
        ("1013", {}, "GATEWAY-COMMAND-UNKNOWN"),
        ("7777", {}, "GATEWAY-COMMAND-UNKNOWN"),
        ("1062", {"RtdInterval": "1"}, "GATEWAY-SETTING-RANGE"),
        ("1064", {"MinInterval": "7"}, "GATEWAY-SETTING-RANGE"),
        ("1000", {"OverTime": "x"}, "GATEWAY-SETTING-RANGE"),
        ("1072", {"NewPW": "a;b"}, "HJ212-ENCODE-TEXT"),
    ],
)
def test_what_is_no_command_or_out_of_range_is_refused(
    tmp_path: Path, cn: str, fields: dict[str, str], code: str
) -> None:
    async def run() -> None:
        async with a_gateway(tmp_path):
            with pytest.raises(Refusal) as told:
                await _asked(tmp_path, cn, fields)
            assert told.value.findings[0].code == code

    asyncio.run(run())
    assert commands(tmp_path) == []


def test_without_a_gateway_nothing_can_be_asked(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as told:
        client.ask(tmp_path, MN, "1011", {}, "wang")
    assert told.value.findings[0].code == "GATEWAY-NOT-RUNNING"
    assert client.status(tmp_path) is None


def test_the_control_socket_wants_the_token_of_the_folder(tmp_path: Path) -> None:
    async def run() -> None:
        async with a_gateway(tmp_path) as (_, connect):
            device = await connect()
            await device.send(frame())
            await device.answer()
            assert ((tmp_path / "gateway.token").stat().st_mode & 0o777) == 0o600
            told = await asyncio.to_thread(client.status, tmp_path)
            assert told is not None
            assert (told["frames"], told["connections"], told["trouble"]) == (1, 1, "")
            (tmp_path / "gateway.token").write_text("other\n")
            assert await asyncio.to_thread(client.status, tmp_path) is None

    asyncio.run(run())


def test_figures_are_served_for_prometheus(tmp_path: Path) -> None:
    import json

    async def run() -> str:
        async with a_gateway(tmp_path) as (_, connect):
            device = await connect()
            await device.send(frame(), frame())
            await device.answers(2)
            port = json.loads((tmp_path / "gateway.json").read_text())["metrics_port"]
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
            text = (await reader.read()).decode()
            writer.close()
            return text

    text = asyncio.run(run())
    assert text.startswith("HTTP/1.1 200 OK\r\n")
    assert "lantian_gateway_frames_total 2.0" in text
    assert "lantian_gateway_frames_new_total 1.0" in text
    assert "lantian_gateway_connections 1.0" in text
