"""An iterator whose next value is made in a thread while the last one is worked on."""

from __future__ import annotations

from collections.abc import Iterator
from queue import Queue
from threading import Event, Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class _End:
    """What the thread puts last: nothing, or the error that ended it."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


class _Reader(Generic[T]):
    def __init__(self, source: Iterator[T]) -> None:
        self._source = source
        self._ready: Queue[T | _End] = Queue(maxsize=1)
        self._wanted: Queue[None] = Queue()
        self._stop = Event()

    def run(self) -> None:
        try:
            for value in self._source:
                self._ready.put(value)
                self._wanted.get()
                if self._stop.is_set():
                    return
        except BaseException as error:  # handed to the thread that asked, where it is raised
            self._ready.put(_End(error))
        else:
            self._ready.put(_End(None))

    def __iter__(self) -> Iterator[T]:
        thread = Thread(target=self.run, name="read ahead", daemon=True)
        thread.start()
        try:
            while not isinstance(value := self._ready.get(), _End):
                self._wanted.put(None)
                yield value
                del value
            if value.error is not None:
                raise value.error
        finally:
            self._stop.set()
            self._wanted.put(None)


def one_ahead(source: Iterator[T]) -> Iterator[T]:
    """The values of an iterator in order, each next one being made meanwhile; its errors are raised here.

    One value waits at most, so that memory holds the one in hand, the one waiting and the one being made.
    """
    return iter(_Reader(source))
