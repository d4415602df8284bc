"""The last hour of a city and its stations: real-time AQI, category, primary pollutant, and who is late or silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import polars as pl

from lantian.air.day import printed, printed_text
from lantian.air.item import HOUR_ITEMS, PRINTED, SCALE
from lantian.air.parameters import IndexRule
from lantian.air.realtime import ReportRule, reported
from lantian.basis.exact import half_even
from lantian.basis.period import Days, day_of_hour_end_stamp
from lantian.render.ink import ink_on
from lantian.store.stations import OF_CITY, ROLES, Station
from lantian.work.air_aqi_rules import edition_on, report_rule
from lantian.work.air_rules import day_rules, index_rule
from lantian.work.duty import symbol

ORDER = ("pm25", "pm10", "so2", "no2", "o3", "co")  # as reports list them


class Reported(StrEnum):
    """What a station told of the hour."""

    WHOLE = "whole"
    PART = "part"
    LATE = "late"
    SILENT = "silent"


WORDS = {Reported.WHOLE: "正常", Reported.PART: "缺项", Reported.LATE: "迟到", Reported.SILENT: "无数据"}


@dataclass(frozen=True, slots=True)
class Value:
    """One item of an hour as printed, and its sub-index."""

    item: str
    label: str
    unit: str
    text: str | None
    iaqi: int | None


@dataclass(frozen=True, slots=True)
class HourOf:
    """One hour of a station or the city; ``last`` the last hour with a value in the hours looked at."""

    code: str
    name: str
    role: str
    county: str | None
    values: tuple[Value, ...]
    aqi: int | None
    category: str | None
    colour: str | None
    primary: tuple[str, ...]
    reported: Reported
    last: datetime | None
    lon: float | None = None
    lat: float | None = None

    @property
    def ink(self) -> str:
        """Ink on its colour."""
        return ink_on(self.colour) if self.colour else "#1d2733"

    @property
    def word(self) -> str:
        """What it told, in a word."""
        return WORDS[self.reported]


@dataclass(frozen=True, slots=True)
class Now:
    """The hour that ended at ``time``: the city (None with too few stations) and its stations, worst first."""

    time: datetime
    edition: str
    city: HourOf | None
    told: int
    needed: int
    of_city: int
    stations: tuple[HourOf, ...]

    @property
    def quiet(self) -> tuple[HourOf, ...]:
        """Stations without a value in this hour."""
        return tuple(one for one in self.stations if one.reported in (Reported.LATE, Reported.SILENT))


def now_of(time: datetime, hours: pl.DataFrame, stations: Sequence[Station], city: str) -> Now:
    """The hour that ended at ``time``, with the hours before it to see who was there lately.

    ``hours`` columns of ``store.hours`` for the registered stations; ``stations`` those valid on the hour's day.
    Rule    HJ 633 real-time report by date, the stamp being the end of the hour; the city's value is the mean of its
            national stations, where as large a share of them reports as a city day needs
    """
    day = day_of_hour_end_stamp(time)
    rule, colours = report_rule(edition_on(day), hourly=True), index_rule(day)
    last = dict(_last_told(hours).iter_rows())
    rows = {row["station"]: row for row in _judged(hours.filter(pl.col("time") == time), rule).iter_rows(named=True)}
    told = [_station(one, rows.get(one.code), last.get(one.code), rule, colours) for one in stations]
    of_city = [one.code for one in stations if one.role in OF_CITY]
    least, of = day_rules(Days(day, day))[0][1].points_share
    needed = -(-least * len(of_city) // of)
    here = hours.filter((pl.col("time") == time) & pl.col("station").is_in(of_city) & _any_value())
    return Now(
        time=time,
        edition=rule.edition,
        city=_city(city, here, needed, rule, colours, time) if of_city else None,
        told=here.height,
        needed=needed,
        of_city=len(of_city),
        stations=tuple(sorted(told, key=lambda one: (one.aqi is None, -(one.aqi or 0), one.code))),
    )


def _any_value() -> pl.Expr:
    return pl.any_horizontal(pl.col(item).is_not_null() for item in HOUR_ITEMS)


def _last_told(hours: pl.DataFrame) -> pl.DataFrame:
    return hours.filter(_any_value()).group_by("station").agg(pl.col("time").max())


def _judged(rows: pl.DataFrame, rule: ReportRule) -> pl.DataFrame:
    """Rows with their values rounded once as the edition says, as text too, sub-indices, AQI, primary and category."""
    places = {item.key: item.places for item in rule.items}
    rounded = rows.select("station", *(printed(pl.col(i).cast(pl.Int64), places[i]).alias(i) for i in HOUR_ITEMS))
    texts = [printed_text(pl.col(item), places[item]).alias(f"{item}_text") for item in HOUR_ITEMS]
    return rounded.with_columns(texts).hstack(reported(rounded, rule))


def _station(
    station: Station, row: dict[str, object] | None, last: datetime | None, rule: ReportRule, colours: IndexRule
) -> HourOf:
    values = _values(row)
    known = sum(value.text is not None for value in values)
    if known:
        state = Reported.WHOLE if known == len(values) else Reported.PART
    else:
        state = Reported.LATE if last else Reported.SILENT
    role = ROLES[station.role].zh if station.role in ROLES else station.role
    return _hour(
        station.code, station.name, role, station.county, row, values, state, last, colours, station.lon, station.lat
    )


def _city(
    name: str, here: pl.DataFrame, needed: int, rule: ReportRule, colours: IndexRule, time: datetime
) -> HourOf | None:
    """Mean of the stations that told each item, rounded once; an item told by too few stations is missing."""
    means: dict[str, int | None] = {}
    places = {item.key: item.places for item in rule.items}
    for item in HOUR_ITEMS:
        known = here[item].drop_nulls().to_list()
        unit = 10 ** (SCALE - places[item])
        means[item] = half_even(sum(known), len(known) * unit) * unit if known and len(known) >= needed else None
    if all(value is None for value in means.values()):
        return None
    frame = pl.DataFrame({"station": [name], **{item: [value] for item, value in means.items()}})
    row = _judged(frame.cast(dict.fromkeys(HOUR_ITEMS, pl.Int64)), rule).row(0, named=True)
    values = _values(row)
    whole = all(value.text is not None for value in values)
    return _hour(
        name, name, "", None, row, values, Reported.WHOLE if whole else Reported.PART, time, colours, None, None
    )


def _hour(
    code: str,
    name: str,
    role: str,
    county: str | None,
    row: dict[str, object] | None,
    values: tuple[Value, ...],
    state: Reported,
    last: datetime | None,
    colours: IndexRule,
    lon: float | None,
    lat: float | None,
) -> HourOf:
    aqi = row["aqi"] if row else None
    found = colours.category(aqi) if isinstance(aqi, int) else None
    primary = tuple(str(row["primary"]).split(",")) if row and row["primary"] else ()
    return HourOf(
        code=code,
        name=name,
        role=role,
        county=county,
        values=values,
        aqi=aqi if isinstance(aqi, int) else None,
        category=found.zh if found else None,
        colour=found.colour if found else None,
        primary=primary,
        reported=state,
        last=last,
        lon=lon,
        lat=lat,
    )


def _values(row: dict[str, object] | None) -> tuple[Value, ...]:
    def of(item: str) -> Value:
        key = "o3_8h" if item == "o3" else item
        text, iaqi = (row[f"{item}_text"], row[f"iaqi_{item}"]) if row else (None, None)
        return Value(
            item,
            PRINTED[key],
            symbol(key),
            text if isinstance(text, str) else None,
            iaqi if isinstance(iaqi, int) else None,
        )

    return tuple(of(item) for item in ORDER)


def hour_words(time: datetime) -> str:
    """An hour as it is stamped, by its end: 2026-11-23 14:00; the last of a day is its 24:00."""
    day: date = day_of_hour_end_stamp(time)
    return f"{day} 24:00" if time.hour == 0 else f"{time:%Y-%m-%d %H:%M}"
