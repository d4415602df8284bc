"""``lantian stack import``: hour and day tables of monitoring platforms, equal in rank with what devices send."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lantian.cli.folder import DataOption, data_folder
from lantian.cli.folder import now as present

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lantian.store.stack.outlets import Outlet
    from lantian.work.stack_import import ImportResult

_SHOWN = 20


def take_in(
    file: Annotated[Path | None, typer.Argument(help="平台导出的小时或日数据（xlsx、csv，可压缩成 .gz）")] = None,
    layout: Annotated[str, typer.Option("--layout", help="只用这一个对照文件（默认逐个试）")] = "",
    dry_run: Annotated[bool, typer.Option("--preview", help="只看会导入什么，不写入")] = False,
    reasons: Annotated[
        Path | None, typer.Option("--reasons", help="把没有采用的行连同原因写成这个 xlsx，改好后可再导入")
    ] = None,
    withdraw: Annotated[int, typer.Option("--withdraw", help="撤回这一批导入（编号见导入时的输出）")] = 0,
    data: DataOption = None,
) -> None:
    """导入平台导出的污染源小时、日数据；坏行带原因隔离，其余照收；同一文件再导入不改变任何数据。"""
    folder = data_folder(data)
    if withdraw:
        _withdraw(folder, withdraw)
        return
    if file is None:
        raise typer.BadParameter("请给出要导入的文件。", param_hint="FILE")
    from lantian.cli.progress import shown
    from lantian.store.folder import prepare
    from lantian.store.stack.outlets import outlets
    from lantian.work.stack_import import import_table, preview

    known, now = outlets(folder), present()
    if reasons is not None:
        _return(folder, file, known, layout or None, reasons)
    if dry_run:
        _tell(preview(folder, file, known, now=now, layout=layout or None))
        return
    prepare(folder, now=now)
    with shown("导入") as report:
        result = import_table(
            folder, file, known, by=getpass.getuser(), now=now, progress=report, layout=layout or None
        )
    _tell(result)


def _return(folder: Path, file: Path, known: Sequence[Outlet], layout: str | None, goal: Path) -> None:
    from lantian.cli.output import to_file
    from lantian.work.stack_import import read_table
    from lantian.work.stack_import_reasons import returned

    read = read_table(folder, file, known, now=present(), layout=layout)
    if any(table.findings for _, table in read.tables):
        to_file(goal, returned(read))
        typer.echo(f"没有采用的行和原因见 {goal}。")


def _withdraw(folder: Path, batch: int) -> None:
    from lantian.store.stack.imports import withdraw

    try:
        rows = withdraw(folder, batch, now=present())
    except KeyError:
        raise typer.BadParameter(f"没有第 {batch} 批导入，或已经撤回。", param_hint="--withdraw") from None
    typer.echo(f"已撤回第 {batch} 批导入的 {rows} 个值；被它替换的值恢复。")


def _tell(result: ImportResult) -> None:
    words = {"hour": "小时", "day": "日"}
    kinds = "、".join(words[one] for one in result.periods)
    state = f"第 {result.batch} 批" if result.batch else "没有写入"
    typer.echo(
        f"{result.name}：{kinds}数据 {result.rows} 行，排放口 {len(result.outlets)} 个；新值 {result.new} 个"
        f"（其中更正 {result.revised} 个），已有 {result.same} 个，整行未采用 {result.refused} 行。{state}。"
    )
    if result.ignored:
        typer.echo(f"未采用的列：{'、'.join(result.ignored)}")
    for one in result.findings[:_SHOWN]:
        typer.echo(f"  {one.place}：{one.text.zh}")
    if len(result.findings) > _SHOWN:
        typer.echo(f"  另有 {len(result.findings) - _SHOWN} 处，见 lantian stack quarantine。")
