"""The calendar of a year: cells by date and edition, counts by category, blanks told apart."""

from __future__ import annotations

from datetime import date

from lantian.air.item import ITEMS
from lantian.store.air import CityDay
from lantian.work.air_calendar import BLANK, NO_INDEX, calendar_year


def day(when: date, aqi: int | None, *, absent: tuple[str, ...] = (), simulated: bool = False) -> CityDay:
    values = {item: None if item in absent else 10_0000 for item in ITEMS}
    edition = "HJ 633-2012" if when < date(2026, 3, 1) else "HJ 633-2026"
    none = dict.fromkeys(ITEMS)
    return CityDay("鸡西", None, when, values, none, none, aqi, (), None, edition, simulated)


def test_days_are_counted_by_category_and_blanks_told_apart() -> None:
    rows = [
        day(date(2026, 1, 1), 50),
        day(date(2026, 1, 2), 51),
        day(date(2026, 1, 3), 301),
        day(date(2026, 1, 4), None, absent=("co",)),
        day(date(2026, 1, 5), None, absent=ITEMS),
        day(date(2026, 3, 1), 100),
    ]
    found = calendar_year("鸡西", 2026, date(2026, 3, 2), rows)
    assert len(found.cells) == 31 + 28 + 2
    assert {one.name: one.days for one in found.categories} == {
        "优": 1, "良": 2, "轻度污染": 0, "中度污染": 0, "重度污染": 0, "严重污染": 1,
    }  # fmt: skip
    assert (found.valid, found.without, found.blank) == (4, 1, 61 - 5)
    assert (found.good, found.ratio) == (3, "75.0")
    assert [cell.told for cell in found.cells[3:6]] == [NO_INDEX, BLANK, BLANK]
    assert found.cells[2].colour == "#7e0023"
    assert found.editions == ("HJ 633-2012", "HJ 633-2026")
    assert [number for number, _ in found.months] == [1, 2, 3]


def test_good_days_are_not_counted_where_an_item_is_missing_throughout() -> None:
    rows = [day(date(2025, 1, number), 120 if number == 1 else None, absent=("o3_8h",)) for number in (1, 2, 3)]
    found = calendar_year("鸡西", 2025, date(2025, 1, 31), rows)
    assert (found.good, found.ratio, found.absent) == (None, None, ("O3",))


def test_a_year_without_days_is_blank_and_claims_nothing() -> None:
    found = calendar_year("鸡西", 2025, date(2025, 12, 31), [])
    assert (found.valid, found.blank, found.good, found.absent, found.editions) == (0, 365, None, (), ())
    assert all(one.share is None for one in found.categories)
