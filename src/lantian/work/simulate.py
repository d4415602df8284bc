"""A simulated city: plausible daily air of a cold northern city, the same for a seed on every machine, always marked.

Not a model of anything: monthly climatology, persistent noise, a slow improvement, straw-burning spikes in April and
from late October, a few heavy days and gaps. It keeps an installation without data alive until real days are imported.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random

from lantian.air.item import ITEMS, SCALE
from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.basis.period import Days, year
from lantian.store.air import plain_city
from lantian.store.air_file import AIR_FILE, writing
from lantian.store.air_write import (
    RawDay,
    compared,
    finish_import,
    remove_simulated,
    start_import,
    write_changes,
    write_derived,
)
from lantian.store.folder import prepare
from lantian.work.air_rules import evaluated_days, table_of

# Monthly means, January first; CO in mg/m3, the others in ug/m3. Invented to look like a city of the far north-east.
PM25 = (51, 41, 32, 27, 18, 14, 13, 12, 14, 26, 42, 47)
COARSE = (21, 22, 28, 36, 30, 20, 15, 14, 18, 25, 24, 20)  # PM10 beyond PM2.5
SO2 = (23, 19, 14, 10, 7, 6, 5, 5, 6, 9, 15, 20)
NO2 = (31, 27, 24, 20, 16, 13, 12, 13, 16, 21, 26, 29)
CO = (1.05, 0.92, 0.78, 0.66, 0.55, 0.5, 0.5, 0.5, 0.52, 0.66, 0.85, 0.98)
O3 = (64, 78, 95, 110, 121, 117, 102, 90, 83, 70, 60, 56)

YEAR_MEAN = 27.4  # PM2.5 of the last year; each year before lies a step higher
YEAR_STEP = 0.6
SPREAD = 0.52  # of the daily factor (standard deviation of its logarithm)
PERSISTENCE = 0.62
SPIKE_CHANCE = 0.13  # of a straw-burning day within its weeks
HEAVY_WINTER, HEAVY_AUTUMN = 1, 1  # heavy days of the last year; more of them in earlier winters
ORDINARY_TOP = 112.0  # PM2.5 of an ordinary day stays below moderate pollution
GAP_CHANCE = 0.006


@dataclass(slots=True)
class _Day:
    """A day in the making, plain floats: nothing here is compared with a limit."""

    date: date
    weather: float
    values: dict[str, float | None]


def simulate_city(
    data: Path, city: str, region: str | None, *, seed: int, first: date, last: date, now: datetime
) -> int:
    """Writes simulated days of a city, replacing earlier simulated ones; how many.

    Errors  Refusal where the city has real days, or the period is empty
    """
    if first > last:
        raise _refused("SIMULATE-PERIOD-EMPTY", f"模拟的起止日期颠倒：{first} 至 {last}", f"{first} is after {last}")
    prepare(data, now=now)
    name = plain_city(city)
    rows = [
        RawDay(name, day.date, region, tuple(_scaled(item, day.values[item]) for item in ITEMS))
        for day in simulated_days(seed, first, last)
    ]
    with writing(data, job=f"simulate {name}", now=now) as database:
        if database.execute("SELECT 1 FROM raw_day WHERE city = ? AND simulated = 0 LIMIT 1", (name,)).fetchone():
            raise _refused(
                "SIMULATE-CITY-REAL",
                f"{name}已有真实数据，没有生成模拟数据",
                f"{name} has real days; nothing was simulated",
            )
        remove_simulated(database, [name])
        batch = start_import(database, at=now, by="", kind="simulated", files=[], layout=f"seed {seed}")
        changes = compared(database, rows)
        write_changes(database, changes, batch=batch, known_at=now, simulated=True)
        write_derived(database, evaluated_days(table_of(rows)), computed_at=now)
        finish_import(database, batch, rows_read=len(rows), counts=changes.counts, quarantined=[], notes=[])
    return len(rows)


def simulated_days(seed: int, first: date, last: date) -> list[_Day]:
    """Days from first to last; whole calendar years are drawn, so that cutting the period changes no day."""
    days: list[_Day] = []
    for number in range(first.year, last.year + 1):
        days += _year(Random(f"{seed}/{number}"), number, last.year - number)
    return [day for day in days if first <= day.date <= last]


def _year(draw: Random, number: int, age: int) -> list[_Day]:
    days = _weather(draw, year(number))
    _particles(draw, days, YEAR_MEAN + YEAR_STEP * age, age)
    for day in days:
        _gases(draw, day)
    for day in days:
        _gap(draw, day)
    return days


def _weather(draw: Random, days: Days) -> list[_Day]:
    """Days with a persistent stagnation factor of mean 1 (log-normal)."""
    made, state = [], 0.0
    for day in days:
        state = PERSISTENCE * state + math.sqrt(1 - PERSISTENCE**2) * _normal(draw)
        made.append(_Day(day, math.exp(SPREAD * state - SPREAD**2 / 2), {}))
    return made


def _particles(draw: Random, days: list[_Day], mean: float, age: int) -> None:
    raw = []
    for day in days:
        value = _between_months(PM25, day.date) * day.weather
        raw.append(value + (_spike(draw) if _straw_weeks(day.date) else 0.0))
    for quarter in range(4):
        _level(
            draw,
            [(day, value) for day, value in zip(days, raw, strict=True) if (day.date.month - 1) // 3 == quarter],
            mean,
        )
    for day in _heavy(draw, days, age):
        day.values["pm25"] = 158.0 + 50 * draw.random()
    for day in days:
        fine = day.values["pm25"] or 0.0
        coarse = _between_months(COARSE, day.date) * (0.55 + 0.9 * draw.random())
        day.values["pm10"] = fine * 1.02 + coarse * (2.6 if _dust(draw, day.date) else 1.0)


def _level(draw: Random, days: list[tuple[_Day, float]], mean: float) -> None:
    """Sets PM2.5 so that the quarter has its share of the year's mean, whatever the draw."""
    usual = math.fsum(_between_months(PM25, day.date) for day, _ in days) * mean * 12 / math.fsum(PM25)
    share = usual / math.fsum(value for _, value in days)
    for day, value in days:
        day.values["pm25"] = max(3.0, min(value * share, ORDINARY_TOP + 3 * _normal(draw)))


def _heavy(draw: Random, days: list[_Day], age: int) -> list[_Day]:
    """Days of heavy pollution: in deep winter, and after the harvest."""
    winter = [day for day in days if day.date.month in (1, 2)]
    autumn = [day for day in days if day.date.month == 11]
    return draw.sample(winter, HEAVY_WINTER + (age + 1) // 2) + draw.sample(autumn, HEAVY_AUTUMN + (age > 1))


def _straw_weeks(day: date) -> bool:
    return day.month == 4 or (day.month == 10 and day.day > 17) or (day.month == 11 and day.day < 16)


def _spike(draw: Random) -> float:
    """Extra PM2.5 of a straw-burning day; two numbers are drawn in any case, so that days stay in step."""
    chance, size = draw.random(), draw.random()
    return 25 + 45 * size if chance < SPIKE_CHANCE else 0.0


def _dust(draw: Random, day: date) -> bool:
    return draw.random() < (0.05 if day.month in (3, 4, 5) else 0.0)


def _gases(draw: Random, day: _Day) -> None:
    still = math.sqrt(day.weather)
    day.values["so2"] = max(2.0, _between_months(SO2, day.date) * still * (0.8 + 0.4 * draw.random()))
    day.values["no2"] = max(3.0, _between_months(NO2, day.date) * still * (0.85 + 0.3 * draw.random()))
    day.values["co"] = max(0.15, _between_months(CO, day.date) * still * (0.85 + 0.3 * draw.random()))
    day.values["o3_8h"] = max(15.0, _between_months(O3, day.date) * (1 + 0.2 * _normal(draw)))


def _gap(draw: Random, day: _Day) -> None:
    """Now and then an item, or the whole day, is missing."""
    chance, which = draw.random(), draw.random()
    if chance < GAP_CHANCE / 3:
        day.values = dict.fromkeys(ITEMS)
    elif chance < GAP_CHANCE:
        day.values[ITEMS[int(which * len(ITEMS))]] = None


def _between_months(means: tuple[float, ...], day: date) -> float:
    """Monthly means drawn through the middle of each month."""
    at = day.month - 1 + (day.day - 15) / 30
    left = math.floor(at)
    share = at - left
    return means[left % 12] * (1 - share) + means[(left + 1) % 12] * share


def _normal(draw: Random) -> float:
    """Standard normal number from twelve uniform ones: the same on every version of Python."""
    return math.fsum(draw.random() for _ in range(12)) - 6


def _scaled(item: str, value: float | None) -> int | None:
    """Scaled integer of a value with the decimals city tables have: one, CO three."""
    if value is None:
        return None
    parts = 1000 if item == "co" else 10
    return round(value * parts) * (10**SCALE // parts)


def _refused(code: str, zh: str, en: str) -> Refusal:
    return Refusal(Finding(code, Severity.REFUSED, Text(zh, en), Place(file=AIR_FILE)))
