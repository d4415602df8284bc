"""What the address of a page asks for: place, period, year and choices; what cannot be read is told beside its field."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

from django.http import HttpRequest

from lantian.basis import determination as basis
from lantian.basis.finding import Refusal
from lantian.site.ambient.places import Place, Places, last_day, places
from lantian.work.air_periods import YEAR_TO_DATE, Period, period_of

Choice = TypeVar("Choice", bound=StrEnum)
BAD_REQUEST = 400
VALUES = {key: words.zh for key, words in basis.VALUES.items()}  # kinds of values as pages name them


@dataclass(slots=True)
class Asked:
    """The address of one page read once; ``errors`` by field, ``last`` the last day of the place asked for."""

    request: HttpRequest
    places: Places
    place: Place
    last: date
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """HTTP status of the page: 400 where something in the address could not be read."""
        return BAD_REQUEST if self.errors else 200

    def text(self, name: str) -> str:
        """A parameter as it came."""
        return self.request.GET.get(name, "").strip()

    def period(self, default: str = YEAR_TO_DATE) -> Period:
        """The period asked for; the default where none is, or it cannot be read."""
        try:
            return period_of(self.text("period") or default, self.last)
        except Refusal as refusal:
            self.errors["period"] = refusal.findings[0].text.zh
            return period_of(default, self.last)

    def year(self) -> int:
        """The calendar year asked for, between the first and the last with data; the last one by default."""
        first = self.place.first.year if self.place.first else self.last.year
        text = self.text("year")
        if not text:
            return self.last.year
        if text.isascii() and text.isdigit() and first <= int(text) <= self.last.year:
            return int(text)
        self.errors["year"] = f"没有“{text[:20]}”这一年的数据。可选 {first} 至 {self.last.year} 年"
        return self.last.year

    def choice(self, name: str, kind: type[Choice], default: Choice) -> Choice:
        """One of a few words; the default where none is given, or it is no such word."""
        text = self.text(name)
        if not text:
            return default
        try:
            return kind(text)
        except ValueError:
            self.errors[name] = f"没有“{text[:20]}”这一项。可选：{'、'.join(kind)}"
            return default


def asked(request: HttpRequest) -> Asked:
    """The address of a page about one place; the city where the place is not known."""
    known = places()
    name = request.GET.get("place", "")
    place = known.named(name)
    found = Asked(request, known, place or known.city, last_day(place or known.city))
    if place is None:
        found.errors["place"] = f"没有“{name[:20]}”这个地方的数据"
    return found


def offered(last: date) -> list[tuple[str, str]]:
    """Periods offered as links: text of the address and words, by how often they are asked for."""
    before = last.replace(day=1)
    month_before = date(before.year - (before.month == 1), (before.month - 2) % 12 + 1, 1)
    return [
        (YEAR_TO_DATE, "年初至今"),
        (f"{last:%Y-%m}", "本月"),
        (f"{month_before:%Y-%m}", "上月"),
        (f"{last.year}Q{(last.month + 2) // 3}", "本季"),
        (f"{last.year - 1}", "去年"),
    ]
