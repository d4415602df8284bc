"""Groups to the disk, one after the other: rows go in beside the reading of sockets, the commit runs in a thread of its own."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from lantian.gateway.group import Group
from lantian.gateway.limits import Limits
from lantian.store.stack.inbox import Inbox, is_busy

_BUSY_PAUSE = 0.005
_FULL_TEXT = "无法写入，已停止应答；已应答的数据都在磁盘上。有空间后自动继续"


class Writer:
    """Takes the group that has gathered, writes it, and only then lets its answers go.

    While the disk refuses, the group stays in memory and is tried again; nothing of it is answered. ``trouble`` says why.
    """

    def __init__(self, inbox: Inbox, take: Callable[[], Group], limits: Limits, tell: Callable[[str], None]) -> None:
        self._inbox, self._take, self._limits, self._tell = inbox, take, limits, tell
        self._thread = ThreadPoolExecutor(1, "commit")
        self._woken = asyncio.Event()
        self._stopping = False
        self.trouble = ""
        self.groups = self.frames = self.new = self.answers = self.refused = self.failures = 0
        self.commit_seconds = 0.0

    def wake(self) -> None:
        """There is something to write."""
        self._woken.set()

    def stop(self) -> None:
        """Ends ``run`` after what is there has been written."""
        self._stopping = True
        self._woken.set()

    async def run(self) -> None:
        """Writes until it is stopped and nothing is left."""
        while True:
            await self._woken.wait()
            self._woken.clear()
            group = self._take()
            if group:
                await self._written(group)
                self.answers += group.acknowledge()
                await self._checkpointed()
            elif self._stopping:
                break
            if self._stopping:
                self._woken.set()

    def close(self) -> None:
        """Ends the thread and closes the file."""
        self._thread.shutdown()
        self._inbox.close()

    async def _written(self, group: Group) -> None:
        loop, failed = asyncio.get_running_loop(), 0
        while True:
            try:
                new = self._inbox.stage(group.batch)
                start = time.perf_counter()
                await loop.run_in_executor(self._thread, self._inbox.commit)
            except sqlite3.Error as error:
                if is_busy(error):
                    await asyncio.sleep(_BUSY_PAUSE)
                    continue
                self._failed(error, failed)
                await asyncio.sleep(self._limits.retry_seconds[min(failed, len(self._limits.retry_seconds) - 1)])
                failed += 1
                continue
            self.commit_seconds += time.perf_counter() - start
            self.groups += 1
            self.frames += len(group.batch.frames)
            self.refused += len(group.batch.refused)
            self.new += new
            if self.trouble:
                self._tell("可以写入了，继续应答。")
                self.trouble = ""
            return

    def _failed(self, error: sqlite3.Error, failed: int) -> None:
        self.failures += 1
        self.trouble = str(error)
        if failed % 12 == 0:
            self._tell(f"{_FULL_TEXT}（{error}）")

    async def _checkpointed(self) -> None:
        """Moves the log into the file where it has grown; frames gather meanwhile."""
        if self._inbox.wants_checkpoint:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._inbox.checkpoint)
