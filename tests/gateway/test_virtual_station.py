"""A virtual station against a tiny platform: what it sends, repeats, answers, and how it comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from virtual_platform import MN, NOW, STACK, Intervals, Platform, a_station, until

from lantian.gateway.virtual_station import Identity, Outage
from lantian.gateway.virtual_values import Values
from lantian.stack.hj212 import Device, Frame
from lantian.stack.hj212.flag import Edition
from lantian.stack.hj212.sm4 import decrypting, encrypting

KEY = bytes(range(16))


def codes(frames: list[Frame]) -> list[str]:
    return [one.header["CN"] for one in frames]


def test_real_time_data_come_at_once_and_then_by_the_clock() -> None:
    async def run() -> None:
        platform = Platform()
        async with a_station(platform):
            await until(lambda: len(platform.of("2011")) >= 2)
            assert codes(platform.frames[:2]) == ["2011", "2021"]
            assert [one.fields["DataTime"] for one in platform.of("2011")] == ["20261128083029", "20261128083030"]
        first = platform.of("2011")[0]
        reading = STACK.at(datetime(2026, 11, 28, 8, 30))["a21026"]
        assert first.items["a21026"] == {"Rtd": reading.avg, "ZsRtd": reading.zs, "Flag": reading.flag}
        assert (first.header["Flag"], first.header["MN"], first.notes) == ("5", MN, ())

    asyncio.run(run())


def test_minute_and_hour_data_stand_at_the_start_of_their_period() -> None:
    async def run() -> None:
        platform = Platform()
        late_from = NOW - timedelta(minutes=31)
        async with a_station(platform, late_from=late_from):
            await until(lambda: len(platform.of("2051")) == 31 and platform.of("2061"))
        times = [one.fields["DataTime"] for one in platform.of("2051")]
        assert times == [f"{datetime(2026, 11, 28, 7, 59) + timedelta(minutes=one):%Y%m%d%H%M%S}" for one in range(31)]
        assert [one.fields["DataTime"] for one in platform.of("2061")] == ["20261128070000"]
        hour = platform.of("2061")[0].items["a00000"]
        rows = STACK.minutes(datetime(2026, 11, 28, 7), 60)
        assert hour["Avg"] == f"{rows['a00000'].sum() / rows.height / 10_000:.3f}"
        assert hour["Cou"] == f"{rows['a00000'].sum() * 60 / 10_000:.1f}"

    asyncio.run(run())


def test_a_frame_without_answer_is_repeated_and_then_the_link_counts_as_unusable() -> None:
    async def run() -> None:
        platform = Platform()
        platform.acknowledges = lambda frame: frame.header["CN"] != "2011"
        async with a_station(platform, over_time=0.05, repetitions=2) as station:
            await until(lambda: platform.connections == 2)
            first = platform.of("2011")[0]
            assert sum(one.raw == first.raw for one in platform.frames) == 3
            assert station.counts.repeated >= 2

    asyncio.run(run())


def test_a_repeated_frame_that_is_acknowledged_then_is_sent_no_more() -> None:
    async def run() -> None:
        platform = Platform()
        seen: set[bytes] = set()

        def second_time(frame: Frame) -> bool:
            again = frame.raw in seen
            seen.add(frame.raw)
            return again

        platform.acknowledges = second_time
        async with a_station(platform, over_time=0.05, late_from=NOW - timedelta(minutes=5)) as station:
            await until(lambda: station.counts.acknowledged >= 7)
            raws = [one.raw for one in platform.of("2051")]
            assert len(raws) == 2 * len(set(raws)) == 10
            assert platform.connections == 1

    asyncio.run(run())


def test_what_was_not_acknowledged_comes_again_on_the_next_connection() -> None:
    async def run() -> None:
        platform = Platform()
        platform.acknowledges = lambda frame: frame.header["CN"] not in ("2051", "2061")
        async with a_station(platform, late_from=NOW - timedelta(minutes=40)):
            await until(lambda: len(platform.of("2051")) >= 10)
            platform.acknowledges = lambda _: True
            platform.hang_up()
            await until(lambda: len({one.fields["DataTime"] for one in platform.of("2051")}) == 40)
            assert platform.connections == 2

    asyncio.run(run())


def test_an_edition_of_2025_marks_late_data_and_enciphers() -> None:
    async def run() -> None:
        platform = Platform({MN: Device(decrypt=decrypting(KEY))})
        who = Identity(MN, Edition.HJ_2025, encrypt=encrypting(KEY))
        async with a_station(platform, who, late_from=NOW - timedelta(minutes=3)):
            await until(lambda: len(platform.of("2051")) == 3)
        for frame in platform.of("2051"):
            assert (frame.header["Flag"], frame.header["RF"]) == ("9", "1")
            assert b"CP=&&{0x" in frame.raw
        assert all("RF" not in one.header for one in platform.of("2011"))
        wanted = Values(STACK).period(datetime(2026, 11, 28, 8, 27), timedelta(minutes=1))
        assert platform.of("2051")[0].fields == wanted

    asyncio.run(run())


def test_a_silent_station_sends_what_came_before_and_hangs_up() -> None:
    async def run() -> None:
        platform = Platform()
        outage = Outage(NOW - timedelta(minutes=10))
        async with a_station(platform, late_from=NOW - timedelta(minutes=20), outage=outage) as station:
            await until(lambda: not station.counts.connected)
        times = [one.fields["DataTime"] for one in platform.of("2051")]
        assert (times[0], times[-1]) == ("20261128081000", "20261128082000")
        assert not platform.of("2011")

    asyncio.run(run())


Check = Callable[[Platform, "object"], Awaitable[None]]

RANGE = {"BeginTime": "20261128080000", "EndTime": "20261128080400"}
ANSWERS = {
    "1000": ({"OverTime": "5", "ReCount": "2"}, ["9011", "9012"], {}),
    "1011": ({"PolId": "a21026"}, ["9011", "1011", "9012"], {"PolId": "a21026"}),
    "1061": ({}, ["9011", "1061", "9012"], {"RtdInterval": "30"}),
    "1063": ({}, ["9011", "1063", "9012"], {"MinInterval": "1"}),
    "1064": ({"MinInterval": "10"}, ["9011", "9012"], {}),
    "2012": ({}, ["9013"], {}),
    "2022": ({}, ["9013"], {}),
    "2021": ({}, ["9011", "2021", "9012"], {"SB1-RS": "1"}),
    "2051": (RANGE, ["9011", *["2051"] * 5, "9012"], {"DataTime": "20261128080000"}),
    "2061": ({"BeginTime": "20261128060000", "EndTime": "20261128070000"}, ["9011", "2061", "2061", "9012"], {}),
    "2031": ({"BeginTime": "20261127000000", "EndTime": "20261127000000"}, ["9011", "2031", "9012"], {}),
    "2041": ({"BeginTime": "20261127000000", "EndTime": "20261127000000"}, ["9011", "2041", "9012"], {}),
    "3011": ({"PolId": "a21026"}, ["9011", "9012"], {}),
    "3019": ({"PolId": "a21026"}, ["9011", "3019", "9012"], {"a21026-SN": MN}),
    "3020": ({"InfoId": "i11001"}, ["9011", "3020", "9012"], {"i11001-Info": "//模拟日志：例行巡检//"}),
}


@pytest.mark.parametrize("edition", [Edition.HJ_2017, Edition.HJT_2005])
@pytest.mark.parametrize("cn", ANSWERS)
def test_requests_are_answered_as_the_appendix_has_it(cn: str, edition: Edition) -> None:
    fields, wanted, told = ANSWERS[cn]

    async def run() -> None:
        platform = Platform()
        async with a_station(platform, Identity(MN, edition)):
            await until(lambda: len(platform.frames) >= 2)
            flag = str(edition.value << 2 | 1)
            got = [
                one
                for one in await platform.ask(cn, fields, Flag=flag)
                if one.fields.get("DataTime", "") < "20261128083030"
            ]
            assert codes(got) == wanted
            if len(wanted) > 2:
                assert got[1].fields | told == got[1].fields
            if "9012" in wanted:
                assert (got[0].fields["QnRtn"], got[-1].fields["ExeRtn"]) == ("1", "1")
                assert ("QN" in got[0].fields) == (edition is Edition.HJT_2005)

    asyncio.run(run())


@pytest.mark.parametrize(
    ("cn", "header", "fields", "wanted"),
    [
        ("2051", {"PW": "654321"}, RANGE, ["3"]),
        ("2051", {"MN": "FF2303000000000000000002"}, RANGE, ["4"]),
        ("2099", {}, {}, ["8"]),
        ("2051", {}, {"BeginTime": "20261128080000"}, ["1", "3"]),
        ("2051", {}, {"BeginTime": "20261128090000", "EndTime": "20261128100000"}, ["1", "100"]),
        ("1062", {}, {}, ["1", "3"]),
        ("1012", {}, {"SystemTime": "2026"}, ["1", "3"]),
        ("3020", {}, {"InfoId": "i99"}, ["1", "100"]),
    ],
)
def test_a_request_that_cannot_be_carried_out_is_told(
    cn: str, header: dict[str, str], fields: dict[str, str], wanted: list[str]
) -> None:
    async def run() -> None:
        platform = Platform()
        async with a_station(platform):
            await until(lambda: len(platform.frames) >= 2)
            got = await platform.ask(cn, fields, **header)
            results = [one.fields.get("QnRtn") or one.fields.get("ExeRtn") for one in got]
            assert [one for one in results if one] == wanted

    asyncio.run(run())


def test_what_is_sent_again_is_what_was_sent_at_first() -> None:
    async def run() -> None:
        platform = Platform()
        async with a_station(platform, late_from=NOW - timedelta(minutes=31)):
            await until(lambda: len(platform.of("2051")) == 31)
            before = {one.fields["DataTime"]: one.fields for one in platform.of("2051")}
            got = await platform.ask("2051", RANGE)
            again = {one.fields["DataTime"]: one.fields for one in got if one.header["CN"] == "2051"}
        assert len(again) == 5
        assert {time: before[time] for time in again} == again

    asyncio.run(run())


def test_settings_take_effect() -> None:
    async def run() -> None:
        platform = Platform()
        async with a_station(platform) as station:
            await until(lambda: len(platform.frames) >= 2)
            await platform.ask("1062", {"RtdInterval": "60"})
            await platform.ask("1072", {"NewPW": "654321"})
            await platform.ask("1012", {"SystemTime": "20261128120000"}, PW="654321")
            await platform.ask("2012", PW="654321")
            assert station.intervals == Intervals(60, 1)
            assert f"{station.clock():%Y%m%d%H%M}" == "202611281200"
            assert station.uploads["2011"] is False
            assert platform.frames[-1].header["PW"] == "654321"

    asyncio.run(run())


def test_a_repeated_request_is_carried_out_once() -> None:
    async def run() -> None:
        platform = Platform()
        async with a_station(platform) as station:
            await until(lambda: len(platform.frames) >= 2)
            await platform.ask("1061", qn="20261128083029001")
            await platform.ask("1063", qn="20261128083029002")
            assert station.counts.requests == 2

    asyncio.run(run())
