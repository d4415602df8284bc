"""Concentration by wind: against a plain second implementation, edges of sectors, calm, Beijing's stations."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lantian.air.wind import CALM, SECTORS, WindRule, class_edges, polar, rose, sector_of
from lantian.store.station_values import COMPASS

RULE = WindRule(calm_to=2_000, strengths=(16_000, 34_000, 55_000, 80_000), least_hours=3)


def hours(rows: list[tuple[int | None, int | None, int | None]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(("wind_direction", "wind_speed", "pm25"), pl.Int32), orient="row")


@pytest.mark.parametrize(
    ("degrees", "name"),
    [("0", "N"), ("11.25", "N"), ("11.26", "NNE"), ("33.75", "NNE"), ("33.76", "NE"), ("90", "E"), ("180", "S"),
     ("270", "W"), ("348.75", "NNW"), ("348.76", "N"), ("360", "N")],
)  # fmt: skip
def test_the_sixteen_sectors_are_centred_on_north(degrees: str, name: str) -> None:
    scaled = int(Fraction(degrees) * 10**4)
    number = pl.select(sector_of(pl.lit(scaled))).item()
    assert SECTORS[number] == name


def test_calm_hours_stand_apart_and_unused_ones_are_counted() -> None:
    table = hours(
        [(900_000, 2_000, 100_000), (None, 0, 200_000), (900_000, 2_001, 300_000), (None, 30_000, 1), (0, None, 1),
         (900_000, 30_000, None), (3_600_001, 30_000, 1)]
    )  # fmt: skip
    found = polar(table, "pm25", RULE)
    assert (found.calm.sector, found.calm.hours, found.calm.total) == (CALM, 2, 300_000)
    assert [(cell.sector, cell.hours) for cell in found.cells if cell.hours] == [("E", 1)]
    assert (found.hours, found.unused) == (3, 4)
    assert found.calm.mean is None  # two hours where three are asked for


def test_a_class_ends_at_its_edge() -> None:
    table = hours([(0, 30_000, 350_000), (0, 30_000, 350_001), (0, 1_000, 750_001), (0, 30_000, 0)])
    found = rose(table, "pm25", (350_000, 750_000), RULE)
    assert found.counts["N"] == (2, 1, 0)
    assert found.calm == (0, 0, 1)


def test_edges_that_do_not_ascend_are_refused() -> None:
    with pytest.raises(ValueError, match="ascend"):
        rose(hours([]), "pm25", (350_000, 350_000), RULE)
    with pytest.raises(ValueError, match="ascend"):
        WindRule(calm_to=2_000, strengths=(2_000,), least_hours=1)


def plainly(rows: list[tuple[int | None, int | None, int | None]]) -> dict[tuple[str, int], list[int]]:
    """The second implementation: one row after the other, degrees as fractions."""
    found = defaultdict(list)
    for direction, speed, value in rows:
        if speed is None or value is None or speed < 0:
            continue
        if speed <= 2_000:
            found[CALM, 0].append(value)
        elif direction is not None and 0 <= direction <= 3_600_000:
            turn = Fraction(direction, 10**4) % 360
            name = next(
                (one for at, one in enumerate(SECTORS) if abs(turn - Fraction(45 * at, 2)) < Fraction(45, 4)
                 or turn == Fraction(45 * at, 2) + Fraction(45, 4)), "N")  # fmt: skip
            strength = next((4 - at for at, edge in enumerate((80_000, 55_000, 34_000, 16_000)) if speed >= edge), 0)
            found[name, strength].append(value)
    return found


number = st.one_of(st.none(), st.integers(0, 2_000_000))
direction = st.one_of(
    st.none(), st.sampled_from([0, 112_500, 112_501, 3_487_500, 3_600_000]), st.integers(0, 3_600_000)
)
speed = st.one_of(st.none(), st.sampled_from([0, 2_000, 2_001, 16_000, 80_000]), st.integers(0, 300_000))


@given(
    st.lists(st.tuples(direction, speed, number), max_size=60),
    st.sets(st.integers(0, 2_000_000), min_size=1, max_size=5),
)
def test_both_equal_the_plain_way(rows, edges) -> None:  # type: ignore[no-untyped-def]
    plain, levels = plainly(rows), tuple(sorted(edges))
    found = polar(hours(rows), "pm25", RULE)
    for cell in (*found.cells, found.calm):
        values = plain.get((cell.sector, cell.strength), [])
        assert (cell.hours, cell.total) == (len(values), sum(values))
        assert cell.mean == (Fraction(sum(values), 10**4 * len(values)) if len(values) >= 3 else None)
    by_class = rose(hours(rows), "pm25", levels, RULE)
    assert by_class.hours == found.hours == sum(map(len, plain.values()))
    assert by_class.unused == found.unused == len(rows) - found.hours
    for name, counts in (*by_class.counts.items(), (CALM, by_class.calm)):
        values = [value for (sector, _), own in plain.items() if sector == name for value in own]
        assert counts == tuple(
            sum(low < value <= high for value in values)
            for low, high in zip((-1, *levels), (*levels, 10**9), strict=True)
        )


def test_edges_of_classes_are_percentiles_on_whole_steps() -> None:
    table = hours([(0, 0, value * 10_000) for value in range(1, 102)])
    assert class_edges(table, "pm25", (25, 50, 75, 90), 50_000) == (250_000, 500_000, 750_000, 900_000)
    assert class_edges(table.clear(), "pm25", (25, 50), 10_000) == ()


def test_beijings_stations_give_the_same_both_ways(shared: Path) -> None:
    file = shared / "data/ambient/beijing12_hourly_201303_201602.parquet"
    table = pl.read_parquet(file, columns=["station", "wd", "wspd_ms", "pm25"]).filter(
        pl.col("station") == "Aotizhongxin"
    )
    scaled = table.select(
        wind_direction=pl.col("wd").replace_strict(COMPASS, default=None, return_dtype=pl.Int64),
        wind_speed=(pl.col("wspd_ms").cast(pl.Float64) * 10**4).round().cast(pl.Int64),
        pm25=(pl.col("pm25").cast(pl.Float64) * 10**4).round().cast(pl.Int64),
    )
    assert scaled.height == 26304
    rows = scaled.rows()
    plain, found = plainly(rows), polar(scaled, "pm25", RULE)
    assert found.hours == sum(map(len, plain.values()))
    assert found.hours > 20_000
    for cell in (*found.cells, found.calm):
        assert (cell.hours, cell.total) == (
            len(plain.get((cell.sector, cell.strength), [])),
            sum(plain.get((cell.sector, cell.strength), [])),
        )
    # known of Beijing: clean air comes from the north-west, dirty air from the south-east
    by_name = {name: [v for (s, _), own in plain.items() if s == name for v in own] for name in ("NW", "SE")}
    assert sum(by_name["NW"]) / len(by_name["NW"]) < sum(by_name["SE"]) / len(by_name["SE"])
