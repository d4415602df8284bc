"""The national statistics of station hours written down once more, slowly, in fractions: shares no code with air/.

Values are Fractions in the item's unit (µg/m³, CO mg/m³), None where missing. A station's day is a list of 24.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

Value = Fraction | None
HALF = Fraction(1, 2)


def station_mean(hours: list[Value]) -> Value:
    there = [one for one in hours if one is not None]
    return sum(there, Fraction(0)) / len(there) if len(there) >= 20 else None


def station_o3(hours: list[Value]) -> Value:
    means = []
    for end in range(8, 25):
        window = [one for one in hours[end - 8 : end] if one is not None]
        if len(window) >= 6:
            means.append(sum(window, Fraction(0)) / len(window))
    if not means or (len(means) < 14 and max(means) <= 160):
        return None
    return max(means)


def city_value(stations: list[Value], count: int) -> Value:
    there = [one for one in stations if one is not None]
    return sum(there, Fraction(0)) / len(there) if there and 4 * len(there) >= 3 * count else None


def half_even(value: Fraction, places: int) -> Fraction:
    scaled = value * 10**places
    low = floor(scaled)
    rest = scaled - low
    if rest > HALF or (rest == HALF and low % 2 == 1):
        low += 1
    return Fraction(low, 10**places)


def percentile(values: list[Fraction], percent: int) -> Fraction:
    ordered = sorted(values)
    place = Fraction((len(ordered) - 1) * percent, 100)
    low = floor(place)
    above = ordered[min(low + 1, len(ordered) - 1)]
    return ordered[low] + (above - ordered[low]) * (place - low)


IAQI = (0, 50, 100, 150, 200, 300, 400, 500)
TABLE = {
    "so2": (0, 50, 150, 475, 800, 1600, 2100, 2620),
    "no2": (0, 40, 80, 180, 280, 565, 750, 940),
    "co": (0, 2, 4, 14, 24, 36, 48, 60),
    "o3_8h": (0, 100, 160, 215, 265, 800),
    "pm10": (0, 50, 150, 250, 350, 420, 500, 600),
    "pm25": (0, 35, 75, 115, 150, 250, 350, 500),
}
ITEMS = tuple(TABLE)
NAMES = {"so2": "SO2", "no2": "NO2", "co": "CO", "o3_8h": "O3", "pm10": "PM10", "pm25": "PM2.5"}


def iaqi(item: str, printed: Fraction, new: bool) -> int | None:
    table = list(TABLE[item])
    if new and item == "pm10":
        table[2] = 120
    if new and item == "pm25":
        table[2] = 60
    if printed > table[-1]:
        return (300 if new else None) if item == "o3_8h" else 500
    for at in range(1, len(table)):
        if printed <= table[at]:
            share = Fraction(printed - table[at - 1], table[at] - table[at - 1])
            return ceil(IAQI[at - 1] + share * (IAQI[at] - IAQI[at - 1]))
    raise AssertionError(printed)


def aqi(day: dict[str, Value], new: bool) -> tuple[int | None, str]:
    """AQI and primary pollutants of an unrounded city day."""
    parts = {
        item: None if value is None else iaqi(item, half_even(value, 1 if item == "co" else 0), new)
        for item, value in day.items()
    }
    there = [one for one in parts.values() if one is not None]
    if not there or (len(there) < 6 and max(there) <= 100):
        return None, ""
    top = max(there)
    return top, ",".join(NAMES[item] for item in ITEMS if parts[item] == top) if top > 50 else ""


def text(value: Value, places: int) -> str:
    if value is None:
        return ""
    number = half_even(value, places) * 10**places
    digits = str(int(number)).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits
