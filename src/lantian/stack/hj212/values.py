"""Values of the wire as exact numbers and times."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

from lantian.basis.exact import scaled

_NUMBER = re.compile(r"[+-]?\d+(\.\d*)?\Z", re.ASCII)
_TIME = re.compile(r"\d{14}\Z", re.ASCII)
_EXCHANGE = re.compile(r"\d{17}\Z", re.ASCII)


def decimal(text: str) -> Decimal | None:
    """The number with the places it was sent with (``3.20`` keeps two); None where the text is no plain decimal."""
    return Decimal(text) if _NUMBER.match(text) else None


def exact(text: str, scale: int) -> int:
    """The whole number ``value * 10**scale``.

    Errors  NotANumberError, TooManyPlacesError (``basis.exact``)
    """
    return scaled(text, scale)


def moment(text: str) -> datetime | None:
    """Beijing civil time of a text YYYYMMDDhhmmss; None where it is none.

    Rule    HJ 212-2017 table 4: DataTime and the other times; the start of the period for 2051, 2061, 2031, 2041
    """
    if not _TIME.match(text):
        return None
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S")  # noqa: DTZ007  civil time, as everywhere inside
    except ValueError:
        return None


def exchange_moment(text: str) -> datetime | None:
    """Beijing civil time of a QN, YYYYMMDDhhmmsszzz; None where it is none (other texts still tell exchanges apart)."""
    if not _EXCHANGE.match(text):
        return None
    start = moment(text[:14])
    return start.replace(microsecond=int(text[14:]) * 1000) if start else None
