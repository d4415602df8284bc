"""The bulletin of a month as the data and the decisions stand now; drawn and written only by who imports the makers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from lantian.basis.period import DAY, Days, month
from lantian.site import configured
from lantian.site.ambient.places import places, ranked_cities
from lantian.site.ambient.stations import ranked_counties
from lantian.site.board.selectors import exclusions
from lantian.store.air import AirReader
from lantian.work.air_basis import own_exclusions
from lantian.work.air_bulletin import Drafted, Places, bulletin


@dataclass(frozen=True, slots=True)
class Made:
    """A drafted bulletin with its files by name."""

    drafted: Drafted
    files: dict[str, bytes]


def places_of(days: Days) -> Places:
    """City, counties and cities of the configured plan; a county without station or days of its own is ranked apart."""
    found = places()
    return Places(found.city.name, ranked_counties(found, days), ranked_cities(found))


def drafted(first: date, as_of: date, values: str = "realtime", *, decided: bool = True) -> Drafted:
    """The bulletin of the month that begins on ``first``; with ``decided`` without the days taken out by decision.

    Errors  Refusal for a month without data, too early, or not begun
    """
    plan = configured.plan()
    every = exclusions() if decided else ()
    out = tuple(one for city in plan.cities for one in own_exclusions(every, city))
    days = month(first.year, first.month)
    return bulletin(AirReader(settings.DATA), places_of(days), first, as_of, exclusions=out, values=values)


def made(one: Drafted) -> Made:
    """Its Word document, workbook and charts: for the worker and the command line.

    Errors  Refusal where no Chinese font is installed
    """
    from lantian.render.bulletin_docx import bulletin_docx
    from lantian.render.bulletin_xlsx import bulletin_xlsx
    from lantian.render.charts import png, svg

    pictures = {key: png(drawing.chart) for key, drawing in one.drawings.items()}
    files = {f"{key}.svg": svg(drawing.chart).encode() for key, drawing in one.drawings.items()}
    files["docx"] = bulletin_docx(one.bulletin, pictures)
    files["xlsx"] = bulletin_xlsx(one.bulletin)
    return Made(one, files)


def last_month(day: date) -> date:
    """First day of the month before the one a day lies in."""
    return (day.replace(day=1) - DAY).replace(day=1)
