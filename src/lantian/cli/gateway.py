"""``lantian gateway``: the server that monitors of polluting sources send to (HJ 212)."""

from __future__ import annotations

import asyncio
import sys
from enum import StrEnum
from typing import Annotated

import typer

from lantian.cli.folder import DataOption, data_folder, now


class Unknown(StrEnum):
    """What happens to devices nobody registered."""

    quarantine = "quarantine"
    accept = "accept"


def gateway(
    host: Annotated[str, typer.Option(help="监听地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口；0 为任一空闲端口")] = 9212,
    unknown: Annotated[
        Unknown, typer.Option(help="未登记的数采仪：quarantine 保存并应答，登记后才成为监测数据；accept 直接采用")
    ] = Unknown.quarantine,
    compact_after: Annotated[float, typer.Option(help="收到多少小时后移入数据湖")] = 2,
    metrics_port: Annotated[int, typer.Option(help="Prometheus 指标的本机端口；0 为任一空闲端口")] = 0,
    data: DataOption = None,
) -> None:
    """接收数采仪上传的数据（HJ 212）：写入磁盘后才应答；停止用 Ctrl-C。"""
    from lantian.gateway.gateway import Gateway
    from lantian.gateway.law import law
    from lantian.gateway.limits import Limits
    from lantian.gateway.server import alone, serve
    from lantian.store.folder import make

    folder = data_folder(data)
    make(folder)
    with alone(folder):
        limits = Limits(kept_hours=compact_after)
        server = Gateway(folder, law(now().date()), accept=unknown is Unknown.accept, limits=limits, tell=_tell)
        asyncio.run(serve(server, host, port, metrics_port=metrics_port, started=_started))


def _started(host: str, port: int) -> None:
    print(f"联网服务已启动，listening {host}:{port}", flush=True)


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
