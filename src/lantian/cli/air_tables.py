"""``lantian air rank``, ``trend`` and ``quality``: tables of many cities as CSV."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lantian.cli.output import to_file, to_output

if TYPE_CHECKING:
    import polars as pl

Daily = Annotated[list[Path], typer.Option(help="城市日均值文件")]
City = Annotated[list[str] | None, typer.Option(help="只算这些城市")]
Out = Annotated[Path | None, typer.Option(help="输出文件；不给则写到标准输出")]


def rank(
    daily: Daily,
    period: Annotated[str, typer.Option(help="时段：2015、2015-07、2015Q3、2015H1、..2015-07-31（年初至今）")],
    city: City = None,
    province: Annotated[str, typer.Option(help="行政区划代码开头，如 23；表中要有代码列")] = "",
    any_days: Annotated[bool, typer.Option("--any-days", help="有效天数不足的也参加排名")] = False,
    out: Out = None,
) -> None:
    """Prints the ranking; cities without a valid index stand at the end with the reason."""
    from lantian.cli.progress import shown
    from lantian.work.air_tables import rank_table, window_of

    days = window_of(period)
    with shown("排名") as progress:
        validity = "none" if any_days else "hj_663"
        table = rank_table(daily, days, progress, cities=city or (), province=province, validity=validity)
    _out(table, out)


def trend(daily: Daily, city: City = None, out: Out = None) -> None:
    """Prints trend and rolling means of every yearly figure."""
    from lantian.cli.progress import shown
    from lantian.work.air_tables import trend_table

    with shown("趋势") as progress:
        table = trend_table(daily, progress, cities=city or ())
    _out(table, out)


def quality(
    daily: Daily,
    period: Annotated[str, typer.Option(help="时段；不给则为文件的全部日期")] = "",
    out: Out = None,
) -> None:
    """Prints what is worth a look; nothing is removed or changed."""
    from lantian.cli.progress import shown
    from lantian.work.air_tables import quality_table, window_of

    days = window_of(period) if period else None
    with shown("检查") as progress:
        table = quality_table(daily, progress, days=days)
    _out(table, out)


def _out(table: pl.DataFrame, out: Path | None) -> None:
    text = table.write_csv()
    if out is None:
        to_output(text)
    else:
        to_file(out, text)
        typer.echo(f"已写出 {out}（{table.height} 行）。", err=True)
