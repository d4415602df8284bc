"""Plans on the command line: ``lantian plan read``, ``lantian plan import``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from lantian.cli.folder import DataOption

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="方案：识读、导入。")


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


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="方案文件：.txt、.docx 或带文字层的 .pdf。", show_default=False)],
    as_id: Annotated[
        str | None,
        typer.Option("--as", help="并入已有方案的编号，例如 jixi-2024；不给则建立新方案。", show_default=False),
    ] = None,
    new_id: Annotated[
        str | None, typer.Option("--id", help="新方案的编号（小写字母、数字、连字符）。", show_default=False)
    ] = None,
    data: DataOption = None,
) -> None:
    """识读一份方案并存入数据目录：并入已有方案，或建立新方案（草稿）。"""
    from lantian.cli.folder import data_folder, now
    from lantian.plan.read import read as read_file
    from lantian.work.plan_import import import_document

    folder = data_folder(data)
    report = import_document(folder, read_file(file), as_id=as_id, now=now(), name=file.name, new_id=new_id)
    for finding in report.findings:
        typer.echo(f"提示：{finding.text.zh}", err=True)
    done = "与以前的导入相同，没有改动" if report.repeated else "已建立草稿" if report.new else "已并入"
    typer.echo(f"方案 {report.plan_id}“{report.title}”：{done}。")
    typer.echo(
        f"条 {report.articles}，目标 {report.targets}，规定 {report.rules}，程序 {report.procedures}，"
        f"责任组 {report.groups}；在原文中找到 {report.matched} 项。"
    )
    if report.open:
        typer.echo(f"有 {report.open} 处差异待处理：请在网站“数据导入”的方案页面逐处选择。")
    if report.new:
        typer.echo(
            f"请在网站“数据导入”的方案页面补全并定稿，或直接编辑 {folder / 'plans' / report.plan_id} 中的 YAML 文件。"
        )


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
        lines += ["", f"没有读懂的句子（{len(data['unparsed'])}）："] + [
            f"  {item['text']}" for item in data["unparsed"]
        ]
    return lines
