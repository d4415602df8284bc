"""A draft to the provincial centre about doubtful data of a station: its text, and as a Word file nobody signed.

The program never sends it. Rule of layout: GB/T 9704 (see ``official_docx``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

DRAFT = "（拟稿，未经核稿和签发）"
SIMULATED = "本稿所附为模拟数据，不代表真实空气质量。"


@dataclass(frozen=True, slots=True)
class Doubt:
    """What the draft says; ``table`` rows of the data it comes with, the head first; ``drafted`` the date of the draft."""

    title: str
    addressee: str
    drafted: str
    stations: str
    period: str
    phenomenon: str
    request: str
    contact: str
    attachment: str
    table: Sequence[Sequence[str]]
    table_note: str
    simulated: bool


def doubt_parts(doubt: Doubt) -> list[tuple[str, str]]:
    """The numbered sections: heading and text."""
    parts = [
        ("站点和时段", f"站点：{doubt.stations}。时段：{doubt.period}。"),
        ("现象", doubt.phenomenon.strip()),
    ]
    data = [one for one in (doubt.attachment.strip(), doubt.table_note if doubt.table else "") if one]
    if data:
        parts.append(("附数据", "\n".join(data)))
    parts.append(("请求", doubt.request.strip() or "请贵单位核查上述数据，并告知核查结果。"))
    return parts


def doubt_text(doubt: Doubt) -> str:
    """The draft as plain text; the table parted by tabs."""
    lines = [doubt.title, "", f"{doubt.addressee}：", "我市在日常调度中发现下列监测数据存在疑问，现报告如下。"]
    for number, (heading, text) in enumerate(doubt_parts(doubt)):
        lines += [f"{'一二三四'[number]}、{heading}", text]
        if heading == "附数据":
            lines += ["\t".join(row) for row in doubt.table]
    lines += ["", doubt.drafted]
    lines += [f"联系人及电话：{doubt.contact}"] if doubt.contact else []
    lines += [SIMULATED] if doubt.simulated else []
    return "\n".join([*lines, DRAFT]) + "\n"


def doubt_docx(doubt: Doubt) -> bytes:
    """The draft as a .docx file; the same draft gives the same bytes."""
    from lantian.render import official_docx as official  # python-docx is loaded when a file is asked for

    document = official.sheet(doubt.title)
    official.line(document, doubt.title, official.TITLE_FONT, official.SIZE_2, centred=True)
    official.line(document, "")
    official.line(document, f"{doubt.addressee}：")
    official.line(document, "我市在日常调度中发现下列监测数据存在疑问，现报告如下。", indent=True)
    for number, (heading, text) in enumerate(doubt_parts(doubt)):
        official.line(document, f"{'一二三四'[number]}、{heading}", official.HEADING_FONT, indent=True)
        for paragraph in text.splitlines():
            official.line(document, paragraph, indent=True)
        if heading == "附数据" and doubt.table:
            official.table(document, doubt.table[0], doubt.table[1:])
    official.line(document, "")
    for closing in (doubt.drafted, f"联系人及电话：{doubt.contact}" if doubt.contact else ""):
        if closing:
            official.line(document, closing, indent=True)
    if doubt.simulated:
        official.line(document, SIMULATED, indent=True)
    official.line(document, DRAFT, official.SUBTITLE_FONT, indent=True)
    return official.saved(document)
