"""A press order (督办单) to a company: its text, and as a Word file in the layout of GB/T 9704 (see ``official_docx``).

The program only drafts: checking, signing and issuing happen outside; a draft says that it is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

DRAFT = "（拟稿，未经核稿和签发）"
SIMULATED = "本稿所据为模拟数据，所列企业和排放口均为虚构。"
HEAD = ("排放口", "原因", "起始", "最近", "时长")
_OPENING = "我局在污染源自动监测日常调度中发现你单位存在下列疑似异常情况，请按要求办理。"
_PARTS = "一二三四"


@dataclass(frozen=True, slots=True)
class PressSheet:
    """What an order says; ``issued`` the date in words (empty: a draft); ``table`` a row for each alarm under ``HEAD``."""

    title: str
    number: str
    company: str
    facts: str
    demands: str
    answer_by: str
    contact: str
    issuer: str
    issued: str
    signer: str
    table: Sequence[Sequence[str]] = ()
    simulated: bool = False


def press_parts(sheet: PressSheet) -> list[tuple[str, str]]:
    """The numbered sections: heading and text."""
    return [
        ("发现的情况", sheet.facts.strip()),
        ("办理要求", sheet.demands.strip()),
        (
            "报送期限",
            f"请于{sheet.answer_by}24时前报送书面说明及佐证材料。如认为数据不能反映实际排放，请按规定标记并附证明。",
        ),
    ]


def press_text(sheet: PressSheet) -> str:
    """The order as plain text; the table parted by tabs."""
    lines = [sheet.title, *([sheet.number] if sheet.number else []), "", f"{sheet.company}：", _OPENING]
    for number, (heading, text) in enumerate(press_parts(sheet)):
        lines += [f"{_PARTS[number]}、{heading}", text]
        if not number and sheet.table:
            lines += ["\t".join(row) for row in (HEAD, *sheet.table)]
    lines += ["", *_closing(sheet)]
    return "\n".join(lines) + "\n"


def press_docx(sheet: PressSheet) -> bytes:
    """The order as a .docx file; the same order gives the same bytes."""
    from lantian.render import official_docx as official  # python-docx is loaded when a file is asked for

    document = official.sheet(sheet.title)
    official.line(document, sheet.title, official.TITLE_FONT, official.SIZE_2, centred=True)
    if sheet.number:
        official.line(document, sheet.number, centred=True)
    official.line(document, "")
    official.line(document, f"{sheet.company}：")
    official.line(document, _OPENING, indent=True)
    for number, (heading, text) in enumerate(press_parts(sheet)):
        official.line(document, f"{_PARTS[number]}、{heading}", official.HEADING_FONT, indent=True, with_next=True)
        for paragraph in text.splitlines():
            official.line(document, paragraph, indent=True)
        if not number:
            official.table(document, HEAD, list(sheet.table), first_wide=True)
    official.line(document, "")
    for text in _closing(sheet):
        official.line(document, text, official.SUBTITLE_FONT if text == DRAFT else official.BODY_FONT, indent=True)
    return official.saved(document)


def _closing(sheet: PressSheet) -> list[str]:
    issued = [f"签发人：{sheet.signer}", sheet.issuer, sheet.issued] if sheet.issued else [sheet.issuer]
    return [
        *([f"联系人及电话：{sheet.contact}"] if sheet.contact else []),
        *issued,
        *([SIMULATED] if sheet.simulated else []),
        *([] if sheet.issued else [DRAFT]),
    ]
