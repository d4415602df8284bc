"""``lantian stack screen``: signs of tampering in the records of registered outlets."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from lantian.basis.finding import Finding, Refusal, Severity, Text
from lantian.cli.folder import DataOption, data_folder
from lantian.cli.folder import now as present

if TYPE_CHECKING:
    from lantian.store.stack.verdicts import Screened


def screen(
    first: Annotated[str, typer.Option("--from", help="起始日（含），如 2026-11-01")],
    last: Annotated[str, typer.Option("--to", help="结束日（含）")],
    jsonl: Annotated[bool, typer.Option("--jsonl", help="每行一个 JSON 对象")] = False,
    data: DataOption = None,
) -> None:
    """对已登记排放口的分钟、小时数据做异常初筛，结果只是线索，须由人核实。"""
    from lantian.cli.output import to_output
    from lantian.cli.progress import shown
    from lantian.store.stack.outlets import outlets
    from lantian.work.stack_screening import screen as run

    folder, begin, end = data_folder(data), _day(first, "--from"), _day(last, "--to")
    if end < begin:
        text = Text("--to 早于 --from。请核对日期", "--to lies before --from")
        raise Refusal(Finding("STACK-SCREEN-DAYS", Severity.REFUSED, text))
    with shown("异常初筛") as report:
        result = run(folder, outlets(folder), begin, end, now=present(), progress=report)
    to_output("".join(_json(one) if jsonl else _line(one) for one in result.leads))
    if not jsonl:
        to_output(
            f"有分钟数据的排放口 {result.outlets} 个，线索 {len(result.leads)} 条（初筛阈值未核实依据，须现场核实）\n"
        )


def _line(one: Screened) -> str:
    return f"{one.outlet}  {one.first:%Y-%m-%d %H:%M} 至 {one.last:%Y-%m-%d %H:%M}  {one.zh}。建议：{one.look_at}。\n"


def _json(one: Screened) -> str:
    row = asdict(one) | {"first": one.first.isoformat(), "last": one.last.isoformat()}
    return json.dumps(row, ensure_ascii=False) + "\n"


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        wrong = Text(f"{option} 的“{text}”不是日期。请写成 2026-11-01", f"{option}: {text} is no date")
        raise Refusal(Finding("STACK-SCREEN-DATE", Severity.REFUSED, wrong)) from None
