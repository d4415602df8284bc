"""Virtual stations against the gateway itself: all arrives, is answered, asked for again, and follows the register."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from gateway_client import a_gateway, register, rows, until

from lantian.gateway.virtual import Fleet, codes, identity, last_seen, only, simulated
from lantian.stack.hj212.flag import Edition
from lantian.store.stack.commands import commands
from lantian.store.stack.inbox import devices
from lantian.work.simulated_outlets import simulated_outlets
from lantian.work.simulated_stack_night import last_night

SEVEN = simulated_outlets("230300", (), (), 8, old=True)


def test_stations_of_three_editions_are_taken_and_answered(tmp_path: Path) -> None:
    register(tmp_path, *SEVEN)

    async def run() -> Fleet:
        async with a_gateway(tmp_path, accept=False) as (gateway, connect):
            host, port = await _address(connect)
            fleet = Fleet(host, port, 1, 1)
            task = asyncio.create_task(fleet.follow(tmp_path, lambda: None))
            await until(lambda: fleet.counts.acknowledged >= 8 * 55, 30)
            await until(lambda: gateway.devices.connected(), 5)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return fleet

    fleet = asyncio.run(run())
    assert fleet.counts.repeated == 0
    assert {one.mn for one in devices(tmp_path) if one.frames} == {one.mn for one in SEVEN}
    assert rows(tmp_path, "SELECT count(*) FROM quarantine") == [(0,)]
    kinds = {identity(one).edition for one in SEVEN}
    assert kinds == {Edition.HJT_2005, Edition.HJ_2017, Edition.HJ_2025}
    ((sealed,),) = rows(
        tmp_path, f"SELECT min(instr(raw, '{{0x') > 0) FROM frame WHERE mn = '{SEVEN[6].mn}' AND cn = '2051'"
    )
    assert sealed == 1


def test_the_gateway_gets_what_it_asks_for(tmp_path: Path) -> None:
    (outlet,) = simulated_outlets("230300", (), (), 1)
    assert outlet.mn
    mn = outlet.mn
    register(tmp_path, outlet)
    end = datetime.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)  # noqa: DTZ005

    async def run() -> None:
        async with a_gateway(tmp_path, accept=False) as (gateway, connect):
            host, port = await _address(connect)
            fleet = Fleet(host, port, 1)
            task = asyncio.create_task(fleet.follow(tmp_path, lambda: None))
            await until(lambda: gateway.devices.find(mn), 10)
            for cn, fields in (("1000", {"OverTime": "9", "ReCount": "2"}), ("2061", _range(end)), ("1012", {})):
                gateway.exchange.ask(mn, cn, fields, "tests", 0)
            await until(lambda: gateway.exchange.done == 3, 10)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    asyncio.run(run())
    assert {(one.cn, one.state) for one in commands(tmp_path)} == {("1000", "done"), ("2061", "done"), ("1012", "done")}
    assert rows(tmp_path, "SELECT count(*) FROM frame WHERE cn = '2061'")[0] >= (2,)


def test_stations_end_with_their_outlets(tmp_path: Path) -> None:
    two = simulated_outlets("230300", (), (), 2)
    register(tmp_path, *two)

    async def run() -> None:
        async with a_gateway(tmp_path, accept=False) as (gateway, connect):
            host, port = await _address(connect)
            fleet = Fleet(host, port, 1)
            task = asyncio.create_task(fleet.follow(tmp_path, lambda: None))
            await until(lambda: len(gateway.devices.connected()) == 2, 10)
            register(tmp_path, two[0], replace(two[1], simulated=False))
            await until(lambda: len(gateway.devices.connected()) == 1, 10)
            register(tmp_path, replace(two[1], simulated=False))
            await asyncio.wait_for(task, 10)

    asyncio.run(run())
    assert simulated(tmp_path) == {}
    assert set(last_seen(tmp_path)) == {one.mn for one in two}


def test_a_night_is_the_same_for_all_who_ask() -> None:
    night = last_night(SEVEN, datetime(2026, 11, 28, 8))
    assert night == last_night(reversed(SEVEN), datetime(2026, 11, 28, 23))
    assert night
    assert night.silent_since == datetime(2026, 11, 28, 3, 10)
    assert last_night(SEVEN, datetime(2026, 11, 28, 5)).silent_since == datetime(2026, 11, 27, 3, 10)  # type: ignore[union-attr]
    assert last_night(SEVEN[:3], datetime(2026, 11, 28, 8)) is None


def test_a_device_of_2005_sends_its_edition_s_codes() -> None:
    found = codes(Edition.HJT_2005, datetime(2026, 11, 28).date())
    assert (found["a21026"], found["a21002"], found["a34013"]) == ("02", "03", "01")
    assert codes(Edition.HJ_2017, datetime(2026, 11, 28).date()) == {}


async def _address(connect) -> tuple[str, int]:  # type: ignore[no-untyped-def]
    client = await connect()
    host, port = client.writer.get_extra_info("peername")[:2]
    client.close()
    return host, port


def _range(end: datetime) -> dict[str, str]:
    return {"BeginTime": f"{end - timedelta(hours=2):%Y%m%d%H%M%S}", "EndTime": f"{end:%Y%m%d%H%M%S}"}


def test_a_register_has_one_process_of_stations(tmp_path: Path) -> None:
    with only(tmp_path) as first, only(tmp_path) as second:
        assert (first, second) == (True, False)
    with only(tmp_path) as third:
        assert third
