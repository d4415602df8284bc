"""The province's table as pasted or uploaded: rows by city with rank, PM2.5 and good-day ratio, and the rows left out.

Columns are found by what their heading says; order, extra columns and a title line above the heading do not matter.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.store.air import plain_city

# heading word -> column; the first that fits a heading counts, so the longer ones stand first
_HEADINGS = (
    ("综合指数", "index"), ("优良", "good_ratio"), ("达标天数比", "good_ratio"), ("PM2.5", "pm25"), ("PM₂.₅", "pm25"),
    ("细颗粒物", "pm25"),
    ("城市", "city"), ("地市", "city"), ("市（地）", "city"), ("市(地)", "city"), ("地区", "city"),
    ("排名", "rank"), ("位次", "rank"), ("名次", "rank"),
)  # fmt: skip
_NO_VALUE = {"", "-", "—", "–", "/", "／", "无", "缺测", "NA", "N/A"}
_NOT_A_VALUE = ("同比", "变化", "去年", "上年", "改善", "基准", "目标", "幅度")
LOWER_IS_BETTER = {"pm25": True, "index": True, "good_ratio": False}


@dataclass(frozen=True, slots=True)
class CityRow:
    """One city of the table; numbers are decimal text, None where the table has none."""

    city: str
    rank: int | None
    pm25: str | None
    good_ratio: str | None
    index: str | None


@dataclass(frozen=True, slots=True)
class Read:
    """Rows taken and findings of rows left out."""

    rows: tuple[CityRow, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one city stands: its row, number of cities, and place by each column (equal values share a place)."""

    row: CityRow
    cities: int
    places: dict[str, int]


def read_text(text: str) -> Read:
    """The table in a pasted text: tabs, commas or semicolons between columns.

    Errors  Refusal where no column of cities or no column of numbers is found
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    mark = next((mark for mark in "\t,;，" if any(mark in line for line in lines)), "\t")
    cells = (
        ([part.strip().strip('"') for part in line.split(mark)] for line in lines)
        if mark == "，"
        else csv.reader(io.StringIO("\n".join(lines)), delimiter=mark)
    )
    return read_rows(list(cells))


def read_xlsx(content: bytes) -> Read:
    """The table on the first sheet of a workbook.

    Errors  Refusal where it is no workbook or has no such table
    """
    from openpyxl import load_workbook  # imported when a workbook comes

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = list(book.worksheets[0].iter_rows(max_row=200, max_col=40, values_only=True))
    except Exception as error:  # openpyxl raises many kinds for a file that is no workbook
        raise Refusal(_refused("PROVINCE-FILE-UNREADABLE",
                               "不是可读的 xlsx 工作簿。请用 Excel 另存为 .xlsx，或把表格复制后粘贴",
                               "not a readable xlsx workbook")) from error  # fmt: skip
    return read_rows([["" if cell is None else str(cell).strip() for cell in row] for row in rows])


def read_rows(cells: Sequence[Sequence[str]]) -> Read:
    """Rows below the first line that names a column of cities.

    Errors  Refusal where no column of cities or no column of numbers is found
    """
    heads = ((number, _columns(row)) for number, row in enumerate(cells))
    found_head = next(((number, found) for number, found in heads if "city" in found and len(found) > 1), None)
    if found_head is None:
        raise Refusal(_refused("PROVINCE-HEAD-MISSING",
                               "没有找到表头。表头应有“城市”列，以及“排名”“PM2.5”“优良天数比率”“综合指数”中的至少一列",
                               "no heading with a column of cities and a column of numbers"))  # fmt: skip
    head, columns = found_head
    rows: dict[str, CityRow] = {}
    findings: list[Finding] = []
    for number, row in enumerate(cells[head + 1 :], start=head + 2):
        if not any(cell.strip() for cell in row):
            continue
        found = _city_row(row, columns, number)
        if isinstance(found, CityRow) and found.city in rows:
            found = _refused(
                "PROVINCE-CITY-TWICE", f"“{found.city}”出现两次，只采用先出现的一行", "city occurs twice", number
            )
        if isinstance(found, Finding):
            findings.append(found)
        else:
            rows[found.city] = found
    if not rows:
        raise Refusal(
            *findings, _refused("PROVINCE-ROWS-MISSING", "表头之下没有可用的行", "no usable row below the heading")
        )
    return Read(tuple(rows.values()), tuple(findings))


def _columns(row: Sequence[str]) -> dict[str, int]:
    """Column of each thing, by headings; comparisons with other years are passed over."""
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        text = "".join(cell.split()).upper().replace("PM25", "PM2.5")
        if not text or len(text) > 24 or any(word in text for word in _NOT_A_VALUE):
            continue
        name = next((name for word, name in _HEADINGS if word in text), None)
        if name in LOWER_IS_BETTER and any(word in text for word in ("排名", "位次", "名次")):
            continue  # places are counted here, so that equal values share one
        if name and name not in found:
            found[name] = place
    return found


def _city_row(row: Sequence[str], columns: dict[str, int], number: int) -> CityRow | Finding:
    def cell(name: str) -> str:
        place = columns.get(name)
        return row[place].strip() if place is not None and place < len(row) else ""

    city = plain_city("".join(cell("city").split()))
    if not city or city in {"全省", "全省平均", "平均", "合计", "均值"}:
        return _refused(
            "PROVINCE-CITY-MISSING", f"没有城市名称（“{cell('city') or '空'}”），未采用", "no name of a city", number
        )
    values: dict[str, str | None] = {}
    for name in LOWER_IS_BETTER:
        text = cell(name).rstrip("%％").strip()
        if text.upper() in _NO_VALUE:
            values[name] = None
            continue
        if (value := _decimal(text)) is None or value < 0 or (name == "good_ratio" and value > 100):
            return _refused(
                "PROVINCE-VALUE-WRONG", f"{city}的“{text}”不是可用的数值，本行未采用", "not a usable number", number
            )
        values[name] = text
    rank = cell("rank")
    if rank and rank not in _NO_VALUE and not rank.isdecimal():
        return _refused(
            "PROVINCE-RANK-WRONG", f"{city}的排名“{rank}”不是整数，本行未采用", "rank is no whole number", number
        )
    return CityRow(city, int(rank) if rank.isdecimal() else None, **values)


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _refused(code: str, zh: str, en: str, row: int | None = None) -> Finding:
    return Finding(code, Severity.REFUSED, Text(zh, en), Place(row=row))


def standing(rows: Iterable[CityRow], city: str) -> Standing | None:
    """Place of a city among the rows; None where the table does not name it."""
    known = list(rows)
    mine = next((row for row in known if row.city == plain_city(city)), None)
    if mine is None:
        return None
    places = {}
    for name, lower in LOWER_IS_BETTER.items():
        values = [Decimal(value) for row in known if (value := getattr(row, name)) is not None]
        own = getattr(mine, name)
        if own is not None:
            better = sum(value < Decimal(own) if lower else value > Decimal(own) for value in values)
            places[name] = better + 1
    if mine.rank is not None:
        places["rank"] = mine.rank
    return Standing(mine, len(known), places)


def kept(row: CityRow) -> dict[str, Any]:
    """A row as the table keeps it."""
    return asdict(row)
