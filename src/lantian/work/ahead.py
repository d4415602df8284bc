"""An iterator whose next values are made in a thread while the last one is worked on."""

from __future__ import annotations

from collections.abc import Iterator
from queue import Empty, Queue
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")


class _End:
    """What the thread puts last: nothing, or the error that ended it."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def made_ahead(source: Iterator[T], waiting: int = 1) -> Iterator[T]:
    """The values of an iterator in order, the next ones being made meanwhile, from this call on; its errors come here.

    At most ``waiting`` values lie ready besides the one in hand and the one being made.
    """
    ready: Queue[T | _End] = Queue(maxsize=waiting)
    stop = Event()
    Thread(target=_make, args=(source, ready, stop), name="made ahead", daemon=True).start()
    return _taken(ready, stop)


def _make(source: Iterator[T], ready: Queue[T | _End], stop: Event) -> None:
    try:
        for value in source:
            ready.put(value)
            if stop.is_set():
                return
    except BaseException as error:  # handed to the thread that asked, where it is raised
        ready.put(_End(error))
    else:
        ready.put(_End(None))


def _taken(ready: Queue[T | _End], stop: Event) -> Iterator[T]:
    try:
        while not isinstance(value := ready.get(), _End):
            yield value
            del value  # so that its memory is free while the next one is awaited
        if value.error is not None:
            raise value.error
    finally:
        stop.set()
        try:
            while True:
                ready.get_nowait()  # lets a thread that waits for room see the stop
        except Empty:
            pass
