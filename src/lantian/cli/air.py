"""``lantian air``: import of city-day tables, evaluation of a year."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lantian.basis.determination import VALUES
from lantian.basis.finding import Finding, Refusal, Severity, Text
from lantian.cli import air_bulletin, air_stations, air_tables
from lantian.cli.folder import DataOption, data_folder
from lantian.cli.folder import now as present
from lantian.cli.output import to_file, to_output
from lantian.cli.simulated import clear_simulated_entries

if TYPE_CHECKING:
    import polars as pl

    from lantian.work.air_import import ImportReport

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

_SHOWN = 20


@app.command(
    "import",
    help="导入空气数据：城市日均值、站点小时值、站点日均值或月表，自动识别（CSV、xlsx、Parquet，可压缩为 .gz）。坏行隔离并说明原因，可重复导入。",
)
def import_(
    files: Annotated[list[Path], typer.Argument(help="一个或几个表格文件", metavar="FILE")],
    layout: Annotated[str, typer.Option(help="布局名；不给则自动识别")] = "",
    city: Annotated[list[str] | None, typer.Option(help="表中没有城市列时的城市；有城市列时只导入这些城市")] = None,
    values: Annotated[
        str, typer.Option(help="realtime 实况或 reviewed 审核后；不给则按布局，布局没有写明时为实况")
    ] = "",
    data: DataOption = None,
) -> None:
    """Imports files in one transaction; ends with code 2 where rows were kept aside."""
    from lantian.cli.progress import shown
    from lantian.work.air_intake import import_air

    folder = data_folder(data)
    with shown("导入") as progress:
        report = import_air(
            folder,
            files,
            now=present(),
            user="",
            values=_values(values),
            mapping=layout or None,
            cities=city or (),
            progress=progress,
        )
    _print(report)
    if report.simulated_removed:
        clear_simulated_entries(folder)
    if report.quarantined:
        raise typer.Exit(2)


def _values(text: str) -> str | None:
    if text and text not in VALUES:
        raise _refused(
            "AIR-VALUES-UNKNOWN",
            f"“{text}”不认识。请用 --values realtime（实况）或 reviewed（审核后）",
            f"unknown values {text!r}: realtime or reviewed",
        )
    return text or None


def _print(report: ImportReport) -> None:
    from lantian.work.air_kinds import KINDS

    for note in report.notes:
        typer.echo(f"提示：{note.text.zh}", err=True)
    for finding in report.quarantined[:_SHOWN]:
        typer.echo(f"{finding.place}：{finding.text.zh}", err=True)
    if len(report.quarantined) > _SHOWN:
        typer.echo(f"另有 {len(report.quarantined) - _SHOWN} 行未列出，可在网站“数据导入”中查看。", err=True)
    again = "（内容与以前的导入相同，没有改动）" if report.repeated else ""
    typer.echo(
        f"第 {report.import_id} 次导入{again}，{KINDS[report.kind].zh}（{VALUES[report.values].zh}）：读到 {report.rows_read} 行，新增 {report.rows_new}，"
        f"修订 {report.rows_changed}，相同 {report.rows_same}，隔离 {len(report.quarantined)}；"
        f"重算 {report.days_recomputed} 天。布局：{report.layout}。"
    )
    if report.simulated_removed:
        typer.echo(f"已移除模拟数据 {report.simulated_removed} 天。")


@app.command("evaluate", help="按国家标准评价：写出 city_daily.csv（逐日）和 city_year.csv（逐年）。")
def evaluate(
    out: Annotated[Path, typer.Option(help="输出目录")],
    daily: Annotated[list[Path] | None, typer.Option(help="城市日均值文件")] = None,
    hourly: Annotated[
        list[Path] | None, typer.Option(help="站点小时值：Parquet 或 CSV（可为 .gz）文件，或放这些文件的目录")
    ] = None,
    period: Annotated[str, typer.Option(help="时段：目前只有 year")] = "year",
    cluster: Annotated[str, typer.Option(help="在 Spark 集群上计算小时值：spark://主机:7077", metavar="MASTER")] = "",
) -> None:
    """Writes both tables whole; a file with a fault writes nothing and ends with code 2."""
    from lantian.cli.cluster import on_cluster
    from lantian.cli.progress import shown
    from lantian.work.air_evaluate import evaluated_files, evaluated_hours

    if bool(hourly) == bool(daily):
        raise _refused(
            "AIR-EVALUATE-NO-FILE",
            "请用 --hourly 给出站点小时值，或用 --daily 给出城市日均值，二者选一",
            "name station hours with --hourly or city days with --daily, one of the two",
        )
    if period != "year":
        raise _refused(
            "AIR-PERIOD-UNKNOWN", f"时段“{period}”还不支持，请用 --period year", f"unknown period {period!r}: use year"
        )
    with shown("评价") as progress:
        if cluster:
            found = on_cluster(cluster, hourly or (), progress)
        else:
            found = evaluated_hours(hourly, progress) if hourly else evaluated_files(daily or [], progress)
    _write(out, {"city_daily.csv": found.days, "city_year.csv": found.years})
    for note in found.notes:
        place = f"{note.place}：" if str(note.place) else ""
        typer.echo(f"提示：{place}{note.text.zh}。", err=True)
    typer.echo(
        f"已写出 {out / 'city_daily.csv'}（{found.days.height} 行）和 {out / 'city_year.csv'}（{found.years.height} 行）。"
    )


@app.command("aqi", help="逐行计算 AQI：CSV 加上各项分指数、AQI、首要污染物和类别（HJ 633-2012、HJ 633-2026）。")
def aqi(
    file: Annotated[Path, typer.Argument(help="CSV（可为 .gz、GBK）：so2 no2 co o3_8h pm10 pm25", metavar="FILE")],
    hourly: Annotated[bool, typer.Option("--hourly", help="小时值（实时报），臭氧列为 o3")] = False,
    edition: Annotated[str, typer.Option(help="标准版本：auto（按日期）、2012、2026")] = "auto",
    out: Annotated[Path | None, typer.Option(help="输出文件；不给则写到标准输出")] = None,
) -> None:
    """Writes the table whole; a file with a fault writes nothing and ends with code 2."""
    from lantian.cli.progress import shown
    from lantian.work.air_aqi import aqi_file, written

    with shown("AQI") as progress:
        table = aqi_file(file, hourly=hourly, edition=edition, progress=progress)
    for note in table.notes:
        place = f"{note.place}：" if str(note.place) else ""
        typer.echo(f"提示：{place}{note.text.zh}", err=True)
    if out is None:
        to_output(written(table))
    else:
        to_file(out, written(table))
        typer.echo(f"已写出 {out}（{table.rows.height} 行）。", err=True)


@app.command("outlook", help="年终展望：年均值、优良天数、重污染天数的八成区间和达标概率。仅供内部研判，不对外公布。")
def outlook(
    city: Annotated[str, typer.Argument(help="城市名", metavar="CITY")],
    as_of: Annotated[str, typer.Option("--as-of", help="截止日（含当日），如 2025-07-31")],
    daily: Annotated[Path | None, typer.Option(help="城市日均值文件；不给则取数据目录中的数据")] = None,
    goal: Annotated[
        list[str] | None, typer.Option(help="目标，如 pm25_annual_mean=28；不给则取规划目标和国家标准")
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    data: DataOption = None,
) -> None:
    """Prints the outlook of each figure of the year; a city without days ends with code 2."""
    from lantian.cli.progress import shown
    from lantian.work.air_goals import goals_of, named_goals
    from lantian.work.air_outlook_source import as_json, as_text, day_of, outlook_of_file, outlook_of_store

    day = day_of(as_of)
    folder = data_folder(data)
    goals = goals_of(city, day.year, folder, named_goals(goal or ()))
    if daily is not None:
        with shown("展望") as progress:
            found = outlook_of_file(daily, city, day, goals, folder, progress)
    else:
        found = outlook_of_store(folder, city, day, goals)
    to_output((as_json(found) if json_ else as_text(found)) + "\n")


def _write(folder: Path, tables: dict[str, pl.DataFrame]) -> None:
    """Writes all tables under draft names first, so that a full disk leaves no half of them."""
    drafts: dict[Path, Path] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            draft = folder / f".{name}.draft"
            drafts[draft] = folder / name
            table.write_csv(draft)
        for draft, file in drafts.items():
            draft.replace(file)
    except OSError as error:
        reason = error.strerror or str(error)
        zh = f"{folder} 写不了（{reason}）。请检查目录、空间和权限"
        raise _refused("AIR-OUT-UNWRITABLE", zh, f"{folder} cannot be written ({reason})") from None
    finally:
        for draft in drafts:
            draft.unlink(missing_ok=True)


def _refused(code: str, zh: str, en: str) -> Refusal:
    return Refusal(Finding(code, Severity.REFUSED, Text(zh, en)))


app.command("rank", help="城市或县区排名：综合指数、同比变化率、达标情况（CSV）。")(air_tables.rank)
app.command("bulletin", help="生成一个月的空气质量月报（Word 和表格 xlsx）。")(air_bulletin.bulletin)
app.command("trend", help="多年变化趋势（秩相关系数法）和三年滑动平均（CSV）。")(air_tables.trend)
app.command("quality", help="数据质量检查：恒值、突变、倒挂、负值、零值、离群、捕获率（CSV）。只列出，不删改。")(
    air_tables.quality
)
app.command("stations", help="站点登记：导入登记表（xlsx、CSV），生成模板，或列出已登记的站点。")(air_stations.stations)
