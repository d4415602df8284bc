"""A bulletin's content as JSON and back, its digest, and how two editions differ."""

from __future__ import annotations

import difflib
from dataclasses import asdict
from datetime import date
from typing import Any

from lantian.basis.determination import digest
from lantian.basis.period import Days
from lantian.render.bulletin import Bulletin, Part, Picture, Table, bulletin_lines


def as_json(bulletin: Bulletin) -> dict[str, Any]:
    """Plain dictionary of a bulletin; dates by their text."""
    plain = asdict(bulletin)
    plain["days"] = [bulletin.days.first.isoformat(), bulletin.days.last.isoformat()]
    plain["as_of"] = bulletin.as_of.isoformat()
    return plain


def from_json(plain: dict[str, Any]) -> Bulletin:
    """The bulletin of such a dictionary."""
    first, last = (date.fromisoformat(text) for text in plain["days"])
    return Bulletin(
        **{
            **plain,
            "days": Days(first, last),
            "as_of": date.fromisoformat(plain["as_of"]),
            "parts": tuple(_part(one) for one in plain["parts"]),
            "notes": tuple(plain["notes"]),
        }
    )


def _part(plain: dict[str, Any]) -> Part:
    tables = (
        Table(one["title"], tuple(one["head"]), tuple(tuple(row) for row in one["rows"]), one["note"])
        for one in plain["tables"]
    )
    pictures = (Picture(**one) for one in plain["pictures"])
    return Part(plain["heading"], tuple(plain["paragraphs"]), tuple(tables), tuple(pictures))


def digest_of(bulletin: Bulletin) -> str:
    """SHA-256 of what a bulletin says; the day up to which a whole month was looked at is no part of it."""
    plain = as_json(bulletin)
    if bulletin.complete:
        del plain["as_of"]
    return digest([plain])


def difference(earlier: Bulletin, later: Bulletin) -> list[tuple[str, str]]:
    """Sentences and rows that differ: ``before`` or ``now``, and the line."""
    lines = difflib.ndiff(bulletin_lines(earlier), bulletin_lines(later))
    return [("before" if line[0] == "-" else "now", line[2:]) for line in lines if line[0] in "-+"]
