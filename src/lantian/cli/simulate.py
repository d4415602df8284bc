"""``lantian simulate``: virtual stations for drills, tests and the demonstration."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import time
from collections.abc import Callable, Coroutine
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lantian.cli.progress import shown

if TYPE_CHECKING:
    from lantian.gateway.virtual import Fleet

app = typer.Typer(no_args_is_help=True)
SEED = 230300
_TOLD_EVERY = 10.0  # seconds, where no bar is shown
_REGION = "230300"


class Scenario(StrEnum):
    """What happens at the stations."""

    none = "none"
    night = "night"


@app.callback()
def simulate() -> None:
    """模拟：虚拟数采仪。所有数值均为模拟数据。"""


@app.command()
def stacks(
    to: Annotated[str, typer.Option("--to", help="联网服务的地址，HOST:PORT")],
    count: Annotated[int, typer.Option(min=1, help="虚拟站个数；用 --data 时为最多个数")] = 200,
    seed: Annotated[int, typer.Option(help="数值由它决定，相同则相同")] = SEED,
    backfill: Annotated[float, typer.Option(min=0, help="启动时先补发最近多少小时的分钟、小时数据")] = 0,
    scenario: Annotated[Scenario, typer.Option(help="night：昨夜一口超标、一口失联、一口数据恒定")] = Scenario.none,
    data: Annotated[
        Path | None, typer.Option("--data", help="采用这个数据目录中登记的模拟排放口，随登记表增减", show_default=False)
    ] = None,
) -> None:
    """虚拟数采仪：按 HJ 212 连接、上传、等待应答、重发、执行平台命令；停止用 Ctrl-C。"""
    from lantian.gateway.virtual import Fleet, last_seen, only, present, simulated
    from lantian.work.simulated_outlets import simulated_outlets
    from lantian.work.simulated_stack_night import last_night

    host, port = _address(to)
    if data is None:
        found = simulated_outlets(_REGION, (), (), count, old=True)
    else:
        found = list(simulated(data).values())[:count]
    if not found:
        typer.echo("没有登记的模拟排放口，虚拟站不启动。")
        return
    night = last_night(found, present()) if scenario is Scenario.night else None
    fleet = Fleet(host, port, seed, backfill, night, last_seen(data) if data else {}, count, data is not None)
    typer.echo(f"虚拟站 {len(found)} 个，连接 {host}:{port}（模拟数据）。")
    with only(data) if data else contextlib.nullcontext(True) as alone, shown("虚拟站") as report:
        if not alone:
            typer.echo("这个数据目录的虚拟站已在另一个进程中运行。", err=True)
            return
        tell = _telling(fleet, len(found), report)
        asyncio.run(_until_stopped(fleet.follow(data, tell) if data else fleet.run(found, tell)))
    typer.echo(_told(fleet))


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not (colon and host and port.isdecimal() and 0 < int(port) < 65536):
        raise typer.BadParameter(f"“{text}”不是 HOST:PORT。", param_hint="--to")
    return host.strip("[]"), int(port)


async def _until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Runs until the work ends or a signal asks to stop."""
    task = asyncio.ensure_future(work)
    for kind in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(kind, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task


def _telling(fleet: Fleet, total: int, report: Callable[[int, int, str], None]) -> Callable[[], None]:
    last = time.monotonic()

    def tell() -> None:
        nonlocal last
        report(fleet.counts.connected, total, _told(fleet))
        if not sys.stderr.isatty() and time.monotonic() - last >= _TOLD_EVERY:
            last = time.monotonic()
            print(_told(fleet), flush=True)

    return tell


def _told(fleet: Fleet) -> str:
    one = fleet.counts
    return (
        f"在线 {one.connected}，发送 {one.sent}，应答 {one.acknowledged}，"
        f"重发 {one.repeated}，执行命令 {one.requests}，断线 {one.lost}。"
    )
