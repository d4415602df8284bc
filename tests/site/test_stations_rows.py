"""A row put beside those of its station: no day is ever held twice, and days before it stay as they were."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lantian.site.ambient.station_forms import fitted
from lantian.site.ambient.station_services import station_told, told
from lantian.store.stations import Station

START = date(2025, 1, 1)
spans = st.tuples(st.integers(0, 30), st.one_of(st.none(), st.integers(0, 10)))


def row(name: str, first: int, length: int | None) -> Station:
    begin = START + timedelta(days=first)
    until = None if length is None else begin + timedelta(days=length)
    return Station("A1", name, "鸡西", None, None, "national", None, None, begin, until)


def holders(rows: list[Station], day: date) -> list[str]:
    return [one.name for one in rows if one.valid_on(day)]


@given(st.lists(spans, max_size=6))
def test_rows_never_hold_on_a_day_both_and_the_past_stays(given_spans: list[tuple[int, int | None]]) -> None:
    have: list[Station] = []
    for at, (first, length) in enumerate(given_spans):
        new = row(f"r{at}", first, length)
        rows, clash = fitted(have, new)
        if clash is not None:
            assert any(clash.valid_on(day) and new.valid_on(day) for day in _days())
            continue
        keys = {one.valid_from for one in rows}
        after = [*(one for one in have if one.valid_from not in keys), *rows]
        for day in _days():
            now = holders(after, day)
            assert len(now) <= 1
            assert (new.name in now) == new.valid_on(day)
            if day < new.valid_from:
                assert now == holders(have, day)
        have = sorted(after, key=lambda one: one.valid_from)


def _days() -> list[date]:
    return [START + timedelta(days=n) for n in range(60)]


@given(spans)
def test_a_row_goes_through_the_queue_unchanged(span: tuple[int, int | None]) -> None:
    one = row("站", *span)
    assert station_told(told(one)) == one
