"""What jobs there are: each is a function ``(handle, **arguments) -> result`` that a desk declares with ``@job``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from lantian.site.access import Action

if TYPE_CHECKING:
    from lantian.site.people.models import User


class Handle(Protocol):
    """What a job function is given: who asked, when it was due, the clock, and the way to tell how far it is."""

    job_id: int
    by: User | None
    due_at: datetime

    def now(self) -> datetime:
        """Present instant."""

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Keeps how far the job is."""


Run = Callable[..., dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of job; who may start, repeat or cancel it needs ``needs``."""

    name: str
    label: str
    needs: Action
    run: Run


class UnknownJobError(KeyError):
    """No desk declares a job of this name."""


_KINDS: dict[str, Kind] = {}


def job(name: str, *, label: str, needs: Action = Action.READ_JOBS) -> Callable[[Run], Run]:
    """Decorator: declares a job function under a name that is never used for anything else.

    The function returns a dictionary for the job's page: ``summary`` (one sentence), ``url`` and ``link`` (where the
    result is seen), ``rows`` (pairs of words and numbers); or None.
    """

    def declare(run: Run) -> Run:
        known = _KINDS.get(name)
        if known and known.run.__module__ != run.__module__:
            raise ValueError(f"two jobs are called {name!r}")
        _KINDS[name] = Kind(name, label, needs, run)
        return run

    return declare


def kind(name: str) -> Kind:
    """The declared job of this name.

    Errors  UnknownJobError
    """
    try:
        return _KINDS[name]
    except KeyError:
        raise UnknownJobError(name) from None
