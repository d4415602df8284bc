"""Times of outlets: Beijing without a zone below the site, instants in the people's database."""

from __future__ import annotations

from datetime import datetime

from lantian.basis.period import BEIJING


def instant(beijing: datetime) -> datetime:
    """The instant of a Beijing time without a zone."""
    return beijing.replace(tzinfo=BEIJING)


def beijing(moment: datetime) -> datetime:
    """Beijing time without a zone of an instant."""
    return moment.astimezone(BEIJING).replace(tzinfo=None)
