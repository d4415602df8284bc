"""Writes the golden vectors: cases with their answers, from the official tables alone (``official.py``).

Usage: make_vectors.py [DIR]          default: the folder ``vectors`` beside this file
Standard library only, no clock, no chance: the same files on every machine. ``README.md`` describes them.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations, pairwise
from pathlib import Path

import official as law

Row = dict[str, str]
TEXT, READING = "text", "reading"  # whether the standard says it, or leaves room


class Draws:
    """Numbers that look drawn but are the same everywhere (a linear congruential sequence)."""

    def __init__(self, seed: int) -> None:
        self.state = seed

    def below(self, top: int) -> int:
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % top


def shown(value: Fraction | None) -> str:
    """Exact decimal text, as short as it goes."""
    if value is None:
        return ""
    for places in range(12):
        if 10**places % value.denominator == 0:
            return law.text(value, places)
    raise ValueError(f"{value} has no short decimal text")


def columns() -> Iterator[tuple[str, str, str, tuple[int, ...]]]:
    for edition in law.EDITIONS:
        for report in law.REPORTS:
            for item in law.ITEMS:
                yield edition, report, item, law.BREAKPOINTS[edition, report][item]


def ground(edition: str, report: str, values: dict[str, Fraction | None]) -> str:
    """A reading where 2012 says nothing of rounding, a gap or a short table's end, or a value lies above a whole table."""
    for item, value in values.items():
        if value is None:
            if edition == "2012":
                return READING
            continue
        printed, points = law.half_even(value, law.PLACES[item]), law.BREAKPOINTS[edition, report][item]
        above = printed > points[-1]
        if (edition == "2012" and (printed != value or above)) or (above and len(points) == len(law.IAQI)):
            return READING
    return TEXT


# ---- sub-indices


def around(item: str, point: int) -> list[Fraction]:
    """A breakpoint, its neighbours of one printed unit, the halves on both sides, and a hair beside each half."""
    unit = Fraction(1, 10 ** law.PLACES[item])
    hair, half = Fraction(1, 10_000), unit / 2
    steps = [Fraction(0), unit, -unit, 2 * unit, -2 * unit, hair, -hair]
    for side in (half, -half, half + unit, -half - unit):
        steps += [side, side + hair, side - hair]
    return [point + step for step in steps if point + step >= 0]


def between(item: str, low: int, high: int, draws: Draws) -> list[Fraction]:
    """Values between two breakpoints: evenly spread printed values, and some with more places than are printed."""
    unit = Fraction(1, 10 ** law.PLACES[item])
    count = int((high - low) / unit)
    even = [low + unit * (count * step // 24) for step in range(1, 24)]
    fine = [low + Fraction(draws.below((high - low) * 10_000), 10_000) for _ in range(6)]
    halves = [low + unit * draws.below(count) + unit / 2 for _ in range(6)]
    return even + fine + halves


def iaqi_rows() -> Iterator[Row]:
    draws = Draws(633)
    for edition, report, item, points in columns():
        values = [value for point in points for value in around(item, point)]
        for low, high in pairwise(points):
            values += between(item, low, high, draws)
        values += [points[-1] * Fraction(step, 10) for step in (11, 12, 13)]
        for value in sorted(set(values)):
            found = law.sub_index(edition, report, item, value)
            yield {
                "edition": edition,
                "report": report,
                "item": item,
                "concentration": shown(value),
                "ground": ground(edition, report, {item: value}),
                "iaqi": "" if found is None else str(found),
            }


# ---- AQI of six items


def aqi_row(edition: str, report: str, values: dict[str, Fraction | None]) -> Row:
    indices, aqi = law.index(edition, report, values)
    return {
        "edition": edition,
        "report": report,
        **{item: shown(values[item]) for item in law.ITEMS},
        "ground": ground(edition, report, values),
        **{f"iaqi_{item}": "" if indices[item] is None else str(indices[item]) for item in law.ITEMS},
        "aqi": "" if aqi is None else str(aqi),
        "primary": ",".join(law.primary(indices, aqi)),
        "category": law.category(aqi),
    }


def at_level(points: dict[str, tuple[int, ...]], item: str, level: int) -> Fraction:
    """Concentration of an item at a breakpoint; the last one where its table ends before."""
    return Fraction(points[item][min(level, len(points[item]) - 1)])


def ties(points: dict[str, tuple[int, ...]]) -> Iterator[dict[str, Fraction | None]]:
    """All six at a breakpoint, and every two or three of them there with the others lower."""
    for level in range(8):
        yield {item: at_level(points, item, level) for item in law.ITEMS}
        low = {item: at_level(points, item, max(0, level - 1)) for item in law.ITEMS}
        for size in (1, 2, 3):
            for some in combinations(law.ITEMS, size):
                if level:
                    yield low | {item: at_level(points, item, level) for item in some}


def edges(points: dict[str, tuple[int, ...]]) -> Iterator[dict[str, Fraction | None]]:
    """One item just below, at and above each breakpoint, by printed units and by halves; the others clean."""
    clean = {item: Fraction(points[item][1], 10) for item in law.ITEMS}
    for item in law.ITEMS:
        unit = Fraction(1, 10 ** law.PLACES[item])
        for point in points[item][1:]:
            for step in (-unit, Fraction(0), unit / 2, unit):
                yield clean | {item: point + step}
        yield clean | {item: Fraction(points[item][-1] * 2)}


def gaps(points: dict[str, tuple[int, ...]]) -> Iterator[dict[str, Fraction | None]]:
    """Every set of missing items, the others at 50, at 100 and just above."""
    for size in range(1, 7):
        for absent in combinations(law.ITEMS, size):
            for level, more in ((1, 0), (2, 0), (2, 1)):
                values = {item: at_level(points, item, level) + more for item in law.ITEMS}
                yield {item: None if item in absent else value for item, value in values.items()}


def beyond(points: dict[str, tuple[int, ...]]) -> Iterator[dict[str, Fraction | None]]:
    """A value beyond the end of a short table, the others at each level, with and without a gap."""
    for item in law.ITEMS:
        if len(points[item]) == len(law.IAQI):
            continue
        for level in range(8):
            others = {other: at_level(points, other, level) for other in law.ITEMS}
            for excess in (Fraction(1, 2), Fraction(6, 10), Fraction(1), Fraction(400)):
                yield others | {item: points[item][-1] + excess}
            yield others | {item: points[item][-1] + Fraction(1), "co": None}


def drawn(points: dict[str, tuple[int, ...]], seed: int) -> Iterator[dict[str, Fraction | None]]:
    """Values all over the tables: printed ones, and ones with more places; sometimes one is missing."""
    draws = Draws(seed)
    for number in range(400):
        reach = 2 + draws.below(6)
        values: dict[str, Fraction | None] = {}
        for item in law.ITEMS:
            top = points[item][min(reach, len(points[item]) - 1)]
            scale = 10 ** law.PLACES[item] if number % 2 else 100
            values[item] = Fraction(draws.below(top * scale + 1), scale)
        if number % 5 == 0:
            values[law.ITEMS[draws.below(6)]] = None
        yield values


def aqi_rows() -> Iterator[Row]:
    for edition in law.EDITIONS:
        for report in law.REPORTS:
            points = law.BREAKPOINTS[edition, report]
            seed = int(edition) + len(report)
            for cases in (ties(points), edges(points), gaps(points), beyond(points), drawn(points, seed)):
                for values in cases:
                    yield aqi_row(edition, report, values)


# ---- rounding, limits


def rounding_rows() -> Iterator[Row]:
    draws = Draws(8170)
    for places in (0, 1, 2):
        unit = Fraction(1, 10**places)
        values = []
        for whole in range(12):
            half = whole * unit + unit / 2
            values += [whole * unit, half, half - unit / 1000, half + unit / 1000, half + Fraction(1, 10**9)]
        values += [Fraction(draws.below(10**9), 10**5) for _ in range(60)]
        values += [draws.below(10**4) * unit + unit / 2 for _ in range(60)]
        for value in values:
            yield {"value": shown(value), "places": str(places), "ground": TEXT, "rounded": law.text(value, places)}


DAYS = ("2016-01-01", "2020-06-15", "2026-02-28", "2026-03-01", "2030-12-31", "2031-01-01", "2035-07-01")


def limit_rows() -> Iterator[Row]:
    for day in DAYS:
        for item in law.ITEMS:
            for averaging in law.LIMITS[0][1][item]:
                for zone in (1, 2):
                    bound = law.limit(day, item, averaging, zone)
                    unit = Fraction(1, 10 ** law.PLACES[item])
                    for step in (-unit, 0, unit / 4, unit / 2, unit * 3 / 4, unit):
                        value = bound + Fraction(step)
                        printed = law.half_even(value, law.PLACES[item])
                        yield {
                            "date": day,
                            "item": item,
                            "averaging": averaging,
                            "class": str(zone),
                            "value": shown(value),
                            "ground": TEXT if printed == value else READING,
                            "limit": str(bound),
                            "attains": "yes" if printed <= bound else "no",
                        }


# ---- statistics


def percentile_rows() -> Iterator[Row]:
    draws = Draws(663)
    sizes = (1, 2, 3, 4, 5, 7, 10, 11, 20, 21, 26, 27, 28, 41, 51)
    for size in sizes:
        for percent in (90, 95, 98, 50):
            for kind in range(5):
                scale = (1, 1, 10, 10_000, 1)[kind]
                values = [Fraction(draws.below((200, 3, 50, 300, 1)[kind] * scale + 1), scale) for _ in range(size)]
                for places in (0, 1, 2) if kind == 3 else (kind % 3,):
                    yield {
                        "values": " ".join(shown(value) for value in values),
                        "percent": str(percent),
                        "places": str(places),
                        "ground": TEXT,
                        "percentile": law.text(law.percentile(values, percent), places),
                    }


def runs(values: list[Fraction | None]) -> str:
    """Values day by day, equal neighbours together: ``12.5*31 -*2``; a dash is a day without a valid value."""
    parts: list[list[str | int]] = []
    for value in values:
        one = "-" if value is None else shown(value)
        if parts and parts[-1][0] == one:
            parts[-1][1] = int(parts[-1][1]) + 1
        else:
            parts.append([one, 1])
    return " ".join(f"{one}*{count}" for one, count in parts)


def year_row(year: int, item: str, values: list[Fraction | None]) -> Row:
    first = date(year, 1, 1)
    valid = [(first + timedelta(days=at), value) for at, value in enumerate(values) if value is not None]
    months = [sum(day.month == month for day, _ in valid) for month in range(1, 13)]
    enough = len(valid) >= law.YEAR_DAYS
    whole = enough and all(
        count >= (law.FEBRUARY_DAYS if month == 2 else law.MONTH_DAYS) for month, count in enumerate(months, start=1)
    )
    plain = [value for _, value in valid]
    mean = sum(plain, Fraction(0)) / len(plain) if whole and item in law.MEANS else None
    share = law.percentile(plain, law.PERCENTILES[item]) if enough else None
    return {
        "year": str(year),
        "item": item,
        "days": runs(values),
        "ground": READING,
        "valid_days": str(len(valid)),
        "mean": law.text(mean, law.PLACES[item]),
        "percentile": law.text(share, law.PLACES[item]),
    }


def year_rows() -> Iterator[Row]:
    draws = Draws(2013)
    for year in (2015, 2016):
        length = (date(year + 1, 1, 1) - date(year, 1, 1)).days
        for item in law.ITEMS:
            scale = 10 if item == "co" else 1
            for gap in ((), (0, 4), (0, 5), (31, 3), (31, 4), (31, 5), (100, 41), (100, 42), (100, 43)):
                level = [Fraction(draws.below(60) + 10, scale) for _ in range(13)]
                values: list[Fraction | None] = [level[at // 30] for at in range(length)]
                if gap:
                    values[gap[0] : gap[0] + gap[1]] = [None] * gap[1]
                yield year_row(year, item, values)
            for limit_days in (323, 324):  # spread over the year, no month below its minimum but the last ones
                gaps = length - limit_days
                values = [Fraction(7, 2 * scale) if at % 2 else Fraction(9, 2 * scale) for at in range(length)]
                for number in range(gaps):
                    values[number * length // gaps] = None
                yield year_row(year, item, values)
            half = [Fraction(2 * 17 + 1, 2 * scale)] * length  # a mean that is exactly a half
            yield year_row(year, item, [*half])


def day_rows() -> Iterator[Row]:
    draws = Draws(100)
    fixed = [["100", "101", "200", "201"], ["-"], ["50"], ["-", "201"], ["300", "301", "500"], ["0"] * 7 + ["101"]]
    cases = fixed + [[str(20 + draws.below(260)) for _ in range(3 + draws.below(60))] for _ in range(60)]
    for case in cases:
        known = [int(one) for one in case if one != "-"]
        good = sum(one <= 100 for one in known)
        ratio = Fraction(100 * good, len(known)) if known else None
        yield {
            "aqi": " ".join(case),
            "ground": TEXT,
            "valid_days": str(len(known)),
            "good_days": str(good),
            "heavy_days": str(sum(one > 200 for one in known)),
            "good_ratio": law.text(ratio, 1),
        }


def composite_rows() -> Iterator[Row]:
    draws = Draws(19)
    for number in range(150):
        scale = (1, 10, 100)[number % 3]
        values = {item: Fraction(draws.below(law.INDEX_LIMITS[item] * 2 * scale), scale) for item in law.ITEMS}
        if number % 10 == 9:
            values = {item: Fraction(bound) for item, bound in law.INDEX_LIMITS.items()}
        gap = law.ITEMS[draws.below(6)] if number % 25 == 24 else None
        total = sum((value / law.INDEX_LIMITS[item] for item, value in values.items()), Fraction(0))
        yield {
            **{item: "" if item == gap else shown(values[item]) for item in law.ITEMS},
            "ground": READING,
            "composite_index": "" if gap else law.text(total, 2),
        }


KINDS = {
    "iaqi": iaqi_rows,
    "aqi": aqi_rows,
    "rounding": rounding_rows,
    "limits": limit_rows,
    "percentile": percentile_rows,
    "year": year_rows,
    "days": day_rows,
    "composite": composite_rows,
}


def write(folder: Path) -> dict[str, int]:
    """Writes every file whole; number of cases by kind."""
    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    for kind, rows in KINDS.items():
        distinct = list({tuple(row.items()): row for row in rows()}.values())
        with (folder / f"{kind}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, ["id", *distinct[0]], lineterminator="\n")
            writer.writeheader()
            writer.writerows({"id": f"{kind}-{at:05d}", **row} for at, row in enumerate(distinct, start=1))
        counts[kind] = len(distinct)
    return counts


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "vectors"
    counts = write(folder)
    print(", ".join(f"{kind} {count}" for kind, count in counts.items()), "- together", sum(counts.values()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
