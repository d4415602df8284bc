"""``lantian air stations``: the register of stations in, its template and its list out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lantian.basis.finding import Finding, Refusal, Severity, Text
from lantian.cli.folder import DataOption, data_folder
from lantian.cli.folder import now as present
from lantian.cli.output import to_output

_SHOWN = 20


def stations(
    file: Annotated[Path | None, typer.Argument(help="站点登记表（xlsx、CSV）", metavar="FILE")] = None,
    template: Annotated[Path | None, typer.Option(help="把模板（连同已登记的站点）写到这个 xlsx 文件")] = None,
    list_: Annotated[bool, typer.Option("--list", help="列出已登记的站点（CSV）和没有登记的站点")] = False,
    role: Annotated[str, typer.Option(help="表中没有类型列时的类型：国控、省控、县级、对照、小微站")] = "",
    back: Annotated[Path | None, typer.Option(help="把没有登记成的行连同原因写到这个 xlsx 文件")] = None,
    data: DataOption = None,
) -> None:
    """Does one of the three; rows kept aside end with code 2."""
    if sum((file is not None, template is not None, list_)) != 1:
        raise _refused(
            "STATION-COMMAND",
            "请给出一个登记表文件，或用 --template 生成模板，或用 --list 列出，三者选一",
            "name a file, or --template, or --list, one of the three",
        )
    folder = data_folder(data)
    if file is not None:
        _import(folder, file, role, back)
    elif template is not None:
        from lantian.cli.output import to_file
        from lantian.store.stations import StationReader
        from lantian.work.station_table import template as made

        to_file(template, made(StationReader(folder).stations()))
        typer.echo(f"已写出模板 {template}。", err=True)
    else:
        _list(folder)


def _import(folder: Path, file: Path, role: str, back: Path | None) -> None:
    from lantian.cli.output import to_file
    from lantian.cli.progress import shown
    from lantian.work.station_register import import_stations
    from lantian.work.station_row import role_of
    from lantian.work.station_table import returned

    with shown("登记站点"):
        report = import_stations(folder, file, now=present(), user="", role=role_of(role) if role else None)
    for one in report.aside[:_SHOWN]:
        typer.echo(f"{one.finding.place}：{one.finding.text.zh}", err=True)
    if report.aside[_SHOWN:] and back is None:
        typer.echo(f"另有 {len(report.aside) - _SHOWN} 行未列出，用 --back 写到文件可全部查看。", err=True)
    if back is not None and report.aside:
        to_file(back, returned(report.aside))
        typer.echo(f"没有登记成的行已写到 {back}。", err=True)
    typer.echo(
        f"读到 {report.rows_read} 行，新增 {report.new}，更改 {report.changed}，相同 {report.same}，"
        f"隔离 {len(report.aside)}；重算 {report.days_recomputed} 天。"
    )
    if report.aside:
        raise typer.Exit(2)


def _list(folder: Path) -> None:
    import csv
    import io

    from lantian.store.stations import StationReader
    from lantian.work.station_row import COLUMNS, row_of

    reader = StationReader(folder)
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow([column.head for column in COLUMNS])
    for one in reader.stations():
        row = row_of(one)
        table.writerow(["" if row[column.key] is None else row[column.key] for column in COLUMNS])
    to_output(out.getvalue())
    if missing := reader.unregistered():
        typer.echo(f"有数据但没有登记的站点 {len(missing)} 个：{'、'.join(missing)}", err=True)


def _refused(code: str, zh: str, en: str) -> Refusal:
    return Refusal(Finding(code, Severity.REFUSED, Text(zh, en)))
