"""The official tables of China's ambient air standards typed out, and their rules in exact fractions.

Standard library only, and nothing of any program under test: what it says can be wrong only by itself. Concentrations
in µg/m³, CO in mg/m³. Editions are named by their year.
"""

from __future__ import annotations

from fractions import Fraction

EDITIONS = ("2012", "2026")  # of HJ 633
REPORTS = ("hourly", "daily")
ITEMS = ("so2", "no2", "co", "o3", "pm10", "pm25")  # o3: the hour in hourly, the maximum 8-h mean in daily
NAMES = {"so2": "SO2", "no2": "NO2", "co": "CO", "o3": "O3", "pm10": "PM10", "pm25": "PM2.5"}
PLACES = {"so2": 0, "no2": 0, "co": 1, "o3": 0, "pm10": 0, "pm25": 0}

IAQI = (0, 50, 100, 150, 200, 300, 400, 500)

# HJ 633-2012, table 1. Particles have 24-h columns only; the real-time report uses them for the hour (published practice).
_DAILY_2012 = {
    "so2": (0, 50, 150, 475, 800, 1600, 2100, 2620),
    "no2": (0, 40, 80, 180, 280, 565, 750, 940),
    "co": (0, 2, 4, 14, 24, 36, 48, 60),
    "o3": (0, 100, 160, 215, 265, 800),
    "pm10": (0, 50, 150, 250, 350, 420, 500, 600),
    "pm25": (0, 35, 75, 115, 150, 250, 350, 500),
}
_HOURLY_2012 = {
    "so2": (0, 150, 500, 650, 800),
    "no2": (0, 100, 200, 700, 1200, 2340, 3090, 3840),
    "co": (0, 5, 10, 35, 60, 90, 120, 150),
    "o3": (0, 160, 200, 300, 400, 800, 1000, 1200),
    "pm10": (0, 50, 150, 250, 350, 420, 500, 600),
    "pm25": (0, 35, 75, 115, 150, 250, 350, 500),
}
# HJ 633-2026, table 1.
_DAILY_2026 = {
    "so2": (0, 50, 150, 475, 800, 1600, 2100, 2620),
    "no2": (0, 40, 80, 180, 280, 565, 750, 940),
    "co": (0, 2, 4, 14, 24, 36, 48, 60),
    "o3": (0, 100, 160, 215, 265, 800),
    "pm10": (0, 50, 120, 250, 350, 420, 500, 600),
    "pm25": (0, 35, 60, 115, 150, 250, 350, 500),
}
_HOURLY_2026 = {
    "so2": (0, 150, 500, 650, 800),
    "no2": (0, 100, 200, 700, 1200, 2340, 3090, 3840),
    "co": (0, 5, 10, 35, 60, 90, 120, 150),
    "o3": (0, 160, 200, 300, 400, 800, 1000, 1200),
    "pm10": (0, 50, 120, 250, 350, 420, 500, 600),
    "pm25": (0, 35, 60, 115, 150, 250, 350, 500),
}
BREAKPOINTS = {
    ("2012", "daily"): _DAILY_2012,
    ("2012", "hourly"): _HOURLY_2012,
    ("2026", "daily"): _DAILY_2026,
    ("2026", "hourly"): _HOURLY_2026,
}

# HJ 633, table 2.
CATEGORIES = ((50, "优"), (100, "良"), (150, "轻度污染"), (200, "中度污染"), (300, "重度污染"), (500, "严重污染"))

# GB 3095: first day, then item -> averaging -> (class 1, class 2). day of o3: the maximum 8-h mean.
_LIMITS_2012 = {
    "so2": {"year": (20, 60), "day": (50, 150), "hour": (150, 500)},
    "no2": {"year": (40, 40), "day": (80, 80), "hour": (200, 200)},
    "co": {"day": (4, 4), "hour": (10, 10)},
    "o3": {"day": (100, 160), "hour": (160, 200)},
    "pm10": {"year": (40, 70), "day": (50, 150)},
    "pm25": {"year": (15, 35), "day": (35, 75)},
}
_LIMITS_2026 = {
    "so2": {"year": (20, 60), "day": (50, 150), "hour": (150, 500)},
    "no2": {"year": (40, 40), "day": (80, 80), "hour": (200, 200)},
    "co": {"day": (4, 4), "hour": (10, 10)},
    "o3": {"day": (100, 160), "hour": (160, 200)},
    "pm10": {"year": (40, 60), "day": (50, 120)},
    "pm25": {"year": (15, 30), "day": (35, 60)},
}
_LIMITS_2031 = {
    "so2": {"year": (20, 20), "day": (50, 50), "hour": (150, 150)},
    "no2": {"year": (30, 30), "day": (50, 50), "hour": (200, 200)},
    "co": {"day": (4, 4), "hour": (10, 10)},
    "o3": {"day": (100, 160), "hour": (160, 200)},
    "pm10": {"year": (20, 50), "day": (50, 100)},
    "pm25": {"year": (10, 25), "day": (25, 50)},
}
LIMITS = (("2016-01-01", _LIMITS_2012), ("2026-03-01", _LIMITS_2026), ("2031-01-01", _LIMITS_2031))

# HJ 663-2013: percentile of the daily values; the items that have an annual mean.
PERCENTILES = {"so2": 98, "no2": 98, "co": 95, "o3": 90, "pm10": 95, "pm25": 95}
MEANS = ("so2", "no2", "pm10", "pm25")
YEAR_DAYS, MONTH_DAYS, FEBRUARY_DAYS = 324, 27, 25
INDEX_LIMITS = {"so2": 60, "no2": 40, "pm10": 70, "pm25": 35, "co": 4, "o3": 160}  # 环办监测〔2018〕19号


def half_even(value: Fraction, places: int) -> Fraction:
    """Value rounded to places, a half to the even neighbour (GB/T 8170)."""
    low, rest = divmod(value.numerator * 10**places, value.denominator)
    if 2 * rest > value.denominator or (2 * rest == value.denominator and low % 2 == 1):
        low += 1
    return Fraction(low, 10**places)


def text(value: Fraction | None, places: int) -> str:
    """Rounded value written with its places; empty for none."""
    if value is None:
        return ""
    digits = str(abs((half_even(value, places) * 10**places).numerator)).rjust(places + 1, "0")
    sign = "-" if value < 0 and int(digits) else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def sub_index(edition: str, report: str, item: str, value: Fraction) -> int | None:
    """IAQI of a concentration: rounded, linear between breakpoints, rounded up; None where the edition has none."""
    concentration = half_even(value, PLACES[item])
    points = BREAKPOINTS[edition, report][item]
    if concentration > points[-1]:
        if len(points) == len(IAQI):
            return 500
        if edition == "2012":
            return None  # SO2 1 h: that of the 24-h mean; O3 8 h: that of the hour
        return IAQI[len(points) - 1]
    for low, high, at_low, at_high in zip(points, points[1:], IAQI, IAQI[1:], strict=False):
        if low <= concentration <= high:
            line = at_low + Fraction(at_high - at_low) * (concentration - low) / (high - low)
            return -((-line.numerator) // line.denominator)
    raise ValueError(f"{concentration} lies below the table")


def index(edition: str, report: str, values: dict[str, Fraction | None]) -> tuple[dict[str, int | None], int | None]:
    """Sub-indices and AQI. 2026: with an item missing only above 100. 2012: from the others; but where a value is there
    whose sub-index the edition does not give, only above 100 (a reading: the clause points to another value)."""
    indices = {
        item: None if value is None else sub_index(edition, report, item, value) for item, value in values.items()
    }
    known = [one for one in indices.values() if one is not None]
    if not known:
        return indices, None
    missing = any(value is None for value in values.values())
    beyond = any(values[item] is not None and indices[item] is None for item in values)
    if max(known) <= 100 and (beyond or (missing and edition == "2026")):
        return indices, None
    return indices, max(known)


def primary(indices: dict[str, int | None], aqi: int | None) -> list[str]:
    """Names of the primary pollutants: above 50, all that reach the AQI."""
    if aqi is None or aqi <= 50:
        return []
    return [NAMES[item] for item in ITEMS if indices[item] == aqi]


def category(aqi: int | None) -> str:
    """Name of the category."""
    return "" if aqi is None else next(name for last, name in CATEGORIES if aqi <= last)


def limit(day: str, item: str, averaging: str, zone: int) -> int:
    """Limit that holds on a day (ISO text) in a class 1 or 2 zone."""
    held = [limits for first, limits in LIMITS if first <= day]
    return held[-1][item][averaging][zone - 1]


def percentile(values: list[Fraction], percent: int) -> Fraction:
    """HJ 663-2013, annex A: k = 1 + (n - 1) p / 100, linear between neighbours."""
    ordered = sorted(values)
    k = 1 + Fraction((len(ordered) - 1) * percent, 100)
    s = k.numerator // k.denominator
    if s >= len(ordered):
        return ordered[-1]
    return ordered[s - 1] + (ordered[s] - ordered[s - 1]) * (k - s)
