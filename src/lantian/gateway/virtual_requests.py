"""How a virtual station answers the platform: 9011 to a request, what was asked for, 9012; 9013 to a notice.

Rule    HJ 212-2017 6.5 and appendix C; QnRtn and ExeRtn by tables 6 and 7
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from lantian.gateway.virtual_times import DAYS, HOURS, MINUTES, REALTIME, RUNNING, STATES, Due
from lantian.stack.hj212 import Frame, answer, execution_result, request_return
from lantian.stack.hj212.values import moment

if TYPE_CHECKING:
    from lantian.gateway.virtual_station import Station

READY, REFUSED, WRONG_PW, WRONG_MN, UNKNOWN_CN = 1, 2, 3, 4, 8  # QnRtn
DONE, WRONG_CONDITION, NO_DATA = 1, 3, 100  # ExeRtn
NOTICES: Final = {"2012": (REALTIME, False), "2022": (STATES, False)}
LONGEST: Final = timedelta(days=40)  # of one request for periods
_DONE_BY_NODDING: Final = ("3011", "3012", "3013", "3014", "3016", "3021")  # a virtual instrument obeys
Handler = Callable[["Station", Frame], Awaitable[int]]


async def respond(station: Station, frame: Frame) -> None:
    """Answers one frame of the platform that is no answer itself."""
    cn = frame.header["CN"]
    if frame.header["MN"] != station.identity.mn:
        await station.write(request_return(frame, WRONG_MN))
    elif frame.header.get("PW") != station.identity.password:
        await station.write(request_return(frame, WRONG_PW))
    elif cn in NOTICES:
        switch, on = NOTICES[cn]
        station.uploads[switch] = on
        await station.write(answer(frame.header, "9013"))
    elif cn not in _HANDLERS:
        await station.write(request_return(frame, UNKNOWN_CN))
    else:
        await station.write(request_return(frame, READY))
        result = await _HANDLERS[cn](station, frame)
        await station.write(execution_result(frame, result))


async def _timeouts(station: Station, frame: Frame) -> int:
    over, count = (_number(frame, name) for name in ("OverTime", "ReCount"))
    if not over or count is None:
        return WRONG_CONDITION
    station.over_time, station.repetitions = over, count
    return DONE


async def _tell_time(station: Station, frame: Frame) -> int:
    await _tell(station, frame, _about(frame) | {"SystemTime": f"{station.clock():%Y%m%d%H%M%S}"})
    return DONE


async def _set_time(station: Station, frame: Frame) -> int:
    wanted = moment(frame.fields.get("SystemTime", ""))
    if wanted is None:
        return WRONG_CONDITION
    station.set_clock(wanted)
    return DONE


async def _tell_realtime_interval(station: Station, frame: Frame) -> int:
    await _tell(station, frame, {"RtdInterval": str(station.intervals.realtime)})
    return DONE


async def _set_realtime_interval(station: Station, frame: Frame) -> int:
    seconds = _number(frame, "RtdInterval")
    if not seconds:
        return WRONG_CONDITION
    station.set_intervals(station.intervals._replace(realtime=seconds))
    return DONE


async def _tell_minute_interval(station: Station, frame: Frame) -> int:
    await _tell(station, frame, {"MinInterval": str(station.intervals.minutes)})
    return DONE


async def _set_minute_interval(station: Station, frame: Frame) -> int:
    minutes = _number(frame, "MinInterval")
    if not minutes or 60 % minutes:
        return WRONG_CONDITION
    station.set_intervals(station.intervals._replace(minutes=minutes))
    return DONE


async def _set_password(station: Station, frame: Frame) -> int:
    password = frame.fields.get("NewPW", "")
    if not password:
        return WRONG_CONDITION
    station.change_password(password)
    return DONE


async def _switch_on(station: Station, frame: Frame) -> int:
    station.uploads[frame.header["CN"]] = True
    await station.send(Due(frame.header["CN"], station.clock().replace(microsecond=0)))
    return DONE


async def _periods(station: Station, frame: Frame) -> int:
    """The periods that begin in [BeginTime, EndTime] and have ended by the station's clock."""
    cn = frame.header["CN"]
    begin, end = (moment(frame.fields.get(name, "")) for name in ("BeginTime", "EndTime"))
    if begin is None or end is None or not begin <= end <= begin + LONGEST:
        return WRONG_CONDITION
    length, start = station.intervals.length(cn), station.intervals.start(cn, begin)
    sent = 0
    while start <= end and start + length <= station.clock():
        if start >= begin:
            sent += await station.send(Due(cn, start), late=True)
        start += length
    return DONE if sent else NO_DATA


async def _tell_number(station: Station, frame: Frame) -> int:
    about = _about(frame)
    code = about.get("PolId", "a21026")
    await _tell(station, frame, about | {f"{code}-SN": station.identity.mn.rjust(24, "0")[-24:]})
    return DONE


async def _tell_information(station: Station, frame: Frame) -> int:
    """Log, state or parameter of the station (3020); all of it is invented and says so."""
    wanted = frame.fields.get("InfoId", "i11001")
    about = {"DataTime": f"{station.clock():%Y%m%d%H%M%S}"} | _about(frame)
    texts = {"i11": "//模拟日志：例行巡检//", "i12": "1", "i13": "168.0"}
    if wanted[:3] not in texts:
        return NO_DATA
    await _tell(station, frame, about | {f"{wanted}-Info": texts[wanted[:3]]})
    return DONE


async def _obey(station: Station, frame: Frame) -> int:
    return DONE


async def _tell(station: Station, frame: Frame, fields: dict[str, str]) -> None:
    """What was asked for, under the QN of the request and without a wish for an answer (HJ 212-2017 C.2, C.5)."""
    await station.write(station.framed(frame.header["CN"], fields, qn=frame.header["QN"], need_ack=False))


def _about(frame: Frame) -> dict[str, str]:
    return {name: frame.fields[name] for name in ("PolId",) if name in frame.fields}


def _number(frame: Frame, name: str) -> int | None:
    text = frame.fields.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else None


_HANDLERS: Final[dict[str, Handler]] = {
    "1000": _timeouts,
    "1011": _tell_time,
    "1012": _set_time,
    "1061": _tell_realtime_interval,
    "1062": _set_realtime_interval,
    "1063": _tell_minute_interval,
    "1064": _set_minute_interval,
    "1072": _set_password,
    REALTIME: _switch_on,
    STATES: _switch_on,
    **dict.fromkeys((MINUTES, HOURS, DAYS, RUNNING), _periods),
    "3019": _tell_number,
    "3020": _tell_information,
    **dict.fromkeys(_DONE_BY_NODDING, _obey),
}
