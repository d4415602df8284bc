"""Plans on the command line: ``lantian plan read``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(no_args_is_help=True, help="方案：识读、导入。")


@app.command("read")
def read(
    file: Annotated[Path, typer.Argument(help="方案文件：.txt、.docx 或带文字层的 .pdf。", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="输出 lantian-plan/1（JSON）。")] = False,
) -> None:
    """识读一份方案：目标、规定、程序、任务和责任单位。"""
    from lantian.plan.read import read as read_file

    data = read_file(file)
    if as_json:
        import json

        typer.echo(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        typer.echo("\n".join(_summary(data)))


def _summary(data: dict[str, Any]) -> list[str]:
    document = data["document"]
    lines = [
        f"标题：{document['title'] or '（未识别）'}",
        f"类型：{document['kind'] or '（未识别）'}　地区：{document['region'] or '—'}　发文机关：{document['issuer'] or '—'}",
        f"文号：{document['number'] or '—'}　印发日期：{document['issued_on'] or '—'}",
        f"是否方案：{'是' if document['plan'] else '否'}　是否完整：{'是' if document['complete'] else '否'}",
        f"章 {len(data['chapters'])}，条 {len(data['articles'])}，目标 {len(data['targets'])}，规定 {len(data['rules'])}，"
        f"程序 {len(data['procedures'])}，任务 {len(data['duties'])}",
    ]
    if data["inherited"]:
        lines.append(f"承担落实（自第 {data['inherited']['applies_from_article']} 条起）：{data['inherited']['body']}")
    lines += ["", "责任单位（括号内为涉及的条）："]
    articles_of: dict[str, list[int]] = {}
    for article in data["articles"]:
        for group in article["responsibility"]:
            for body in group["bodies"]:
                numbers = articles_of.setdefault(body, [])
                if article["n"] not in numbers:
                    numbers.append(article["n"])
    lines += [f"  {body}（{'、'.join(map(str, numbers))}）" for body, numbers in articles_of.items()]
    if document["findings"]:
        lines += ["", "提示："] + [f"  {finding['zh']}" for finding in document["findings"]]
    if data["unparsed"]:
        lines += ["", f"没有读懂的句子（{len(data['unparsed'])}）："] + [f"  {item['text']}" for item in data["unparsed"]]
    return lines
