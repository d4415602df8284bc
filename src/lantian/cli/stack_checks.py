"""``lantian stack check`` and ``catalogue``: the checks on what registered outlets sent, and what checks there are."""

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
    from lantian.store.stack.verdicts import Hit


def check(
    first: Annotated[str, typer.Option("--from", help="起始日（含），如 2026-11-01")],
    last: Annotated[str, typer.Option("--to", help="结束日（含）")],
    outlet: Annotated[str, typer.Option("--outlet", help="只要这一个排放口（编号）")] = "",
    jsonl: Annotated[bool, typer.Option("--jsonl", help="每行一个 JSON 对象")] = False,
    data: DataOption = None,
) -> None:
    """按检查目录检查已登记排放口的数据；未通过的只是线索，须由人核实。"""
    from lantian.cli.output import to_output
    from lantian.cli.progress import shown
    from lantian.cli.stack_referee import marks_of
    from lantian.store.stack.outlets import outlets
    from lantian.work.stack_checks import check as run

    folder, begin, end = data_folder(data), _day(first, "--from"), _day(last, "--to")
    if end < begin:
        text = Text("--to 早于 --from。请核对日期", "--to lies before --from")
        raise Refusal(Finding("STACK-CHECK-DAYS", Severity.REFUSED, text))
    found = [one for one in outlets(folder) if not outlet or one.code == outlet]
    if outlet and not found:
        text = Text(f"没有登记排放口“{outlet}”。请核对编号", "no such outlet is registered")
        raise Refusal(Finding("STACK-OUTLET-UNKNOWN", Severity.REFUSED, text))
    with shown("数据检查") as report:
        result = run(folder, found, marks_of(folder, begin, end), begin, end, now=present(), progress=report)
    to_output("".join(_json(one) if jsonl else _line(one) for one in result.hits))
    if not jsonl:
        to_output(f"排放口 {result.outlets} 个，未通过 {len(result.hits)} 条（线索，须核实；部分阈值未核实依据）\n")


def catalogue(
    jsonl: Annotated[bool, typer.Option("--jsonl", help="每行一个 JSON 对象，含正反两例")] = False,
) -> None:
    """列出检查目录：编码、名称、类别、程度、依据。"""
    from lantian.cli.output import to_output
    from lantian.stack.checks.catalogue import CATALOGUE
    from lantian.stack.checks.check import FAMILIES, LEVELS
    from lantian.work.stack_checks_law import confidence_of

    day, lines = present().date(), list[str]()
    for one in CATALOGUE.values():
        doubt = confidence_of(one, day)
        if jsonl:
            row = {
                "code": one.code, "title": asdict(one.title), "family": one.family.value, "level": one.level.value,
                "commands": one.cns, "factors": one.factors, "clause": asdict(one.clause.text), "confidence": doubt,
                "message": asdict(one.message), "passing": one.passing, "failing": one.failing,
            }  # fmt: skip
            lines.append(json.dumps(row, ensure_ascii=False))
        else:
            mark = "" if doubt == "verified" else "（未核实依据）"
            family, level = FAMILIES[one.family].zh, LEVELS[one.level].zh
            lines.append(f"{one.code}  {family}  {level}  {one.title.zh}  {one.clause.text.zh}{mark}")
    to_output("\n".join(lines) + "\n")
    if not jsonl:
        to_output(f"共 {len(CATALOGUE)} 项。\n")


def _line(one: Hit) -> str:
    from lantian.stack.checks.check import LEVELS, Level

    return f"{one.outlet}  {one.code}  {LEVELS[Level(one.severity)].zh}  {one.zh}\n"


def _json(one: Hit) -> str:
    row = asdict(one) | {"first": one.first.isoformat(), "last": one.last.isoformat()}
    return json.dumps(row, ensure_ascii=False) + "\n"


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        wrong = Text(f"{option} 的“{text}”不是日期。请写成 2026-11-01", f"{option}: {text} is no date")
        raise Refusal(Finding("STACK-CHECK-DATE", Severity.REFUSED, wrong)) from None
