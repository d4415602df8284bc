"""``lantian stack judge``, ``rejudge`` and ``verdicts``: validity, conversion, mass and exceedance of what registered outlets sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lantian.basis.finding import Finding, Refusal, Severity, Text
from lantian.cli.folder import DataOption, data_folder, django_ready
from lantian.cli.folder import now as present
from lantian.cli.simulated import PEOPLE

if TYPE_CHECKING:
    from lantian.stack.marks import Mark

_DAY = timedelta(days=1)
_FIRST = typer.Option("--from", help="起始日（含），如 2026-11-01")
_LAST = typer.Option("--to", help="结束日（含）")
_OUTLET = typer.Option("--outlet", help="只要这一个排放口（编号）")
_HOURS = ("outlet", "factor", "start", "minutes", "valid", "measured", "converted", "mass_kg", "mass_substituted", "limit",
          "exceeded", "state", "marks", "reasons", "source", "inputs")  # fmt: skip
_DAYS = ("outlet", "factor", "day", "hours", "valid", "measured", "converted", "mass_kg", "limit", "exceeded",
         "exceeded_hours", "state", "reasons", "inputs")  # fmt: skip


def judge(
    first: Annotated[str, _FIRST],
    last: Annotated[str, _LAST],
    outlet: Annotated[str, _OUTLET] = "",
    csv: Annotated[bool, typer.Option("--csv", help="随后以 CSV 列出小时判定")] = False,
    data: DataOption = None,
) -> None:
    """判定小时和日数据：有效性、折算、排放量、超标。输入不变则结果不变；标记期限未过的判定可能因标记而改变。"""
    from lantian.cli.progress import shown
    from lantian.store.stack.outlets import outlets
    from lantian.work.stack_referee import judge as run

    folder, begin, end = data_folder(data), *_days(first, last)
    found = [one for one in outlets(folder) if not outlet or one.code == outlet]
    if not found:
        text = Text(
            f"没有登记排放口“{outlet}”。请核对编号" if outlet else "还没有登记排放口。请先在“污染源”页面登记",
            "no such outlet is registered",
        )
        raise Refusal(Finding("STACK-OUTLET-UNKNOWN", Severity.REFUSED, text))
    with shown("判定") as report:
        report(0, 1, "")
        result = run(folder, found, marks_of(folder, begin, end), begin, end, now=present())
    told = (
        f"排放口 {result.outlets} 个：小时判定 {result.hours} 条，日判定 {result.days} 条，有变化 {result.changed} 条。"
    )
    typer.echo(told, err=csv)
    if csv:
        verdicts(first, last, outlet=outlet, data=folder)


def rejudge(
    first: Annotated[str, _FIRST],
    last: Annotated[str, _LAST],
    data: DataOption = None,
) -> None:
    """由记录、登记和标记重新判定，并与现有判定逐项比较；不同就指出来，退出码为 1。现有判定不改动。"""
    from lantian.cli.progress import shown
    from lantian.store.stack.outlets import outlets
    from lantian.work.stack_rejudge import rejudge as run

    folder, begin, end = data_folder(data), *_days(first, last)
    with shown("重新判定") as report:
        report(0, 1, "")
        result = run(folder, outlets(folder), marks_of(folder, begin, end), begin, end)
    typer.echo(f"比较判定 {result.compared} 条，不同 {result.differing} 条。")
    for one in result.examples:
        typer.echo(f"  {one}")
    if result.differing:
        raise typer.Exit(1)


def verdicts(
    first: Annotated[str, _FIRST],
    last: Annotated[str, _LAST],
    days: Annotated[bool, typer.Option("--days", help="列出日判定（默认小时判定）")] = False,
    outlet: Annotated[str, _OUTLET] = "",
    data: DataOption = None,
) -> None:
    """以 CSV 列出已有的判定，不重新计算。"""
    from lantian.cli.output import to_output
    from lantian.store.stack import verdicts as kept

    folder, begin, end = data_folder(data), *_days(first, last)
    wanted = outlet or None
    if days:
        to_output(_csv(kept.days(folder, begin, end + _DAY, outlet=wanted), _DAYS))
        return
    span = datetime.combine(begin, time()), datetime.combine(end + _DAY, time())
    to_output(_csv(kept.hours(folder, *span, outlet=wanted), _HOURS))


def _csv(rows: Iterable[object], names: tuple[str, ...]) -> str:
    from lantian.render.columns import Column
    from lantian.render.csv_table import csv_of

    columns = [Column(name, name) for name in names]
    told = ({name: _cell(getattr(row, name)) for name in names} for row in rows)
    return csv_of(columns, told).decode("utf-8-sig")


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return " ".join(value) if isinstance(value, tuple) else value


def marks_of(folder: Path, first: date, last: date) -> tuple[Mark, ...]:
    """Marks that companies entered; none where the site's tables are not there yet."""
    if not (folder / PEOPLE).is_file():
        return ()
    django_ready(folder)
    from django.db import OperationalError

    from lantian.site.alarms.selectors import marks

    try:
        return marks(first, last)
    except OperationalError:
        return ()


def _days(first: str, last: str) -> tuple[date, date]:
    try:
        begin, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        text = Text("--from、--to 请写成 2026-11-01 这样的日期", "--from and --to are dates such as 2026-11-01")
        raise Refusal(Finding("STACK-JUDGE-DATE", Severity.REFUSED, text)) from None
    if end < begin:
        text = Text("--to 早于 --from。请核对日期", "--to lies before --from")
        raise Refusal(Finding("STACK-JUDGE-DAYS", Severity.REFUSED, text))
    return begin, end
