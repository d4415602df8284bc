"""Dates as tables write them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from lantian.store.dates import DateFault, date_of, numeric_order

DAY = date(2025, 1, 5)


@pytest.mark.parametrize(
    "cell",
    ["2025-01-05", "2025/1/5", "2025.1.5", "2025年1月5日", "2025年01月05日", "20250105", "2025-01-05 00:00:00",
     "2025-01-05T00:00:00", " 2025/1/5 0:00", "２０２５-０１-０５", "'2025-01-05", 45662, 45662.0, "45662",
     datetime(2025, 1, 5), DAY],
)  # fmt: skip
def test_year_first_and_serials(cell: object) -> None:
    assert date_of(cell, "unknown") == DAY  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "AIR-DATE-EMPTY"),
        (None, "AIR-DATE-EMPTY"),
        ("2025-02-30", "AIR-DATE-INVALID"),
        ("2025-13-01", "AIR-DATE-INVALID"),
        ("合计", "AIR-DATE-UNREADABLE"),
        ("2025", "AIR-DATE-UNREADABLE"),
        (123, "AIR-DATE-UNREADABLE"),
        ("2025-01-05 08:00", "AIR-DATE-HOUR"),
        (datetime(2025, 1, 5, 8), "AIR-DATE-HOUR"),
        ("1/5/2025", "AIR-DATE-AMBIGUOUS"),
    ],
)
def test_what_is_no_day(cell: object, code: str) -> None:
    with pytest.raises(DateFault) as caught:
        date_of(cell, "unknown")  # type: ignore[arg-type]
    assert caught.value.code == code


def test_the_table_itself_tells_the_order_of_day_and_month() -> None:
    assert numeric_order(["1/5/2025", "1/13/2025"], "year_first") == "month_first"
    assert numeric_order(["5/1/2025", "13/1/2025"], "year_first") == "day_first"
    assert numeric_order(["5/1/2025"], "year_first") == "unknown"
    assert numeric_order(["13/1/2025", "1/13/2025"], "year_first") == "unknown"
    assert numeric_order(["5/1/2025"], "day_first") == "day_first"
    assert date_of("1/5/2025", "month_first") == DAY
    assert date_of("5/1/2025", "day_first") == DAY
    assert date_of("5/5/2025", "unknown") == date(2025, 5, 5)
