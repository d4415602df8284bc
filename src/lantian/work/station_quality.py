"""Data quality of the stored station hours, month by month: findings, capture and valid days of each station.

Only registered stations that were heard before are looked at; those that count for a city or county are compared with
each other, reference and micro stations only with their like. Nothing of the hours is removed or changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Final

import polars as pl

from lantian.air.item import HOUR_ITEMS, ITEMS, SCALE
from lantian.air.quality import NAMES, Doubt, plain
from lantian.air.quality_capture import Counts, low_capture
from lantian.basis.determination import digest
from lantian.basis.exact import rounded_text
from lantian.basis.period import DAY, HOUR, Days, day_of_hour_end_stamp, month
from lantian.rulebook.dated import FAR
from lantian.store.hours import HourReader, ends
from lantian.store.quality import KeptCapture, KeptFinding, QualityMonth, keep_quality_month, quality_month
from lantian.store.stations import OF_COUNTY, ROLES, Station, StationReader
from lantian.work.air_import import Progress, silent
from lantian.work.air_quality import Checking, quality_rule
from lantian.work.air_rules import statistics_rule
from lantian.work.station_days import days_of_station_hours

FORM: Final = 1  # raised when findings are made or kept in another way: every month is then checked anew
_LEAD: Final = 3 * DAY  # of the month before: a run that goes on over midnight is told whole
_EVIDENCE_BEFORE, _EVIDENCE = 2 * HOUR, 10
_OF_HOURS: Final = frozenset({"AIR-QUALITY-STUCK", "AIR-QUALITY-ZEROS", "AIR-QUALITY-JUMP", "AIR-QUALITY-NEIGHBOUR"})
_CAPTURE: Final = "AIR-QUALITY-CAPTURE"


def changed_months(data: Path, values: str = "realtime") -> list[str]:
    """Months with hours that were not checked yet, or of which hours, register or thresholds changed since."""
    found = []
    for one in HourReader(data).months(values):
        kept = quality_month(data, values, one)
        if kept is None or kept.inputs != inputs_of(data, values, one):
            found.append(one)
    return found


def inputs_of(data: Path, values: str, text: str) -> str:
    """Digest of everything the findings of a month depend on."""
    days = _month(text)
    before = f"{days.first - DAY:%Y-%m}"
    hours = HourReader(data)
    stations = [
        (one.code, one.name, one.city, one.role, one.valid_from, one.valid_until)
        for one in _present(data, values, days)
    ]
    rule = repr(quality_rule(days.last))
    seen = _seen(hours, values, days)
    return digest([FORM, rule, hours.files(text, values), hours.files(before, values), stations, seen.last])


def check_months(
    data: Path, months: Iterable[str], *, now: datetime, values: str = "realtime", progress: Progress = silent
) -> list[QualityMonth]:
    """Checks months (2025-01) and keeps what was found, one after the other."""
    asked, found = list(months), []
    for done, one in enumerate(asked):
        progress(done, len(asked), f"检查 {one}")
        found.append(check_month(data, one, now=now, values=values))
        keep_quality_month(data, found[-1])
    progress(len(asked), len(asked), "完成")
    return found


def check_month(data: Path, text: str, *, now: datetime, values: str = "realtime") -> QualityMonth:
    """Findings, captures and valid days of a month, up to the last hour there is."""
    inputs, hours = inputs_of(data, values, text), HourReader(data)
    days = _seen(hours, values, _month(text))
    stations = {one.code: one for one in _present(data, values, days)}
    rows = hours.hours(Days(days.first - _LEAD, days.last), values=values, stations=list(stations))
    table = _table(rows, stations.values(), days)
    own = table.filter(pl.col("time").is_between(*ends(days)))
    doubts = [*_doubts(table, own, days), *_low(own, stations.values(), days)]
    return QualityMonth(
        month=text,
        values=values,
        inputs=inputs,
        computed_at=now,
        findings=tuple(_kept(one, text, values, table) for one in sorted(doubts, key=_order)),
        captures=tuple(_captures(own, rows, stations.values(), days)),
    )


def _month(text: str) -> Days:
    return month(int(text[:4]), int(text[5:]))


def _seen(hours: HourReader, values: str, days: Days) -> Days:
    """The part of a month up to the day of the last hour there is."""
    last = hours.last_hour(values)
    return days.until(max(days.first, day_of_hour_end_stamp(last))) if last else days


def _present(data: Path, values: str, days: Days) -> list[Station]:
    """Stations registered on a day of a month and heard in it or before, each with the row it had last."""
    reader = StationReader(data)
    heard = reader.heard(values)
    rows = {
        one.code: one
        for one in reader.stations()
        if one.valid_from <= days.last and (one.valid_until or FAR) >= days.first
    }
    return [one for code, one in rows.items() if code in heard and heard[code][0] <= days.last]


def _table(rows: pl.DataFrame, stations: Iterable[Station], days: Days) -> pl.DataFrame:
    """Hours as ``air.quality`` takes them, stations without any row with one empty hour."""
    known = pl.DataFrame(
        [(one.code, _group(one), _label(one), one.valid_from, one.valid_until or FAR) for one in stations],
        schema={"code": pl.String, "city": pl.String, "label": pl.String, "from": pl.Date, "to": pl.Date},
        orient="row",
    )
    silent_ones = known.join(rows.select(code="station").unique(), on="code", how="anti")
    first = ends(days)[0]
    there = rows.rename({"station": "code"}).join(known, on="code")
    day = (pl.col("time") - pl.duration(milliseconds=1)).dt.date()
    told = there.filter(day.is_between(pl.col("from"), pl.col("to")))
    none = silent_ones.with_columns(
        pl.lit(first, pl.Datetime("ms")).alias("time"), *(pl.lit(None, pl.Int64).alias(item) for item in HOUR_ITEMS)
    )
    columns = ["city", pl.col("label").alias("station"), "time", *(pl.col(item).cast(pl.Int64) for item in HOUR_ITEMS)]
    return pl.concat([told.select(columns), none.select(columns)]).sort("city", "station", "time")


def _group(one: Station) -> str:
    return one.city if one.role in OF_COUNTY else f"{one.city}{ROLES[one.role].zh}"


def _label(one: Station) -> str:
    return f"{one.code} {one.name}"


def _code(label: str | None) -> str:
    return (label or "").split(" ", 1)[0]


def _doubts(table: pl.DataFrame, own: pl.DataFrame, days: Days) -> Iterator[Doubt]:
    """Findings of the month but for capture; the days before serve only to see where a run began."""
    checking = Checking()
    lead = table.filter(pl.col("time") < ends(days)[0])
    for part in (lead, own):
        if part.height:
            checking.take(part, days.last)
    for one in checking.doubts(days):
        last = one.last if isinstance(one.last, datetime) else datetime.combine(one.last, datetime.min.time())
        if one.code != _CAPTURE and last >= ends(days)[0]:
            yield one


def _low(own: pl.DataFrame, stations: Iterable[Station], days: Days) -> Iterator[Doubt]:
    """Findings on capture, each station seen in the days it was registered."""
    for span, part in _spans(own, stations, days):
        counts = Counts()
        counts.take(part)
        yield from low_capture(counts, span, quality_rule(span.last), statistics_rule(span.last).validity)


def _spans(own: pl.DataFrame, stations: Iterable[Station], days: Days) -> Iterator[tuple[Days, pl.DataFrame]]:
    """Rows of the stations that were registered on the same days of a month."""
    of: dict[Days, list[str]] = {}
    for one in stations:
        span = Days(max(one.valid_from, days.first), min(one.valid_until or FAR, days.last))
        of.setdefault(span, []).append(_label(one))
    for span, labels in of.items():
        yield span, own.filter(pl.col("station").is_in(labels))


def _captures(own: pl.DataFrame, rows: pl.DataFrame, stations: Iterable[Station], days: Days) -> Iterator[KeptCapture]:
    known = list(stations)
    valid = valid_days(rows, [one.code for one in known], days)
    for span, part in _spans(own, known, days):
        counts = Counts()
        counts.take(part)
        for one in counts.captures(span):
            code, item = _code(one.station), "o3_8h" if one.item == "o3" else one.item
            yield KeptCapture(code, item, one.present, one.possible, valid.get((code, item), 0), len(span))


def station_days(hours: pl.DataFrame, codes: Sequence[str], days: Days) -> pl.DataFrame:
    """Valid days of stations from their hours: ``city`` (the code), ``date``, the six items held at four places.

    Rule    HJ 663 by date, as for the day of a city with one station
    """
    members = pl.DataFrame(
        [(code, code, date.min, FAR) for code in codes],
        schema={"place": pl.String, "station": pl.String, "first": pl.Date, "last": pl.Date},
        orient="row",
    )
    return days_of_station_hours(hours.filter(pl.col("time").is_between(*ends(days))), days, members)


def valid_days(hours: pl.DataFrame, codes: Sequence[str], days: Days) -> dict[tuple[str, str], int]:
    """Number of valid days of each station and item."""
    found = station_days(hours, codes, days)
    counted = found.group_by("city").agg(pl.col(item).count() for item in ITEMS)
    return {(row["city"], item): row[item] for row in counted.iter_rows(named=True) for item in ITEMS}


def _order(doubt: Doubt) -> tuple[str, str, str, str]:
    return doubt.station or "", str(doubt.first), doubt.code, doubt.item or ""


def _kept(doubt: Doubt, text: str, values: str, table: pl.DataFrame) -> KeptFinding:
    moment = str(doubt.first) if doubt.code in _OF_HOURS else text
    return KeptFinding(
        key=digest([values, doubt.code, _code(doubt.station), doubt.item, moment])[:16],
        code=doubt.code,
        severity=doubt.severity.value,
        station=_code(doubt.station),
        item=doubt.item,
        first=doubt.first.isoformat(),
        last=doubt.last.isoformat(),
        count=doubt.count,
        zh=doubt.text.zh,
        clause=doubt.clause,
        evidence=tuple(_evidence(doubt, table, _month(text))),
    )


def _evidence(doubt: Doubt, table: pl.DataFrame, days: Days) -> Iterator[tuple[str, str]]:
    """Values a person looks at first: hours around the beginning, or the medians of the month."""
    item, first = doubt.item, doubt.first
    if doubt.code == "AIR-QUALITY-NEIGHBOUR" and item:
        yield from _medians(doubt, table.filter(pl.col("time").is_between(*ends(days))), item)
        return
    if item is None or not isinstance(first, datetime) or doubt.code in (_CAPTURE, "AIR-QUALITY-DETECTION"):
        return
    end = first - _EVIDENCE_BEFORE + timedelta(hours=_EVIDENCE - 1)
    rows = table.filter(
        (pl.col("station") == doubt.station) & pl.col("time").is_between(first - _EVIDENCE_BEFORE, end)
    ).sort("time")
    shown = ["pm25", "pm10"] if doubt.code == "AIR-QUALITY-FINE-ABOVE-COARSE" else [item]
    for time, *cells in rows.select("time", *shown).iter_rows():
        yield f"{time:%m-%d %H:%M}", "／".join("—" if cell is None else plain(cell) for cell in cells)


def _medians(doubt: Doubt, own: pl.DataFrame, item: str) -> Iterator[tuple[str, str]]:
    city = own.filter(pl.col("city") == doubt.city)
    is_own = pl.col("station") == doubt.station
    for words, part in (("本站月中位数", city.filter(is_own)), ("其他站月中位数", city.filter(~is_own))):
        value = part[item].median()
        if isinstance(value, int | float):
            places = 1 if item == "co" else 0
            yield f"{words} {NAMES[item]}", rounded_text(Fraction(value) / 10**SCALE, places)
