"""Why a verdict is as it is: codes kept with it, and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lantian.basis.finding import Text

NO_DATA: Final = "no_data"
MINUTES_SHORT: Final = "minutes_short"
FLAGGED: Final = "flagged"
STOPPED: Final = "stopped"
UNKNOWN_MARK: Final = "unknown_mark"
OVER_RANGE: Final = "over_range"
HOUR_RECORD: Final = "hour_record"
TABLE: Final = "table"
DAY_RECORD: Final = "day_record"
MINUTES_NOT_RECEIVED: Final = "minutes_not_received"
DIFFERS: Final = "differs_from_hour_record"
EXEMPT: Final = "exempt"
NO_LIMIT: Final = "no_limit"
NO_REFERENCE: Final = "no_reference"
NO_OXYGEN: Final = "no_oxygen"
NEAR_AIR: Final = "oxygen_near_air"
AS_REPORTED: Final = "converted_as_reported"
UNKNOWN_UNIT: Final = "unknown_unit"
FROM_NO: Final = "nox_from_no_and_no2"
NO_FLOW: Final = "no_flow"
FROM_VELOCITY: Final = "flow_from_velocity"
ASSUMED_PRESSURE: Final = "ambient_pressure_assumed"
CAPTURE_LOW: Final = "capture_below_table"
NO_HISTORY: Final = "no_valid_hours_before"
SHORT_HISTORY: Final = "fewer_valid_hours_before"
HOURS_SHORT: Final = "hours_short"
NO_HOUR_LIMIT: Final = "no_hour_limit"
NO_DAY_LIMIT: Final = "no_day_limit"
MASS_INCOMPLETE: Final = "mass_incomplete"
OUT_OF_CONTROL: Final = "out_of_control"
CALIBRATION: Final = "calibration"

REASONS: Final[Mapping[str, Text]] = {
    NO_DATA: Text("没有收到数据", "nothing was received"),
    MINUTES_SHORT: Text("有效分钟数不足", "too few valid minutes"),
    FLAGGED: Text("小时记录的数据标记不计入有效数据", "the hour record's flag does not count as valid"),
    STOPPED: Text("标记为停运，不计应测时数", "marked as not running: no data are due"),
    UNKNOWN_MARK: Text(
        "有未收录的标记，不改变判定，请核对", "a mark that is not listed changes nothing; to be checked"
    ),
    OVER_RANGE: Text("有超测量上限的值，实际可能更高", "values above the range: the true ones may be higher"),
    HOUR_RECORD: Text("没有分钟数据，采用数采仪的小时数据", "no minutes: the device's own hour record"),
    TABLE: Text("采用导入表格的小时数据", "hour value of an imported table"),
    DAY_RECORD: Text(
        "没有小时数据，采用上报的日数据，有效性按来源", "no hours: the day as reported, valid as its source says"
    ),
    MINUTES_NOT_RECEIVED: Text("分钟数据未收全，采用小时数据", "minutes did not all arrive: the hour record"),
    DIFFERS: Text("分钟均值与小时数据不一致，请核对", "the mean of the minutes differs from the hour record"),
    EXEMPT: Text("标记时段，超过限值不计超标", "marked hour: not counted as an exceedance"),
    NO_LIMIT: Text("没有登记排放限值，不判定", "no limit is registered: not judged"),
    NO_HOUR_LIMIT: Text("没有小时均值限值，小时不判定", "no limit of hours: hours are not judged"),
    NO_DAY_LIMIT: Text("没有日均值限值，日均值不判定", "no limit of days: the day mean is not judged"),
    NO_REFERENCE: Text("没有基准氧含量，按实测浓度判定", "no reference oxygen: judged as measured"),
    NO_OXYGEN: Text("没有有效的含氧量，不折算", "no valid oxygen: not converted"),
    NEAR_AIR: Text("含氧量接近空气，折算无意义，不判定", "oxygen near that of air: conversion has no meaning"),
    AS_REPORTED: Text("没有含氧量，采用上报的折算浓度", "no oxygen: the converted value as reported"),
    UNKNOWN_UNIT: Text("单位不能换算，请核对登记的单位", "the registered unit cannot be converted"),
    FROM_NO: Text("氮氧化物由一氧化氮和二氧化氮合成", "NOx worked out from NO and NO2"),
    NO_FLOW: Text("没有有效流量，排放量缺失", "no valid flow: mass is missing"),
    FROM_VELOCITY: Text("流量由流速和烟道截面积计算", "flow worked out from velocity and duct area"),
    ASSUMED_PRESSURE: Text("没有大气压，按规则库的值计算流量", "no ambient pressure: the rulebook's is used"),
    CAPTURE_LOW: Text(
        "季度捕集率低于修约补充的下限，请用参比方法、系数或物料衡算", "capture rate below the table: use another method"
    ),
    NO_HISTORY: Text("此前没有有效小时，不能修约补充", "no valid hours before: no substitution"),
    SHORT_HISTORY: Text("此前有效小时少于规定数，按已有的取最大值", "fewer valid hours before than the table names"),
    HOURS_SHORT: Text("有效小时数不足", "too few valid hours"),
    MASS_INCOMPLETE: Text("有小时缺排放量，日排放量偏低", "hours without mass: the day's mass is too low"),
    OUT_OF_CONTROL: Text("失控时段", "out of control"),
    CALIBRATION: Text("校准", "calibration"),
    "maintenance": Text("维护", "maintenance"),
    "fault": Text("故障", "fault"),
    "communication": Text("通讯中断", "communication fault"),
    "missing": Text("数据缺失", "data missing"),
    "out_of_service": Text("仪器停运", "instrument out of service"),
    "set_by_hand": Text("手工设定值", "set by hand"),
    "unknown_flag": Text("未知的数据标记", "unknown data flag"),
}


def reason_text(code: str) -> Text:
    """What a code says; the code itself where it is not listed (an older or newer edition wrote it)."""
    return REASONS.get(code, Text(code, code))
