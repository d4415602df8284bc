"""Frames move to the lake while the server goes on: each is there once, wherever it lies."""

from __future__ import annotations

import asyncio
from pathlib import Path

import polars as pl
import pytest
from gateway_client import MN, STARTED, a_gateway, frame, rows

from lantian.gateway import children
from lantian.gateway.compaction import compact
from lantian.gateway.limits import Limits
from lantian.store.stack.records import records


@pytest.mark.slow
def test_nothing_is_lost_or_doubled_while_frames_move(tmp_path: Path) -> None:
    sent = [frame(minute, value=f"{minute}.25") for minute in range(3000)]

    async def run() -> None:
        async with a_gateway(tmp_path, limits=Limits(kept_hours=0)) as (gateway, connect):
            device = await connect()
            moving = asyncio.create_task(_again(gateway))
            for start in range(0, len(sent), 20):
                await device.send(*sent[start : start + 20])
                await device.answers(20)
                await asyncio.sleep(0.02)
            moving.cancel()
            await asyncio.gather(moving, return_exceptions=True)
            assert await compact(gateway)

    async def _again(gateway: object) -> None:
        while True:
            assert await compact(gateway)  # type: ignore[arg-type]

    asyncio.run(run())
    files = rows(tmp_path, "SELECT path FROM file WHERE kind = 'frames' AND replaced_at IS NULL")
    assert len(files) > 1
    lake = pl.concat([pl.read_parquet(tmp_path / str(path)) for (path,) in files])["raw"].to_list()
    inbox = [raw for (raw,) in rows(tmp_path, "SELECT raw FROM frame")]
    assert sorted([*lake, *inbox]) == sorted(one[:-2] for one in sent)
    first = STARTED.replace(year=STARTED.year - 1)
    found = records(tmp_path, first, STARTED.replace(year=STARTED.year + 1), mns=[MN])
    assert sorted(found["rtd"].to_list()) == sorted(f"{minute}.25" for minute in range(3000))


def test_a_child_that_fails_is_told_and_no_end_of_the_server(tmp_path: Path) -> None:
    told: list[str] = []

    async def run() -> None:
        async with a_gateway(tmp_path) as (gateway, connect):
            gateway.tell = told.append
            gateway.data = tmp_path / "a file"
            gateway.data.write_text("")
            assert not await compact(gateway)
            gateway.data = tmp_path
            device = await connect()
            await device.send(frame())
            await device.answer()

    asyncio.run(run())
    assert told
    assert told[0].startswith("移入数据湖未成功")


def test_a_wait_that_is_cancelled_ends_the_child() -> None:
    async def run() -> None:
        task = asyncio.create_task(children.run("http.server", "--bind", "127.0.0.1", "0"))
        await asyncio.sleep(0.3)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
