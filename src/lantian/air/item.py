"""The six items of a city day, in the order HJ 633 lists them, and the scale their integers have."""

from __future__ import annotations

from typing import Final

ITEMS = ("so2", "no2", "co", "o3_8h", "pm10", "pm25")
HOUR_ITEMS = ("so2", "no2", "co", "o3", "pm10", "pm25")  # of a station hour: O3 is the mean of that hour
PRINTED = {"so2": "SO2", "no2": "NO2", "co": "CO", "o3_8h": "O3", "pm10": "PM10", "pm25": "PM2.5"}
UNITS = {item: "mg/m3" if item == "co" else "ug/m3" for item in ITEMS}
SCALE: Final = 4  # a concentration is held as the integer value * 10**SCALE (exact.md: at most four places come in)
