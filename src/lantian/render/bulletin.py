"""The monthly bulletin 月报: what stands in it, its text for a message, and its lines for comparing two editions.

The shapes here are printed text that someone else computed; pictures come as specifications beside them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lantian.basis.period import Days

SIMULATED_NOTE = "本报含模拟数据，不代表真实空气质量。"
DRAFT_NOTE = "（拟稿，未经核稿和签发）"
NUMERALS = "一二三四五六七八九"
NONE = "—"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one row of heads; cells are printed text, None where there is no value; ``note`` stands below."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """Where a chart stands: key of its drawing, caption, and what it shows in words."""

    key: str
    caption: str
    alt: str


@dataclass(frozen=True, slots=True)
class Part:
    """One numbered part: heading, paragraphs, tables, pictures."""

    heading: str
    paragraphs: tuple[str, ...]
    tables: tuple[Table, ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Bulletin:
    """Everything the bulletin of one month says.

    ``days`` the days of the month up to ``as_of``; ``complete`` whether that is the whole month.
    """

    city: str
    days: Days
    as_of: date
    complete: bool
    simulated: bool
    parts: tuple[Part, ...]
    notes: tuple[str, ...]

    @property
    def title(self) -> str:
        """Title of the document."""
        return f"{self.city}环境空气质量月报"

    @property
    def month(self) -> str:
        """2015年7月; with its last day where the month is not over."""
        words = f"{self.days.first.year}年{self.days.first.month}月"
        return words if self.complete else f"{words}（截至{self.days.last.day}日）"

    @property
    def reservations(self) -> tuple[str, ...]:
        """The notes it is read under, that on simulated days first."""
        return (SIMULATED_NOTE, *self.notes) if self.simulated else self.notes

    @property
    def tables(self) -> tuple[Table, ...]:
        """All tables in the order they stand."""
        return tuple(table for part in self.parts for table in part.tables)

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All pictures in the order they stand."""
        return tuple(picture for part in self.parts for picture in part.pictures)


def bulletin_text(bulletin: Bulletin) -> str:
    """The bulletin as plain text to copy into a message: its paragraphs without tables; lines end LF."""
    lines = [bulletin.title, bulletin.month]
    for number, part in enumerate(bulletin.parts):
        lines.append(f"{NUMERALS[number]}、{part.heading}")
        lines += part.paragraphs
    lines.append("注：" + "".join(bulletin.reservations))
    lines.append(DRAFT_NOTE)
    return "\n".join(lines) + "\n"


def bulletin_lines(bulletin: Bulletin) -> list[str]:
    """Every sentence and every row of a table as one line, so that two editions can be compared."""
    return list(_lines(bulletin))


def _lines(bulletin: Bulletin) -> Iterator[str]:
    for part in bulletin.parts:
        yield from part.paragraphs
        for table in part.tables:
            yield from (f"{table.title}：" + " ".join(_named(table.head, row)) for row in table.rows)
            if table.note:
                yield f"{table.title}：{table.note}"
    yield from bulletin.reservations


def _named(head: tuple[str, ...], row: tuple[str | None, ...]) -> Iterator[str]:
    """The first cell as it is, the others after their head."""
    yield row[0] or NONE
    yield from (f"{name} {text or NONE}" for name, text in zip(head[1:], row[1:], strict=True))
