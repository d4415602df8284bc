"""Commands to devices as they are kept: asked, sent, answered, ended."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from lantian.store.stack import stack_file
from lantian.store.stack.inbox import Change

WAITING: Final = "waiting"  # the device is not connected, or another command to it is under way
SENT: Final = "sent"
ACCEPTED: Final = "accepted"  # 9011: it will be carried out
DONE: Final = "done"
REFUSED: Final = "refused"  # 9011 with another code than 1
FAILED: Final = "failed"  # 9012 with another code than 1
UNANSWERED: Final = "unanswered"  # no answer after all repetitions
OVERDUE: Final = "overdue"  # accepted, but no result in time
WITHDRAWN: Final = "withdrawn"  # the device did not connect in time, or the gateway stopped
OPEN: Final = (WAITING, SENT, ACCEPTED)


@dataclass(slots=True)
class DeviceCommand:
    """One command; instants in µs since 1970 (UTC), ``fields`` its data area, ``result`` what the device said."""

    id: int
    mn: str
    cn: str
    fields: Mapping[str, str] = field(default_factory=dict)
    asked_by: str = ""
    asked_at: int = 0
    qn: str = ""
    state: str = WAITING
    tries: int = 0
    answered_at: int | None = None
    ended_at: int | None = None
    result: str = ""

    @property
    def open(self) -> bool:
        """Whether something is still awaited."""
        return self.state in OPEN


def kept(command: DeviceCommand) -> Change:
    """The statement that keeps a command as it stands."""
    return (
        """INSERT INTO command (id, mn, cn, fields, qn, asked_by, asked_at, state, tries, answered_at, ended_at, result)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET fields = excluded.fields, qn = excluded.qn, state = excluded.state, tries = excluded.tries,
            answered_at = excluded.answered_at, ended_at = excluded.ended_at, result = excluded.result""",
        (
            command.id, command.mn, command.cn, json.dumps(dict(command.fields), ensure_ascii=False), command.qn,
            command.asked_by, command.asked_at, command.state, command.tries, command.answered_at, command.ended_at,
            command.result,
        ),
    )  # fmt: skip


def commands(data: Path, *, mn: str | None = None, most: int = 100) -> list[DeviceCommand]:
    """The newest commands, newest first."""
    with stack_file.reading(data) as database:
        return [] if database is None else commands_in(database, mn=mn, most=most)


def command(data: Path, number: int) -> DeviceCommand | None:
    """One command by its number."""
    with stack_file.reading(data) as database:
        rows = [] if database is None else database.execute(_SELECT + "WHERE id = ?", (number,)).fetchall()
    return _command(rows[0]) if rows else None


def commands_in(database: sqlite3.Connection, *, mn: str | None = None, most: int = 100) -> list[DeviceCommand]:
    """The newest commands of an open file, newest first."""
    rows = database.execute(
        _SELECT + "WHERE :mn IS NULL OR mn = :mn ORDER BY id DESC LIMIT :most", {"mn": mn, "most": most}
    )
    return [_command(row) for row in rows]


def number_of_last(data: Path) -> int:
    """The highest number given; 0 where there is none."""
    with stack_file.reading(data) as database:
        row = None if database is None else database.execute("SELECT max(id) FROM command").fetchone()
    return row[0] or 0 if row else 0


def open_commands(data: Path) -> list[DeviceCommand]:
    """The commands something is still awaited of, oldest first."""
    with stack_file.reading(data) as database:
        query = _SELECT + "WHERE state IN (?, ?, ?) ORDER BY id"
        rows = [] if database is None else database.execute(query, OPEN).fetchall()
    return [_command(row) for row in rows]


def last_done(data: Path, cn: str) -> dict[str, Mapping[str, str]]:
    """Fields of the last command of a kind that each device carried out, by MN."""
    with stack_file.reading(data) as database:
        if database is None:
            return {}
        query = "SELECT mn, fields FROM command WHERE cn = ? AND state = ? ORDER BY id"
        rows = database.execute(query, (cn, DONE)).fetchall()
    return {mn: json.loads(fields) for mn, fields in rows}


_SELECT = "SELECT id, mn, cn, fields, asked_by, asked_at, qn, state, tries, answered_at, ended_at, result FROM command "


def _command(row: tuple[object, ...]) -> DeviceCommand:
    number, mn, cn, fields, *rest = row
    return DeviceCommand(number, mn, cn, json.loads(str(fields)), *rest)  # type: ignore[arg-type]
