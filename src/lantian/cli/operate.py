"""``lantian work``, ``backup`` and ``restore``: keeping an installation running."""

from __future__ import annotations

import signal
import threading
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from lantian.cli.folder import DataOption, data_folder, django_ready
from lantian.cli.folder import now as present

work = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@work.command("run", help="持续运行后台任务（由 serve 启动，一般不必手工运行）。")
def run(data: DataOption = None) -> None:
    """The worker process: heartbeat, clock work and queued jobs until asked to stop."""
    django_ready(data)
    from lantian.site.jobs.worker import run_worker

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    run_worker(stop)


@work.command("run-due", help="运行到某一时刻为止应当运行的任务，然后结束（供 cron 使用）。")
def run_due(
    now: Annotated[str, typer.Option(help="时刻，如 2026-11-23T08:00+08:00；默认现在")] = "",
    data: DataOption = None,
) -> None:
    """Everything due until ``now``, once."""
    django_ready(data)
    from lantian.site.jobs import worker

    try:
        moment = datetime.fromisoformat(now) if now else present()
    except ValueError:
        raise typer.BadParameter(f"“{now}”不是时刻。请写成 2026-11-23T08:00+08:00。", param_hint="--now") from None
    if moment.tzinfo is None:
        raise typer.BadParameter("时刻要带时区，如 2026-11-23T08:00+08:00。", param_hint="--now")
    typer.echo(f"运行了 {worker.run_due(moment)} 项任务。")


def backup(
    file: Annotated[Path, typer.Argument(help="备份文件，如 lantian-20261123.tar.gz")], data: DataOption = None
) -> None:
    """One file with everything in the data folder, taken while the program runs."""
    from lantian.cli.progress import shown
    from lantian.store.backup import backup as make

    with shown("备份") as progress:
        make(data_folder(data, as_it_is=True), file, now=present(), progress=progress)
    typer.echo(f"已备份到 {file}。")


def restore(
    file: Annotated[Path, typer.Argument(help="备份文件")],
    replace: Annotated[bool, typer.Option("--replace", help="数据目录不空时，先把原目录改名留存再恢复。")] = False,
    data: DataOption = None,
) -> None:
    """The data folder as it was backed up; whole or not at all."""
    from lantian.store.backup import restore as put_back

    put_back(file, data_folder(data, as_it_is=True), now=present(), replace=replace)
    typer.echo(f"已从 {file} 恢复。")
