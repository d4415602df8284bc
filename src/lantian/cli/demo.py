"""``lantian demo``: real days of a demonstration instead of the simulated city."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lantian.cli.folder import DataOption, data_folder
from lantian.cli.folder import now as present
from lantian.cli.simulated import clear_simulated_entries

_SHOWN = ("AIR-LAYOUT-NOTE", "AIR-ITEM-ABSENT", "AIR-STATION-UNREGISTERED")


def demo(
    shared: Annotated[Path, typer.Option("--shared", help="示范数据所在的目录（其下有 data/ambient）")],
    data: DataOption = None,
) -> None:
    """Loads real days of 2015 and 2017, stations, hours of 2020 and borders (Heilongjiang) and removes what is simulated."""
    from lantian.cli.progress import shown
    from lantian.work.demo import load_demo

    folder = data_folder(data)
    with shown("装入示范数据") as progress:
        found = load_demo(shared, folder, now=present(), progress=progress)
    for report in found.imports:
        typer.echo(
            f"{report.layout}：{len(report.cities)} 个城市，读到 {report.rows_read} 行，新增 {report.rows_new}，"
            f"相同 {report.rows_same}，隔离 {len(report.quarantined)}；移除模拟数据 {report.simulated_removed} 天。"
        )
        for note in report.notes:
            if note.code in _SHOWN:
                typer.echo(f"  提示：{note.text.zh}")
    typer.echo(f"站点登记：{found.register.new} 个；县（市）区边界：{found.areas} 个。")
    if any(report.simulated_removed for report in found.imports):
        clear_simulated_entries(folder)
