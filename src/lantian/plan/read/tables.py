"""Targets and tasks in tables: rows of indicators by year, of places by indicator, of projects, of tasks with bodies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from lantian.plan.read.bodies import bodies_in
from lantian.plan.read.deadlines import deadlines_in
from lantian.plan.read.flat import EMPTY, Flat, joined
from lantian.plan.read.headers import Column, column_of, unit_in
from lantian.plan.read.indicators import lower_is_better
from lantian.plan.read.layout import Block, Row
from lantian.plan.read.model import Place, Target
from lantian.plan.read.quantities import UNIT, plain_number
from lantian.plan.read.responsibility import Group

_VALUE = re.compile(
    rf"(?P<sign>≤|≥|<=|>=|<|>|不高于|不低于|不超过|不少于|小于|大于|降至|达到|下降|降低|减少|提高|增加|减排|完成)?"
    rf"(?P<low>\d+(?:,\d{{3}})*(?:\.\d+)?)(?:[-—～](?P<high>\d+(?:\.\d+)?))?(?P<unit>{UNIT.pattern})?(?P<after>以内|及以下|及以上|以下|以上|左右)?$"
)
_SIGNS = {
    "≤": "<=",
    "<=": "<=",
    "不高于": "<=",
    "不超过": "<=",
    "降至": "<=",
    "≥": ">=",
    ">=": ">=",
    "不低于": ">=",
    "不少于": ">=",
    "达到": ">=",
    "<": "<",
    "小于": "<",
    ">": ">",
    "大于": ">",
}
_AFTER = {"以内": "<=", "及以下": "<=", "以下": "<", "及以上": ">=", "以上": ">=", "左右": "≈"}
_POLLUTANT = re.compile(
    r"(?P<name>[A-Za-z][A-Za-z0-9.]*|二氧化硫|氮氧化物|颗粒物|挥发性有机物|烟粉尘|粉尘|氨)[：:\s]*(?P<value>\d+(?:,\d{3})*(?:\.\d+)?)(?P<unit>(?:万|亿)?吨(?:/年)?|t/a|千克|公斤)?"
)
_EXTERNAL = re.compile(r"(?:省|国家|上级|市).{0,6}(?:下达|核定|确定)|下达")


@dataclass(frozen=True, slots=True)
class Task:
    """A row of a task table: number, name, who answers for it, by when, and where it stands."""

    number: str
    name: Flat
    contents: tuple[Flat, ...]  # the cells that say what is to be done
    others: tuple[Flat, ...]
    group: Group
    deadline: str | None
    start: int
    end: int


@dataclass(slots=True)
class Table:
    """A read table: its name, targets and tasks."""

    name: str
    targets: list[Target] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)


def read_table(block: Block, caption: Flat, number: int, place: Place, year: str | None) -> Table:
    """What a table says.

    ``caption`` is the paragraph before it, ``place`` the article it stands in, ``year`` the year the plan is for.
    """
    label = re.match(r"(?:附?表|专栏)\s*[\d一二三四五六七八九十]+(?:[—-]\d+)?", caption.text)
    table = Table(label[0].replace(" ", "") if label else f"表{number}")
    columns, rows = _columns(block.rows)
    kinds = {column.kind for column in columns}
    dated = [d.value for d in deadlines_in(caption.text)] if caption is not EMPTY else []
    reader = _TableReader(
        table, columns, place if place is not None else table.name, (dated[-1] if dated else None) or year, caption
    )
    for row in _filled(rows, columns):
        if "lead" in kinds or "bodies" in kinds:
            reader.task(row)
        if "reduction" in kinds and (kinds & {"project", "owner", "task", "deadline", "indicator"}):
            reader.project(row)
        elif "place" in kinds and not kinds & {"indicator", "unit"}:
            reader.by_place(row)
        elif "target" in kinds and not (kinds & {"lead", "bodies"} and "indicator" not in kinds):
            reader.indicator(row)
        elif "place" in kinds:
            reader.by_place(row)
    return table


def _columns(rows: Sequence[Row]) -> tuple[list[Column], Sequence[Row]]:
    """Columns from one head row or two."""
    if not rows:
        return [], rows
    heads, skip = list(rows[0].cells), 1
    second = rows[1].cells if len(rows) > 1 else ()
    if len(second) == len(heads) and _is_second_head(heads, second):
        last = EMPTY
        merged = []
        for top, below in zip(heads, second, strict=True):
            last = top if top.text else last
            over = top if top.text else last
            merged.append(over if not below.text or below.text == over.text else joined([over, below]))
        heads, skip = merged, 2
    columns = [column_of(head) for head in heads]
    for index, column in enumerate(columns):  # 目标要求 over sentences says what is to be done, not how much
        cells = [row.cells[index].text for row in rows[skip:] if index < len(row.cells) and row.cells[index].text]
        wordy = sum(len(re.findall(r"[\u4e00-\u9fff]", cell)) > 8 for cell in cells)
        if column.kind == "target" and column.year is None and wordy * 2 > len(cells):
            columns[index] = Column("task", column.head)
    return columns, rows[skip:]


def _is_second_head(heads: Sequence[Flat], second: Sequence[Flat]) -> bool:
    """Whether the second row still belongs to the head: years or 目标 under a common name, and no values yet."""
    if not any(re.search(r"年|目标|基准|现状", cell.text) for cell in second):
        return False
    if any(re.fullmatch(r"[\d.,]+%?", cell.text) and not re.fullmatch(r"(?:19|20)\d{2}", cell.text) for cell in second):
        return False
    return not second[0].text or second[0].text == heads[0].text


def _filled(rows: Sequence[Row], columns: list[Column]) -> list[Row]:
    """Rows with the cells of merged columns repeated from above (bodies, deadlines, places)."""
    filled: list[Row] = []
    for row in rows:
        cells = list(row.cells) + [EMPTY] * (len(columns) - len(row.cells))
        for index, column in enumerate(columns):
            if (
                not cells[index].text
                and filled
                and column.kind in ("lead", "bodies", "deadline", "place", "unit", "nature")
            ):
                cells[index] = filled[-1].cells[index]
        filled.append(Row(tuple(cells[: len(columns)]), row.start, row.end))
    return filled


class _TableReader:
    def __init__(self, table: Table, columns: list[Column], place: Place, date: str | None, caption: Flat) -> None:
        self.table, self.columns, self.place, self.date, self.caption = table, columns, place, date, caption
        unit = re.search(r"单位[：:]\s*([^）)\s]+)", caption.text)
        self.unit = unit[1] if unit else None

    def cell(self, row: Row, *kinds: str) -> Flat:
        """The first filled cell of the given kinds, in the order of the kinds."""
        for kind in kinds:
            for column, cell in zip(self.columns, row.cells, strict=True):
                if column.kind == kind and cell.text:
                    return cell
        return EMPTY

    def indicator(self, row: Row) -> None:
        """A row of an indicator with a value a year."""
        name = self.cell(row, "indicator", "task", "project", "other", "place")
        if not name.text or re.match(r"^[\d.]+$", name.text):
            return
        unit = self.cell(row, "unit").raw or unit_in(name.raw) or self.unit
        scope = self.cell(row, "place").raw or None
        for column, cell in zip(self.columns, row.cells, strict=True):
            if column.kind == "target":
                self._value(
                    cell,
                    self._plain(name),
                    unit or column.unit,
                    column.year or self.date,
                    scope,
                    self.cell(row, "nature").raw,
                )

    def by_place(self, row: Row) -> None:
        """A row of a place with a value for each indicator."""
        place = self.cell(row, "place").raw
        for column, cell in zip(self.columns, row.cells, strict=True):
            if column.kind in ("other", "indicator", "target") and place:
                name = re.sub(r"(?:19|20)\d{2}年(?:目标值?)?$", "", column.head.raw)
                name = re.sub(r"[（(][^（）()]*[）)]$", "", name).strip() or self.caption_name()
                self._value(cell, name, column.unit or self.unit, column.year or self.date, place, "")

    def caption_name(self) -> str:
        """The indicator a caption names where the heads give only years (各县区PM2.5年均浓度目标)."""
        match = re.search(
            r"(?:各县（?市?、?区?）?|各地|各区)?(?P<name>[\u4e00-\u9fffA-Za-z0-9.（）]{2,20}?)(?:年度)?(?:目标|控制指标|任务)",
            self.caption.text,
        )
        return self.caption.raw[match.start("name") : match.end("name")] if match else self.caption.raw

    def _plain(self, name: Flat) -> str:
        unit = unit_in(name.raw)
        return name.raw[: name.raw.rindex(unit) - 1].strip() if unit else name.raw

    def _value(self, cell: Flat, name: str, unit: str | None, date: str | None, scope: str | None, nature: str) -> None:
        text = cell.text.replace(" ", "")
        match = _VALUE.match(text)
        if not match:
            if _EXTERNAL.search(text):
                self._add(cell, name, "external", "done", None, unit, date, scope, nature)
            return
        low = Decimal(match["low"].replace(",", ""))
        value = [plain_number(low), plain_number(Decimal(match["high"]))] if match["high"] else plain_number(low)
        comparator = (
            _SIGNS.get(match["sign"] or "") or _AFTER.get(match["after"] or "") or ("range" if match["high"] else "")
        )
        falling = re.search(r"下降|降低|降幅|减排|削减|减少", name) or match["sign"] in ("下降", "降低", "减少", "减排")
        comparator = comparator or ("<=" if lower_is_better(name) and not falling else ">=")
        raw = cell.raw.replace(" ", "")
        written = raw[match.start("unit") : match.end("unit")] if match["unit"] else unit
        self._add(cell, name, "numeric", comparator, value, written, date, scope, nature)

    def project(self, row: Row) -> None:
        """A row of a project with what it will reduce."""
        owner = self.cell(row, "owner", "project", "task", "indicator", "bodies").raw or None
        dates = deadlines_in(self.cell(row, "deadline").text)
        date = (
            dates[-1].value
            if dates
            else (
                self.cell(row, "deadline").text
                if re.fullmatch(r"\d{4}", self.cell(row, "deadline").text)
                else self.date
            )
        )
        for column, cell in zip(self.columns, row.cells, strict=True):
            if column.kind != "reduction" or not cell.text:
                continue
            head = re.sub(r"（.*$|\(.*$", "", column.head.raw)
            pairs = list(_POLLUTANT.finditer(cell.text))
            for pair in pairs:
                value = plain_number(Decimal(pair["value"].replace(",", "")))
                part = cell.cut(*pair.span())
                self._add(
                    part,
                    f"{cell.raw[pair.start('name') : pair.end('name')]}{head}",
                    "numeric",
                    "=",
                    value,
                    (cell.raw[pair.start("unit") : pair.end("unit")] if pair["unit"] else column.unit or self.unit),
                    date,
                    owner,
                    "",
                )
            if not pairs and re.fullmatch(r"\d+(?:,\d{3})*(?:\.\d+)?", cell.text):
                value = plain_number(Decimal(cell.text.replace(",", "")))
                self._add(cell, head, "numeric", "=", value, column.unit or self.unit, date, owner, "")

    def _add(
        self, cell: Flat, name: str, kind: str, comparator: str, value: float | int | list[float | int] | None, unit: str | None,
        date: str | None, scope: str | None, nature: str,
    ) -> None:  # fmt: skip
        base = re.search(r"(?:比|较)((?:19|20)\d{2})年", name)
        start, end = cell.span()
        self.table.targets.append(
            Target(
                indicator=name, kind=kind, comparator=comparator, value=value, unit=unit, deadline=date, start=start, end=end, article=self.place,
                baseline_year=int(base[1]) if base else None, scope=scope, strength=nature or "约束", table=self.table.name,
            )
        )  # fmt: skip

    def task(self, row: Row) -> None:
        """A row of a task with the bodies that answer for it."""
        name = self.cell(row, "task", "project", "indicator", "other")
        if not name.text:
            return
        group = Group(start=row.start, end=row.end)
        for column, cell in zip(self.columns, row.cells, strict=True):
            if column.kind in ("lead", "bodies") and cell.text:
                names, is_open = bodies_in(cell)
                group.add(names, lead=column.kind == "lead", is_open=is_open)
        group.mode = "lead" if group.lead else ("listed" if group.bodies else "none")
        dates = deadlines_in(self.cell(row, "deadline").text)
        deadline = dates[-1].value if dates else (self.cell(row, "deadline").raw or None)
        group.deadline = deadline
        said = [
            cell
            for column, cell in zip(self.columns, row.cells, strict=True)
            if cell.text and column.kind in ("task", "project", "other")
        ]
        contents = tuple(cell for cell in said if cell is not name) or (name,)
        others = tuple(cell for cell in row.cells if cell.text and not any(cell is one for one in contents))
        self.table.tasks.append(
            Task(self.cell(row, "number").raw, name, contents, others, group, deadline, row.start, row.end)
        )
