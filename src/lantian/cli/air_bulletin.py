"""``lantian air bulletin``: the monthly bulletin of the plan's city as a Word document."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from lantian.basis.determination import VALUES
from lantian.cli.folder import DataOption, django_ready
from lantian.cli.output import to_file


def bulletin(
    month: Annotated[str, typer.Argument(help="月份，如 2026-10", metavar="MONTH")],
    out: Annotated[Path, typer.Option(help="输出的 Word 文件（.docx）；同名 .xlsx 放全部表格", metavar="FILE.docx")],
    values: Annotated[str, typer.Option(help="realtime（实况）或 reviewed（审核后）")] = "realtime",
    data: DataOption = None,
) -> None:
    """Writes the bulletin and the workbook of its tables; nothing where the month has no data (code 2)."""
    if not re.fullmatch(r"20\d{2}-(0[1-9]|1[0-2])", month):
        raise typer.BadParameter(f"“{month}”不是月份，请写成 2026-10 这样。", param_hint="MONTH")
    if values not in VALUES:
        raise typer.BadParameter(f"“{values}”不是数据种类，请写 realtime 或 reviewed。", param_hint="--values")
    folder = django_ready(data)
    from lantian.cli.progress import shown
    from lantian.site import clock
    from lantian.site.bulletin import drafting

    with shown("月报") as progress:
        progress(0, 2, "统计")
        decided = (folder / "people.sqlite").is_file()  # where the days taken out are kept
        drafted = drafting.drafted(date.fromisoformat(f"{month}-01"), clock.as_of(), values, decided=decided)
        progress(1, 2, "绘图、排版")
        made = drafting.made(drafted)
    for file, body in ((out, made.files["docx"]), (out.with_suffix(".xlsx"), made.files["xlsx"])):
        to_file(file, body)
    flag = "（含模拟数据）" if drafted.bulletin.simulated else ""
    typer.echo(f"已写出 {out} 和 {out.with_suffix('.xlsx')}{flag}，数据目录 {folder}。", err=True)
