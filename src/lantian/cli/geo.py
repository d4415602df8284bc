"""``lantian geo``: borders for the maps."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lantian.cli.folder import DataOption, data_folder
from lantian.cli.folder import now as present

app = typer.Typer(no_args_is_help=True)


@app.callback()
def geo() -> None:
    """地图边界：导入。"""


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="GeoJSON 文件（FeatureCollection，区域名在 properties.name）")],
    layer: Annotated[str, typer.Option("--as", help="作为哪个图层：counties（县市区界）")],
    datum: Annotated[str, typer.Option(help="坐标系：wgs84（含 CGCS2000）或 gcj02（高德等网络地图）；须写明，不猜")],
    review_number: Annotated[str, typer.Option(help="审图号；没有的不填，页面会写明未注明")] = "",
    data: DataOption = None,
) -> None:
    """Takes borders into the data folder; GCJ-02 becomes WGS-84, in which stations are told."""
    from lantian.store.geo import LAYERS, import_layer

    made = import_layer(data_folder(data), file, layer, datum=datum, review_number=review_number, now=present())
    typer.echo(f"已导入{LAYERS[layer]} {len(made.areas)} 个：{'、'.join(one.name for one in made.areas)}。")
    if datum == "gcj02":
        typer.echo("坐标已由 GCJ-02 换算为 WGS-84，与站点一致。")
    if not made.review_number:
        typer.echo("未注明审图号：地图页面会写明，仅供内部工作使用。公开使用的地图须有审图号。")
