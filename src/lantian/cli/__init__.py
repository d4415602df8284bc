"""The command ``lantian``; each command imports what it needs when it is called, so that ``--help`` stays quick."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from lantian.basis.finding import Refusal
from lantian.cli import air, demo, gateway, geo, operate, people, plan, serve, simulate, stack

app = typer.Typer(
    help="蓝天：让一座城市的空气质量改善方案运行起来。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: drawing it with Rich takes a third of the whole start
)
app.add_typer(plan.app, name="plan", help="方案：识读、导入。")
app.add_typer(air.app, name="air", help="环境空气：导入、统计。")
app.add_typer(stack.app, name="stack", help="污染源：数采仪数据包、监测记录、导入。")
app.add_typer(geo.app, name="geo", help="地图边界：导入。")
app.add_typer(people.app, name="user", help="用户：新建、一次性链接。")
app.add_typer(operate.work, name="work", help="后台任务。")
app.add_typer(simulate.app, name="simulate", help="模拟：虚拟数采仪。")
app.command("serve", help="启动网站、后台任务和联网服务。")(serve.serve)
app.command("gateway", help="联网服务：接收数采仪按 HJ 212 上传的数据。")(gateway.gateway)
app.command("demo", help="装入示范用的真实数据（鸡西 2015、2017 年逐日）。")(demo.demo)
app.command("backup", help="把数据目录备份成一个文件。")(operate.backup)
app.command("restore", help="从备份文件恢复数据目录。")(operate.restore)


@app.callback()
def common(
    data: Annotated[
        Path | None, typer.Option("--data", help="数据目录（默认取 LANTIAN_DATA，再默认 ./var）。", show_default=False)
    ] = None,
) -> None:
    """蓝天：让一座城市的空气质量改善方案运行起来。"""
    if data is not None:
        os.environ["LANTIAN_DATA"] = str(data)


def main() -> None:
    """Runs the command; a refusal is printed to standard error and ends with code 2."""
    try:
        app()
    except Refusal as refusal:
        for finding in refusal.findings:
            place = f"{finding.place}：" if str(finding.place) else ""
            print(f"{place}{finding.text.zh}", file=sys.stderr)
        sys.exit(2)
