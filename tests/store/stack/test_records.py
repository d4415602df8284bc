"""Records are what frames say, the newest content of each, wherever it lies; moving and merging change none of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stack_frames import MN, RECEIVED, frame, keep, waiting

from lantian.stack.hj212 import Device
from lantian.stack.hj212.sealed import sealed
from lantian.stack.hj212.sm4 import decrypting, encrypting
from lantian.store.stack import compact, lake, stack_file
from lantian.store.stack.outlets import Outlet, publish
from lantian.store.stack.record_rows import StoredFrame, rows_of
from lantian.store.stack.records import by_field, known_mns, records, scaled

FIRST, UNTIL = datetime(2026, 11, 1), datetime(2026, 12, 1)
NOW = datetime(2026, 11, 3, tzinfo=UTC)


def plain(data: Path, **asked: object) -> list[tuple[str, datetime, str, str | None, str | None]]:
    found = records(data, FIRST, UNTIL, **asked)  # type: ignore[arg-type]
    return list(found.select("mn", "start", "code", "avg", "flag").iter_rows())


def test_a_row_for_each_factor_with_its_fields_and_what_has_no_column(data: Path) -> None:
    fields = {"a21026-Avg": "3.20", "a21026-Min": "-1", "a21026-Flag": "N", "a21026-EFlag": "A1", "SB1-RS": "1"}
    keep(data, [frame("20261102080000", fields)])
    rows = records(data, FIRST, UNTIL).select("code", "min", "avg", "flag", "more", "source").to_dicts()
    assert rows == [
        {"code": "SB1", "min": None, "avg": None, "flag": None, "more": '{"RS": "1"}', "source": "gateway"},
        {"code": "a21026", "min": "-1", "avg": "3.20", "flag": "N", "more": '{"EFlag": "A1"}', "source": "gateway"},
    ]
    wire = by_field(records(data, FIRST, UNTIL)).select("code", "data_time", "field", "value", "flag").rows()
    assert wire == [
        ("SB1", "20261102080000", "RS", "1", ""),
        ("a21026", "20261102080000", "Min", "-1", "N"),
        ("a21026", "20261102080000", "Avg", "3.20", "N"),
        ("a21026", "20261102080000", "EFlag", "A1", "N"),
    ]


def test_the_newest_content_of_a_factor_stands_and_the_older_is_known(data: Path) -> None:
    keep(
        data,
        [
            frame("20261102080000", {"a21026-Avg": "1", "a34013-Avg": "7"}),
            frame("20261102080000", {"a21026-Avg": "2"}, at=RECEIVED + timedelta(minutes=5)),
        ],
    )
    assert plain(data) == [
        (MN, datetime(2026, 11, 2, 8), "a21026", "2", None),
        (MN, datetime(2026, 11, 2, 8), "a34013", "7", None),
    ]
    earlier = records(data, FIRST, UNTIL, as_known_at=RECEIVED)
    assert earlier["avg"].to_list() == ["1", "7"]
    assert records(data, FIRST, UNTIL, every_revision=True)["avg"].to_list() == ["1", "2", "7"]


def test_milliseconds_are_left_out_and_what_is_no_time_is_no_record(data: Path) -> None:
    keep(data, [frame(time, {"a21026-Avg": "1"}) for time in ("20261102080000123", "20261302080000", "2026", "")])
    assert [start for _, start, *_ in plain(data)] == [datetime(2026, 11, 2, 8)]


def test_what_is_asked_for_is_given_and_no_more(data: Path) -> None:
    other = "B" * 24
    keep(
        data,
        [
            frame("20261102080000", {"a21026-Avg": "1", "a34013-Avg": "2"}, mn=mn, cn=cn)
            for mn in (MN, other)
            for cn in ("2051", "2061")
        ],
    )
    assert len(plain(data)) == 8
    assert len(plain(data, mns=[MN])) == len(plain(data, cns=["2061"])) == len(plain(data, codes=["a34013"])) == 4
    assert len(plain(data, known={other})) == 4
    assert records(data, FIRST, datetime(2026, 11, 2, 8)).height == 0
    assert records(data, datetime(2026, 11, 2, 8), datetime(2026, 11, 2, 8, 0, 1)).height == 8


def test_devices_are_known_by_the_register_or_because_they_were_accepted(data: Path) -> None:
    publish(
        data,
        [Outlet("X-DA001", "排口", "模拟热电一", "230302", mn=MN), Outlet("X-DA002", "排口二", "模拟热电一", "230302")],
    )
    assert known_mns(data) == {MN, "outlet:X-DA002"}
    with stack_file.writing(data) as database:
        database.execute("INSERT INTO device (mn, accepted, first_at, last_at) VALUES ('C', 1, 0, 0), ('D', 0, 0, 0)")
    assert known_mns(data) == {MN, "outlet:X-DA002", "C"}


def test_nothing_has_arrived_yet(data: Path) -> None:
    assert records(data, FIRST, UNTIL).height == 0


_FRAMES = st.lists(
    st.tuples(
        st.sampled_from(["20261031235900", "20261101000000", "20261102080000", "20261102080100"]),
        st.sampled_from(["2051", "2061"]),
        st.dictionaries(
            st.sampled_from(["a21026-Avg", "a34013-Avg", "a21026-Flag"]), st.sampled_from(["1", "2", "N"]), min_size=1
        ),
    ),
    max_size=14,
)


@given(_FRAMES, st.lists(st.integers(0, 14), max_size=3), st.booleans())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_moving_and_merging_change_no_record(tmp_path_factory, frames, borders, merged) -> None:  # type: ignore[no-untyped-def]
    whole, moved = tmp_path_factory.mktemp("whole"), tmp_path_factory.mktemp("moved")
    rows = [
        frame(time, fields, cn=cn, at=RECEIVED + timedelta(seconds=at), qn=f"2026110209000{at:04d}")
        for at, (time, cn, fields) in enumerate(frames)
    ]
    keep(whole, rows)
    for at, row in enumerate(rows):
        keep(moved, [row])
        if at in borders:
            compact.compact(moved, RECEIVED + timedelta(seconds=at + 1), now=NOW)
    if merged and rows:
        for day in (4, 5):
            compact.merge(moved, today=date(2026, 11, day), now=NOW)
    first = datetime(2026, 10, 1)
    left, right = (records(data, first, UNTIL).drop("seq", "received_at", "qn") for data in (whole, moved))
    assert left.equals(right)


def test_a_frame_that_comes_again_after_its_first_was_moved_changes_nothing(data: Path) -> None:
    first, other = (frame("20261102080000", {"a21026-Avg": value}, at=RECEIVED) for value in ("1", "2"))
    corrected = (*other[:5], other[5] + 1, *other[6:])
    keep(data, [first, corrected, frame("20261102090000", {"a21026-Avg": "3"})])
    assert compact.compact(data, NOW, now=NOW) == 2
    keep(
        data,
        [(*first[:4], "20261102093000000", first[5] + 10**9, *first[6:]), frame("20261102100000", {}, at=RECEIVED)],
    )
    assert [avg for *_, avg, _ in plain(data)] == ["2", "3"]  # while the repeat waits
    assert compact.compact(data, NOW, now=NOW) == 2
    assert [avg for *_, avg, _ in plain(data)] == ["2", "3"]  # and after it was dropped
    with stack_file.reading(data) as database:
        assert database is not None
        kept = [pl.read_parquet(data / one.path).height for one in lake.listed(database, lake.FRAMES)]
    assert kept == [2, 1]


@given(st.permutations(range(6)))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_came_last_stands_in_whatever_order_it_is_kept(tmp_path_factory, order) -> None:  # type: ignore[no-untyped-def]
    rows = [frame("20261102080000", {"a21026-Avg": str(n)}, at=RECEIVED + timedelta(seconds=n)) for n in range(6)]
    data = tmp_path_factory.mktemp("order")
    keep(data, [rows[at] for at in order])
    assert plain(data) == [(MN, datetime(2026, 11, 2, 8), "a21026", "5", None)]


def test_frames_move_in_steps_and_leave_the_newest_where_it_is(data: Path) -> None:
    keep(
        data,
        [frame(f"202611020800{n:02d}", {"a21026-Avg": str(n)}, at=RECEIVED + timedelta(seconds=n)) for n in range(10)],
    )
    before = plain(data)
    step = compact.prepared(data, RECEIVED + timedelta(hours=1), step=4)
    assert step is not None
    assert len(step.numbers) == 4
    assert plain(data) == before  # written, but in no manifest: nobody sees it twice
    assert (
        compact.compact(data, RECEIVED + timedelta(hours=1), now=NOW) == 9
    )  # the step that was not applied is made again
    assert waiting(data) == 1
    assert plain(data) == before
    keep(data, [frame("20261102080030", {"a21026-Avg": "30"})])
    with stack_file.reading(data) as database:
        assert database is not None
        assert database.execute("SELECT max(id) FROM frame").fetchone() == (
            11,
        )  # numbers go on: order of arrival holds


def test_a_month_that_is_over_becomes_one_base_and_old_files_go_after_a_day(data: Path) -> None:
    for n in range(3):
        keep(data, [frame(f"2026110208000{n}", {"a21026-Avg": str(n)}, at=RECEIVED + timedelta(seconds=n))])
        keep(data, [frame(f"2026110209000{n}", {"a21026-Avg": str(n)}, at=RECEIVED + timedelta(seconds=n))])
        compact.compact(data, RECEIVED + timedelta(seconds=n + 1), now=NOW)
    before = plain(data)
    assert compact.merge(data, today=date(2026, 11, 5), now=NOW) == 1
    assert compact.merge(data, today=date(2026, 11, 5), now=NOW) == 0  # once a day
    assert compact.merge(data, today=date(2026, 12, 9), now=NOW) == 1
    with stack_file.reading(data) as database:
        assert database is not None
        assert [one.level for one in lake.listed(database, "2051")] == ["base"]
    assert plain(data) == before
    on_disk = lambda: len(list((data / "stack" / "records").rglob("*.parquet")))  # noqa: E731
    assert on_disk() == 5
    compact.tidy(data, now=NOW + timedelta(hours=1))
    assert on_disk() == 5  # for readers still at them
    compact.tidy(data, now=NOW + timedelta(days=400))
    assert on_disk() == 1
    assert plain(data) == before


def test_an_enciphered_frame_is_a_record_with_its_key() -> None:
    key = bytes.fromhex("30" * 16)
    raw = b"##0100" + sealed(
        f"QN=20261102090000000;ST=31;CN=2051;PW=123456;MN={MN};Flag=9;CP=&&DataTime=20261102080000;a21026-Avg=5&&".encode(),
        encrypting(key),
    )
    plain_segment = f"QN=20261102090000000;ST=31;CN=2051;PW=123456;MN={MN};Flag=9;CP=&&DataTime=20261102080000;a21026-Avg=5&&".encode()
    from lantian.stack.hj212.crc import crc

    sent = b"##%04d" % len(plain_segment) + raw[6:] + crc(plain_segment)
    stored = StoredFrame(1, MN, "2051", "20261102080000", 0, "20261102090000000", 0, b"", sent)
    rows = rows_of([stored], {MN: Device(decrypt=decrypting(key))})
    assert rows.select("code", "avg").rows() == [("a21026", "5")]
    assert rows_of([stored], {}).height == 0


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3.20", 3_200_000),
        ("-0.7", -700_000),
        ("12758.246213", 12_758_246_213),
        ("1.0000010", 1_000_001),
        ("0.1234567", None),
        ("abc", None),
        ("1e5", None),
        (None, None),
    ],
)
def test_numbers_of_the_wire_are_exact_or_none(text: str | None, number: int | None) -> None:
    assert pl.DataFrame({"a": [text]}, schema={"a": pl.String}).select(scaled("a")).item() == number


def test_who_is_overtaken_changes_nothing(data: Path) -> None:
    keep(data, [frame(f"2026110208000{n}", {"a21026-Avg": "1"}, at=RECEIVED + timedelta(seconds=n)) for n in range(5)])
    first, second = (compact.prepared(data, NOW, step=number) for number in (3, 2))
    assert first is not None
    assert second is not None
    compact.apply(data, second, now=NOW)
    before = plain(data)
    with pytest.raises(lake.Overtaken):
        compact.apply(data, first, now=NOW)
    with pytest.raises(lake.Overtaken), stack_file.writing(data) as database:
        lake.replaced(database, [*second.files, *first.files], now=1)
    assert plain(data) == before
