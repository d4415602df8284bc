"""``lantian air rank``, ``trend`` and ``quality``: tables of many cities as CSV."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lantian.basis.finding import Finding, Refusal, Severity, Text
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
    daily: Annotated[list[Path] | None, typer.Option(help="城市日均值文件")] = None,
    hourly: Annotated[
        list[Path] | None, typer.Option(help="站点小时值：Parquet 或 CSV（可为 .gz）文件，或放这些文件的目录")
    ] = None,
    period: Annotated[str, typer.Option(help="时段；不给则为文件的全部日期")] = "",
    out: Out = None,
    capture: Annotated[Path | None, typer.Option(help="另写各站点、各月、各项目的捕获率（CSV，用于 --hourly）")] = None,
) -> None:
    """Prints what is worth a look, one finding a line; nothing is removed or changed."""
    from lantian.cli.progress import shown
    from lantian.work.air_hour_quality import hour_quality
    from lantian.work.air_tables import quality_table, window_of

    if bool(hourly) == bool(daily):
        zh = "请用 --hourly 给出站点小时值，或用 --daily 给出城市日均值，二者选一"
        en = "name station hours with --hourly or city days with --daily, one of the two"
        raise Refusal(Finding("AIR-QUALITY-NO-FILE", Severity.REFUSED, Text(zh, en)))
    if capture and not hourly:
        zh, en = "--capture 写站点小时值的捕获率，要和 --hourly 一起用", "--capture goes with --hourly"
        raise Refusal(Finding("AIR-QUALITY-CAPTURE-OF", Severity.REFUSED, Text(zh, en)))
    days = window_of(period) if period else None
    with shown("检查") as progress:
        if hourly:
            found = hour_quality(hourly, progress, days=days)
            table, captures, notes = found.findings, found.captures, found.notes
        else:
            table, captures, notes = quality_table(daily or [], progress, days=days), None, ()
    for note in notes:
        place = f"{note.place}：" if str(note.place) else ""
        typer.echo(f"提示：{place}{note.text.zh}。", err=True)
    if capture and captures is not None:
        _out(captures, capture)
    _out(table, out)


def _out(table: pl.DataFrame, out: Path | None) -> None:
    text = table.write_csv()
    if out is None:
        to_output(text)
    else:
        to_file(out, text)
        typer.echo(f"已写出 {out}（{table.height} 行）。", err=True)
