"""A group of frames on its way to the disk, with the answers that may go out once it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lantian.store.stack.inbox import Batch

if TYPE_CHECKING:
    import asyncio

    from lantian.gateway.connection import Connection


class Group:
    """What is written in one transaction; ``size`` is the number of bytes received for it."""

    __slots__ = ("answers", "batch", "kept", "orders", "size")

    def __init__(self) -> None:
        self.batch = Batch()
        self.answers: dict[Connection, list[bytes]] = {}
        self.orders: list[tuple[Connection, bytes]] = []  # commands, sent when they are kept
        self.kept: list[asyncio.Future[None]] = []  # done when the group is durable
        self.size = 0

    def __bool__(self) -> bool:
        return bool(self.batch)

    def acknowledge(self) -> int:
        """Sends the answers, one piece for each connection, and returns their number: only to be called after the commit."""
        sent = 0
        for connection, answers in self.answers.items():
            sent += len(answers)
            if answers:
                connection.answer(b"".join(answers))
        for connection, order in self.orders:
            connection.send(order)
        for one in self.kept:
            if not one.done():
                one.set_result(None)
        return sent
