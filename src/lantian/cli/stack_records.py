"""``lantian stack records``, ``quarantine``, ``replay``, ``compact``: what came in, what was kept aside, the same again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lantian.cli.folder import DataOption, data_folder
from lantian.cli.folder import now as present

if TYPE_CHECKING:
    import polars as pl

_LINES = 1000  # written at once
_FORMS = ("%Y%m%d%H%M%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d")


def records(
    first: Annotated[str, typer.Option("--from", help="起（北京时间，含），如 2026-11-01T00:00:00")],
    until: Annotated[str, typer.Option("--to", help="止（不含）")],
    mn: Annotated[str, typer.Option("--mn", help="只要这一台数采仪")] = "",
    csv: Annotated[bool, typer.Option("--csv", help="CSV（目前唯一的格式，可不写）")] = True,
    data: DataOption = None,
) -> None:
    """列出监测记录：每个字段一行，同一时间内容不同的取最后收到的。"""
    from lantian.cli.output import to_output
    from lantian.store.stack.records import by_field

    folder = data_folder(data)
    heading = True
    for part in _parts(folder, _moment(first, "--from"), _moment(until, "--to"), mn):
        to_output(by_field(part).write_csv(include_header=heading))
        heading = False
    if heading:
        to_output("mn,cn,data_time,code,field,value,flag,qn,received_at\n")


def _parts(folder: Path, first: datetime, until: datetime, mn: str) -> Iterator[pl.DataFrame]:
    """The records piece by piece, so that a long span needs little memory."""
    from lantian.store.stack.device_settings import device_settings
    from lantian.store.stack.outlets import outlets
    from lantian.store.stack.records import known_mns, records
    from lantian.store.stack.spans import pieces

    devices = device_settings(outlets(folder))
    known = {one for one in known_mns(folder) if not mn or one == mn}
    for piece in pieces(folder, first, until, known):
        found = records(folder, piece.first, piece.until, mns=piece.mns, devices=devices)
        if found.height:
            yield found


def quarantine(
    jsonl: Annotated[bool, typer.Option("--jsonl", help="每行一个 JSON 对象（目前唯一的格式，可不写）")] = True,
    mn: Annotated[str, typer.Option("--mn", help="只要这一台数采仪")] = "",
    data: DataOption = None,
) -> None:
    """列出没有成为监测记录的内容：拒收的字节、未登记的数采仪、没有有效时间的数据包，都带原因。"""
    from lantian.cli.output import to_output
    from lantian.store.stack.quarantine import quarantined
    from lantian.store.stack.records import known_mns

    folder = data_folder(data)
    lines: list[str] = []
    for one in quarantined(folder, known_mns(folder), mn=mn or None):
        lines.append(one.as_json() + "\n")
        if len(lines) >= _LINES:
            to_output("".join(lines))
            lines.clear()
    to_output("".join(lines))


def replay(
    out: Annotated[
        Path | None, typer.Option("--out", help="把重新识读的记录写到这个目录（Parquet，每月一个或几个文件）")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="只比较，不写文件（不给 --out 时就是这样，可不写）")] = False,
    data: DataOption = None,
) -> None:
    """从原始数据包重新识读全部记录，并与现有记录逐字比较；不同就指出来，退出码为 1。"""
    from lantian.cli.progress import shown
    from lantian.work.stack_replay import replay as run

    if check and out is not None:
        raise typer.BadParameter("--check 只比较，--out 要写文件：请只给一个。", param_hint="--check")
    folder = data_folder(data)
    with shown("重新识读") as report:
        result = run(folder, out, progress=report)
    typer.echo(f"数据包 {result.frames} 个，记录 {result.records} 条，与现有记录不同 {result.differing} 条。")
    for one in result.examples:
        typer.echo(f"  {one}")
    if result.differing:
        raise typer.Exit(1)


def compact(
    keep_hours: Annotated[float, typer.Option("--keep-hours", help="最近多少小时收到的数据包留在收件箱")] = 2.0,
    data: DataOption = None,
) -> None:
    """把较早的数据包从收件箱移到数据湖，合并旧文件（联网服务会自动进行，一般不必手工运行）。"""
    from lantian.basis.period import beijing_date
    from lantian.store.stack.compact import compact as move
    from lantian.store.stack.compact import merge, tidy
    from lantian.store.stack.device_settings import device_settings
    from lantian.store.stack.outlets import outlets

    folder, now = data_folder(data), present()
    moved = move(folder, now - timedelta(hours=keep_hours), now=now, devices=device_settings(outlets(folder)))
    merged = merge(folder, today=beijing_date(now), now=now)
    removed = tidy(folder, now=now)
    typer.echo(f"移入数据湖 {moved} 个数据包，合并成 {merged} 个文件，清除旧文件 {removed} 个。")


def _moment(text: str, option: str) -> datetime:
    for form in _FORMS:
        try:
            return datetime.strptime(text.strip(), form)  # noqa: DTZ007  Beijing civil time, as everywhere inside
        except ValueError:
            continue
    raise typer.BadParameter(f"“{text}”不是时间。请写成 2026-11-01T00:00:00 或 20261101000000。", param_hint=option)
