"""``lantian demo``: real days of a demonstration instead of the simulated city."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lantian.cli.folder import DataOption, data_folder
from lantian.cli.folder import now as present
from lantian.cli.simulated import clear_simulated_entries


def demo(
    shared: Annotated[Path, typer.Option("--shared", help="示范数据所在的目录（其下有 data/ambient）")],
    data: DataOption = None,
) -> None:
    """Loads the real Jixi days of 2015 and 2017 (all cities of the province) and removes the simulated ones."""
    from lantian.cli.progress import shown
    from lantian.work.demo import load_demo

    folder = data_folder(data)
    with shown("装入示范数据") as progress:
        reports = load_demo(shared, folder, now=present(), progress=progress)
    for report in reports:
        typer.echo(
            f"{report.layout}：{len(report.cities)} 个城市，读到 {report.rows_read} 行，新增 {report.rows_new}，"
            f"相同 {report.rows_same}，隔离 {len(report.quarantined)}；移除模拟数据 {report.simulated_removed} 天。"
        )
        for note in report.notes:
            if note.code in ("AIR-LAYOUT-NOTE", "AIR-ITEM-ABSENT"):
                typer.echo(f"  提示：{note.text.zh}")
    if any(report.simulated_removed for report in reports):
        clear_simulated_entries(folder)
