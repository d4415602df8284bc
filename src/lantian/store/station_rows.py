"""Tables of station hours, station days and monthly figures as rows; everything wrong is kept aside by row with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import polars as pl

from lantian.basis.finding import Finding
from lantian.store.air_write import Quarantined
from lantian.store.cells import Source
from lantian.store.station_layout import Kind, StationLayout


@dataclass(frozen=True, slots=True)
class StationRows:
    """What a station table held.

    Shape   ``table`` one row per station and hour (``station city time``), station and day (``station city date``) or
            place and month (``place month``), sorted by these, each pair once; the item columns the table has; ``row``
            = line of the file the row came from (1 = first line). Rows without any value are kept
    Unit    items Int32 ``value * 10**4`` (CO mg/m³, others µg/m³, good_ratio percent), ``rank`` as it is; null missing;
            ``time`` Datetime("ms") = end of the hour, Beijing, without zone; ``month`` the first of the month
    """

    kind: Kind
    table: pl.DataFrame
    aside: list[Quarantined]
    notes: list[Finding]
    layout: str
    rows_read: int
    values: Literal["realtime", "reviewed"] | None


def read_station_rows(
    source: Path | Source, known: Mapping[str, StationLayout], *, first: date, last: datetime | None = None
) -> StationRows | None:
    """The rows of a station table; None where no layout fits.

    ``first`` the first day taken, ``last`` the last hour that can have ended (Beijing, without zone): rows beyond are kept aside.

    Errors  Refusal where the file cannot be read or the table as a whole cannot be what its headings say
    """
    return None
