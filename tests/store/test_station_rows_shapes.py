"""Properties of station tables: one content in any shape, order or number of pieces is one table."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from lantian.basis.exact import half_even, text_of
from lantian.store.cells import pasted
from lantian.store.station_layout import station_layouts
from lantian.store.station_rows import read_station_rows

WRITTEN = {"so2": "SO2", "co": "CO", "o3": "O3", "pm25": "PM2.5"}
START = datetime(2025, 3, 1)
LAYOUTS = station_layouts()

values = st.one_of(st.none(), st.integers(-20, 3_000_000).map(lambda number: text_of(number, 4)))
hours = st.dictionaries(
    st.tuples(st.sampled_from(["9001A", "9002A", "9003A"]), st.integers(0, 30)),
    st.fixed_dictionaries(dict.fromkeys(WRITTEN, values)),
    min_size=1,
    max_size=25,
)
Hours = dict[tuple[str, int], dict[str, str | None]]


def table(lines: list[str]) -> pl.DataFrame:
    found = read_station_rows(pasted("\n".join(lines)), LAYOUTS, first=date(2012, 1, 1))
    assert found is not None
    return found.table.drop("row")


def stamp(hour: int) -> str:
    return f"{START + timedelta(hours=hour):%Y-%m-%d %H:%M}"


def long_lines(data: Hours) -> list[str]:
    head = ",".join(["station", "time", *WRITTEN.values()])
    return [
        head,
        *(",".join([own, stamp(hour), *(row[item] or "" for item in WRITTEN)]) for (own, hour), row in data.items()),
    ]


def by_item_lines(data: Hours) -> list[str]:
    rows = [
        f"{own},{stamp(hour)},{WRITTEN[item]},{value or '—'}"
        for (own, hour), row in data.items()
        for item, value in row.items()
    ]
    return ["station,time,item,value", *rows]


def wide_lines(data: Hours) -> list[str]:
    stations = sorted({own for own, _ in data})
    lines = [",".join(["date", "hour", "type", *stations])]
    for hour in sorted({hour for _, hour in data}):
        time = START + timedelta(hours=hour)
        for item, name in WRITTEN.items():
            cells = [data.get((own, hour), {}).get(item) or "" for own in stations]
            lines.append(",".join([f"{time:%Y%m%d}", str(time.hour), name, *cells]))
    return lines


@settings(max_examples=20, deadline=None)
@given(hours)
def test_one_content_in_three_shapes_is_one_table(data: Hours) -> None:
    stations, stamps = {own for own, _ in data}, {hour for _, hour in data}
    full = {(own, hour): data.get((own, hour), dict.fromkeys(WRITTEN)) for own in stations for hour in stamps}
    expected = table(long_lines(full))
    assert table(by_item_lines(full)).equals(expected)
    assert table(wide_lines(data)).equals(expected)
    for own, time, so2 in expected.select("station", "time", "so2").iter_rows():
        written = full[own, int((time - START).total_seconds()) // 3600]["so2"]
        exact = None if written is None or Fraction(written) < 0 else int(Fraction(written) * 10_000)
        assert so2 == exact


@settings(max_examples=20, deadline=None)
@given(hours, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_does_not_matter(data: Hours, chance) -> None:  # type: ignore[no-untyped-def]
    lines = long_lines(data)
    mixed = lines[1:]
    chance.shuffle(mixed)
    expected = table(lines)
    assert table([lines[0], *mixed]).equals(expected)
    order = list(range(2 + len(WRITTEN)))
    chance.shuffle(order)
    turned = [",".join(line.split(",")[at] for at in order) for line in lines]
    assert table(turned).equals(expected)


@settings(max_examples=20, deadline=None)
@given(hours, st.integers(0, 25))
def test_pieces_of_a_table_together_are_the_table(data: Hours, at: int) -> None:
    lines = long_lines(data)
    cut = min(at, len(lines) - 1)
    pieces = [table([lines[0], *part]) for part in (lines[1 : 1 + cut], lines[1 + cut :]) if part]
    assert pl.concat(pieces).sort("station", "time").equals(table(lines))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 99_999, allow_nan=False), min_size=1, max_size=60))
def test_floats_go_by_their_shortest_text(tmp_path_factory, floats: list[float]) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path_factory.mktemp("floats") / "hours.parquet"
    near = [round(one, 5) for one in floats] + [round(one, 4) for one in floats]
    every = [*floats, *near]
    times = [START + timedelta(hours=hour) for hour in range(len(every))]
    pl.DataFrame({"station": ["9001A"] * len(every), "time": times, "pm10": every}).write_parquet(file)
    found = read_station_rows(file, LAYOUTS, first=date(2012, 1, 1))
    assert found is not None
    texts = [Fraction(repr(one)) for one in every]
    assert found.table["pm10"].to_list() == [half_even(one.numerator * 10_000, one.denominator) for one in texts]
