"""What is read of the bulletins: the months there are, the editions of a month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import QuerySet

from lantian.basis.determination import VALUES
from lantian.basis.period import Days, month
from lantian.rulebook.dated import TOTAL_FROM
from lantian.site import configured
from lantian.site.bulletin.models import Bulletin
from lantian.store.air import AirReader


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month of the list: its days, its newest edition, whether the data changed since that was made."""

    days: Days
    newest: Bulletin | None
    changed: bool
    over: bool

    @property
    def key(self) -> str:
        """2015-07."""
        return f"{self.days.first:%Y-%m}"


def editions(first: date) -> QuerySet[Bulletin]:
    """The editions of a month, newest first."""
    plan = configured.plan()
    return Bulletin.objects.filter(plan=plan.id, region=plan.region, month=first).select_related("by")


def months(as_of: date) -> list[MonthLine]:
    """All months with days of the plan's city or with an edition, newest first."""
    plan, air = configured.plan(), AirReader(settings.DATA)
    own = Bulletin.objects.filter(plan=plan.id, region=plan.region).defer("content").order_by("month", "number")
    newest = {one.month: one for one in own}
    first, version = air.earliest(plan.cities[0]), air.version()
    begun = [max(first.replace(day=1), date(TOTAL_FROM.year + 1, 1, 1))] if first else []
    starts = sorted({*newest, *(day for start in begun for day in _starts(start, as_of))}, reverse=True)
    lines = []
    for start in starts:
        one = newest.get(start)
        days = month(start.year, start.month)
        lines.append(MonthLine(days, one, one is not None and one.data_version != version, days.last <= as_of))
    return lines


def _starts(first: date, last: date) -> list[date]:
    found = []
    while first <= last:
        found.append(first)
        first = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return found


def kinds_of_values() -> dict[str, str]:
    """Kinds of values the plan's city has days of, with their words; real-time always."""
    air, city = AirReader(settings.DATA), configured.plan().cities[0]
    return {kind: words.zh for kind, words in VALUES.items() if kind == "realtime" or air.latest(city, values=kind)}
