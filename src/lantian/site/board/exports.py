"""The board and its records as workbooks and CSV."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lantian.air.item import PRINTED, SCALE
from lantian.basis.determination import DUST, VALUES
from lantian.basis.exact import plain_text
from lantian.basis.period import beijing_date
from lantian.render.columns import Column
from lantian.render.csv_table import csv_of
from lantian.rulebook.plans import Plan
from lantian.site.board.forms import subject_name
from lantian.site.board.models import BasisDecision, ExcludedDays
from lantian.site.board.pasted import COLUMNS
from lantian.work.air_basis import EDITION_WORDS, STATIONS_WORDS, VALIDITY_WORDS
from lantian.work.air_board import Board
from lantian.work.air_board_bases import NAMES
from lantian.work.air_board_text import INTERNAL, RULE
from lantian.work.air_unverified import INDEX, STATISTICS, TAKEN_OUT, unverified_notes

_BOARD = (
    Column("part", "部分", 16),
    Column("name", "项目", 34),
    Column("value", "数值", 14),
    Column("limit", "限值或对照", 26),
    Column("left", "余量", 44),
    Column("note", "说明", 60),
)
_STANDING = (
    Column("entered", "录入人", 12),
    Column("at", "录入时间", 18),
    Column("withdrawn", "撤回", 40),
)


def board_workbook(board: Board) -> bytes:
    """Everything on the board but the outlook, part by part."""
    from lantian.render.tables import workbook  # openpyxl is loaded when a workbook is asked for

    return workbook(f"年终研判 {board.as_of}", _BOARD, _rows(board), notes=[*notes_of(board), RULE])


def _rows(board: Board) -> Iterable[dict[str, Any]]:
    for part, budgets in (("目标余量", board.budgets), ("国家标准余量", board.national)):
        for one in budgets:
            name = f"{one.name.zh}（{one.unit}）"
            yield {
                "part": part, "name": name, "value": one.so_far, "limit": one.limit.zh, "left": one.left.zh,
                "note": one.source.zh,
            }  # fmt: skip
    for case in board.scenarios:
        limits = "，".join(f"{'达到' if v.meets else '达不到'} {v.limit.text.zh}" for v in case.verdicts)
        told = "；".join(line.zh for line in case.lines)
        yield {"part": "情景", "name": case.name.zh, "value": case.mean, "limit": limits, "note": told}
    for risk in board.risks:
        for month in risk.months:
            yield {
                "part": "有效性", "name": f"{PRINTED[risk.item]} {month.number} 月有效天数", "value": month.valid,
                "limit": f"至少 {month.needed}", "left": f"还可缺 {month.may_lose} 天" if month.to_come else "",
                "note": "已不足" if month.state == "failed" else "",
            }  # fmt: skip
    for period in board.periods:
        for metric, figure in period.figures.items():
            name, change = NAMES[metric].zh, period.changes.get(metric) or ""
            yield {"part": f"{period.year} 年同期", "name": name, "value": figure.text, "left": change}
    for pair in board.pairs:
        for metric, row in pair.rows:
            yield {
                "part": "两种口径", "name": NAMES[metric].zh, "value": row.first.text, "left": row.text,
                "limit": row.second.text, "note": f"{pair.first.zh} 与 {pair.second.zh}，后者减前者",
            }  # fmt: skip


def days_csv(board: Board) -> bytes:
    """The days of the year so far as they count: PM2.5, AQI, and what they stand on."""
    columns = (Column("date", "日期"), Column("pm25", "PM2.5（µg/m³）"), Column("aqi", "AQI"))
    table = board.air.table if board.air else None
    rows = [
        {"date": day, "pm25": None if pm25 is None else plain_text(pm25, SCALE), "aqi": aqi}
        for day, pm25, aqi in (table.select("date", "pm25", "aqi").iter_rows() if table is not None else ())
        if day in board.days
    ]
    return csv_of(columns, rows, notes_of(board))


def notes_of(board: Board) -> list[str]:
    """What every file of the board says of itself: up to when, on which basis, for whom, with which reservations."""
    return [
        f"数据截至 {board.as_of}，剩余 {board.remaining} 天",
        f"口径：{board.basis_words.zh}",
        INTERNAL,
        *(["模拟数据"] if board.simulated else []),
        *unverified_notes(rules_of(board), board.days),
    ]


def rules_of(board: Board) -> tuple[str, ...]:
    """The rules its figures rest on."""
    taken = TAKEN_OUT if any(pair.key == "dust" and pair.rows for pair in board.pairs) else ()
    return (*INDEX, *STATISTICS, *taken)


def decisions_workbook(plan: Plan, rows: Iterable[BasisDecision]) -> bytes:
    """All recorded bases, withdrawn ones marked."""
    from lantian.render.tables import workbook  # likewise

    columns = (
        Column("subject", "用于", 34), Column("values", "数据"), Column("dust", "沙尘"), Column("edition", "标准版本", 26),
        Column("stations", "站点"), Column("decimals", "小数位数"), Column("validity", "有效性", 22),
        Column("assessor", "考核单位", 24), Column("document", "文号", 24), Column("decided_by", "决定人"),
        Column("decided_on", "决定日期"), Column("reason", "理由", 40), *_STANDING,
    )  # fmt: skip
    content = [
        {
            "subject": subject_name(plan, row.subject), "values": VALUES[row.values_kind].zh,
            "dust": DUST[row.dust].zh, "edition": EDITION_WORDS[row.edition].zh,
            "stations": STATIONS_WORDS[row.stations].zh, "decimals": row.decimals,
            "validity": VALIDITY_WORDS[row.validity].zh, "assessor": row.assessor, "document": row.document,
            "decided_by": row.decided_by, "decided_on": row.decided_on, "reason": row.reason, **_standing(row),
        }
        for row in rows
    ]  # fmt: skip
    return workbook("口径决定", columns, content)


def excluded_workbook(rows: Iterable[ExcludedDays]) -> bytes:
    """All days taken out, withdrawn ones marked; the heads are those a paste takes."""
    from lantian.render.tables import workbook  # likewise

    content = [
        {
            "place": row.place, "first": row.first, "last": row.last,
            "items": "、".join(PRINTED[item] for item in row.items), "kind": row.get_kind_display(),
            "decided_by": row.decided_by, "document": row.document, "decided_on": row.decided_on, "note": row.note,
            **_standing(row),
        }
        for row in rows
    ]  # fmt: skip
    return workbook("扣除日", (*COLUMNS, *_STANDING), content)


def _standing(row: BasisDecision | ExcludedDays) -> dict[str, Any]:
    withdrawn = f"{beijing_date(row.withdrawn_at)} {row.withdrawn_reason}" if row.withdrawn_at else ""
    return {"entered": row.entered_by.name, "at": row.entered_at, "withdrawn": withdrawn}
