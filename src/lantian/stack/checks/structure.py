"""Checks of structure: fields, flags and codes as HJ 212-2017 gives them."""

from __future__ import annotations

from typing import Final

import polars as pl

from lantian.basis.finding import Text
from lantian.stack.checks import clauses
from lantian.stack.checks.check import EVERY, WHOLE, Check, Expected, Family, Level, offences
from lantian.stack.checks.evidence import (
    AUXILIARY,
    DAY,
    FLOW,
    HOUR,
    MINUTE,
    MOMENT,
    PARAMETERS,
    POLLUTANTS,
    STATE,
    Evidence,
    spread,
)
from lantian.stack.checks.parameters import Parameters
from lantian.stack.checks.words import at_most, told

_ALL: Final = (MOMENT, MINUTE, HOUR, DAY)
_SENT: Final = pl.col("arrived").is_not_null()  # by a device: tables of platforms hold fewer fields
_EQUIPMENT: Final = r"^SB\d+"
_CODE_2005: Final = r"^(\d\d|S\d\d|B\d\d)$"


def _monitored(evidence: Evidence, *cns: str) -> pl.DataFrame:
    """Rows of factors, those of equipment left out."""
    return evidence.of(*cns).filter(~pl.col("code").str.contains(_EQUIPMENT))


def _flag_unknown(e: Evidence, p: Parameters) -> pl.DataFrame:
    known = list(p.standard.flags)
    flag = pl.col("flag")
    wanted = "、".join(known)
    return offences(_monitored(e, *_ALL), flag.is_not_null() & ~flag.is_in(known), flag, wanted)


def _flag_missing(e: Evidence, p: Parameters) -> pl.DataFrame:
    return offences(_monitored(e, MOMENT, MINUTE), pl.col("flag").is_null(), pl.lit("无标记"), "有标记")


def _not_a_number(e: Evidence, p: Parameters) -> pl.DataFrame:
    return offences(e.of(*_ALL), pl.col("unread").is_not_null(), pl.col("unread"), "数字")


def _eflag_long(e: Evidence, p: Parameters) -> pl.DataFrame:
    length = pl.col("eflag").str.len_chars()
    most = p.standard.eflag_characters
    return offences(e.of(*_ALL), length > most, length, at_most(most))


def _factor_unknown(e: Evidence, p: Parameters) -> pl.DataFrame:
    code = pl.col("code")
    unknown = ~code.is_in(list(p.factors)) & ~code.str.contains(_CODE_2005)
    return offences(_monitored(e, MINUTE, HOUR), unknown, code, "表 B.2 的编码")


def _code_2005(e: Evidence, p: Parameters) -> pl.DataFrame:
    return offences(e.of(*_ALL), pl.col("code").str.contains(_CODE_2005), pl.col("code"), "2017 年版编码")


def _mean_missing(e: Evidence, p: Parameters) -> pl.DataFrame:
    normal = pl.col("flag").fill_null("N") == "N"
    empty = pl.col("avg").is_null() & pl.col("unread").is_null()
    return offences(_monitored(e, MINUTE, HOUR, DAY), normal & empty, pl.lit("无均值"), "有均值 Avg")


def _value_missing(e: Evidence, p: Parameters) -> pl.DataFrame:
    normal = pl.col("flag").fill_null("N") == "N"
    empty = pl.col("avg").is_null() & pl.col("unread").is_null()
    return offences(_monitored(e, MOMENT), normal & empty, pl.lit("无实时值"), "有实时值 Rtd")


def _extremes_missing(e: Evidence, p: Parameters) -> pl.DataFrame:
    lacks = _SENT & pl.col("avg").is_not_null() & (pl.col("min").is_null() | pl.col("max").is_null())
    return offences(e.of(HOUR), lacks, pl.lit("缺 Min 或 Max"), "Min、Avg、Max 齐全")


def _amount_missing(e: Evidence, p: Parameters) -> pl.DataFrame:
    lacks = _SENT & spread((*POLLUTANTS, FLOW)) & pl.col("cou").is_null()
    return offences(e.normal(HOUR), lacks, pl.lit("无排放量"), "有排放量 Cou")


def _converted_missing(e: Evidence, p: Parameters) -> pl.DataFrame:
    return offences(e.normal(HOUR), spread(POLLUTANTS) & pl.col("zs").is_null(), pl.lit("无折算值"), "有折算值 ZsAvg")


def _converted_where_none(e: Evidence, p: Parameters) -> pl.DataFrame:
    sent = spread(PARAMETERS) & pl.col("zs").is_not_null()
    return offences(e.of(MINUTE, HOUR), sent, pl.col("zs"), "不带折算值")


def _amount_where_none(e: Evidence, p: Parameters) -> pl.DataFrame:
    return offences(e.of(HOUR, DAY), spread(AUXILIARY) & (pl.col("cou") != 0), pl.col("cou"), "不带排放量")


def _twice(e: Evidence, p: Parameters) -> pl.DataFrame:
    """Rows of a code of 2005 whose factor came under its code of 2017 as well."""
    now = pl.col("code").replace_strict(dict(p.codes_2005), default=None, return_dtype=pl.String)
    old = e.of(MINUTE, HOUR).with_columns(now.alias("now")).filter(pl.col("now").is_not_null())
    both = old.join(e.of(MINUTE, HOUR), left_on=["cn", "start", "now"], right_on=["cn", "start", "code"], how="semi")
    return offences(both, pl.lit(True), pl.col("code"), pl.col("now"))


def _state_unknown(e: Evidence, p: Parameters) -> pl.DataFrame:
    known = list(p.standard.equipment_states)
    state = pl.col("rs")
    return offences(e.of(STATE), state.is_not_null() & ~state.is_in(known), state, "、".join(known))


def _mn_form(e: Evidence, p: Parameters) -> pl.DataFrame:
    mn = pl.lit(e.outlet.mn)
    good = mn.str.contains(p.standard.mn_form)
    return _once(e).filter(~good).with_columns(mn.alias("met"), pl.lit("24 位 0—9、A—F").alias("wanted"))


def _refused(e: Evidence, code: str, least: int) -> pl.DataFrame:
    count = e.refused.get(code, 0)
    found = _once(e).with_columns(pl.lit(count).alias("met"), pl.lit(f"< {least}").alias("wanted"))
    return found.filter(pl.lit(count >= least))


def _once(e: Evidence) -> pl.DataFrame:
    return pl.DataFrame(
        {"start": [e.first], "end": [e.until], "code": [WHOLE]},
        schema_overrides={"start": pl.Datetime("us"), "end": pl.Datetime("us")},
    )


def _crc(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _refused(e, "HJ212-CRC-MISMATCH", int(p.practice.refused_frames))


def _length(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _refused(e, "HJ212-LENGTH-MISMATCH", int(p.practice.refused_frames))


def _password(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _refused(e, "GATEWAY-PASSWORD-WRONG", 1)


def _mn_twice(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _refused(e, "GATEWAY-MN-TWICE", 1)


def _parts(e: Evidence, p: Parameters) -> pl.DataFrame:
    return _refused(e, "GATEWAY-PARTS-MISSING", 1)


def _all_zero(e: Evidence, p: Parameters) -> pl.DataFrame:
    rows = e.normal(HOUR).group_by("start", "end").agg((pl.col("avg") == 0).all().alias("zero"), pl.len().alias("n"))
    rows = rows.with_columns(pl.lit(WHOLE).alias("code"))
    return offences(rows, pl.col("zero") & (pl.col("n") > 2), pl.lit("各因子均为 0"), "实际测量值")


STRUCTURE: Final = (
    Check(
        "CHK-STR-FLAG-UNKNOWN", Family.STRUCTURE, Level.ORDINARY, Text("数据标记不在规范表中", "unknown data flag"),
        _ALL, EVERY, clauses.FLAGS, told("数据标记不是规范规定的字符", "the data flag is none of the standard's"),
        _flag_unknown,
        "hour 08:00~10:00 SO2 avg=35 flag=N,C,M",
        "hour 08:00~10:00 SO2 avg=35 flag=N,X,X",
        Expected("SO2", "09:00", "10:00"), ("standard.flags",),
    ),
    Check(
        "CHK-STR-FLAG-MISSING", Family.STRUCTURE, Level.HINT, Text("缺数据标记", "no data flag"),
        (MOMENT, MINUTE), EVERY, clauses.FLAGS, told("没有数据标记 Flag", "no data flag"), _flag_missing,
        "minute 08:00~08:03 O2 avg=8.2 flag=N",
        "minute 08:00~08:03 O2 avg=8.2 flag=N,-,-,N",
        Expected("O2", "08:01", "08:02"),
    ),
    Check(
        "CHK-STR-NOT-A-NUMBER", Family.STRUCTURE, Level.ORDINARY, Text("数值不是数字", "a value that is no number"),
        _ALL, EVERY, clauses.SYNTAX, told("数值不能识读为数字", "a value that cannot be read as a number"), _not_a_number,
        "hour 08:00~10:00 NOX avg=80",
        "hour 08:00 NOX avg=80\nhour 09:00 NOX avg=- unread=NaN\nhour 10:00 NOX avg=81",
        Expected("NOX", "09:00", "09:00"),
    ),
    Check(
        "CHK-STR-EFLAG-LONG", Family.STRUCTURE, Level.HINT, Text("扩充标记过长", "extended flag too long"),
        _ALL, EVERY, clauses.FIELDS, told("扩充标记 EFlag 超过规定位数", "EFlag has too many characters"), _eflag_long,
        "hour 08:00~09:00 SO2 avg=30 eflag=A01",
        "hour 08:00~09:00 SO2 avg=30 eflag=A01,A01234",
        Expected("SO2", "09:00", "09:00"), ("standard.eflag_characters",),
    ),
    Check(
        "CHK-STR-FACTOR-UNKNOWN", Family.STRUCTURE, Level.HINT, Text("因子编码不在规范表中", "factor not in the table"),
        (MINUTE, HOUR), EVERY, clauses.FACTORS, told("因子编码不在附录 B 中", "a factor code appendix B does not have"),
        _factor_unknown,
        "hour 08:00~09:00 a21026 avg=30\nhour 08:00~09:00 02 avg=30",
        "hour 08:00~09:00 a21026 avg=30\nhour 08:00~09:00 TEMP avg=60",
        Expected("TEMP", "08:00", "09:00"),
    ),
    Check(
        "CHK-STR-CODE-2005", Family.STRUCTURE, Level.HINT, Text("仍用 2005 年版因子编码", "factor codes of 2005"),
        _ALL, EVERY, clauses.FACTORS, told("因子用 2005 年版编码上传", "a factor sent under its code of 2005"), _code_2005,
        "hour 08:00~09:00 a21026 avg=30",
        "hour 08:00~09:00 02 avg=30",
        Expected("02", "08:00", "09:00"),
    ),
    Check(
        "CHK-STR-CODE-TWICE", Family.STRUCTURE, Level.ORDINARY, Text("同一因子用两种编码上传", "one factor under two codes"),
        (MINUTE, HOUR), EVERY, clauses.FACTORS,
        told("同一时段同一因子有新旧两种编码的值", "values of one factor and period under an old and a new code"), _twice,
        "hour 08:00~09:00 02 avg=30\nhour 10:00~11:00 SO2 avg=30",
        "hour 08:00~09:00 02 avg=30\nhour 08:00~09:00 SO2 avg=31",
        Expected("02", "08:00", "09:00"),
    ),
    Check(
        "CHK-STR-MEAN-MISSING", Family.STRUCTURE, Level.ORDINARY, Text("记录没有均值", "record without a mean"),
        (MINUTE, HOUR, DAY), EVERY, clauses.FIELDS, told("标记正常的记录没有均值 Avg", "a normal record without Avg"), _mean_missing,
        "hour 08:00 SO2 avg=30\nhour 09:00 SO2 avg=- flag=D",
        "hour 08:00 SO2 avg=30\nhour 09:00 SO2 avg=- flag=N",
        Expected("SO2", "09:00", "09:00"),
    ),
    Check(
        "CHK-STR-VALUE-MISSING", Family.STRUCTURE, Level.HINT, Text("实时记录没有实时值", "real-time record without a value"),
        (MOMENT,), EVERY, clauses.FIELDS, told("实时数据没有 Rtd", "real-time data without Rtd"), _value_missing,
        "moment 08:00~08:02 SO2 avg=30",
        "moment 08:00~08:02 SO2 avg=30,-,30",
        Expected("SO2", "08:01", "08:01"),
    ),
    Check(
        "CHK-STR-EXTREMES-MISSING", Family.STRUCTURE, Level.HINT, Text("小时记录缺最小或最大值", "hour without Min or Max"),
        (HOUR,), EVERY, clauses.FIELDS, told("小时数据缺 Min 或 Max", "hour data without Min or Max"), _extremes_missing,
        "hour 08:00~09:00 SO2 min=20 avg=30 max=40",
        "hour 08:00~09:00 SO2 min=20 avg=30 max=40,-",
        Expected("SO2", "09:00", "09:00"),
    ),
    Check(
        "CHK-STR-AMOUNT-MISSING", Family.STRUCTURE, Level.ORDINARY, Text("小时记录缺排放量", "hour without amount"),
        (HOUR,), (*POLLUTANTS, FLOW), clauses.FIELDS, told("小时数据没有排放量 Cou", "hour data without Cou"), _amount_missing,
        "hour 08:00~09:00 SO2 avg=30 cou=1.5",
        "hour 08:00~09:00 SO2 avg=30 cou=1.5,-",
        Expected("SO2", "09:00", "09:00"),
    ),
    Check(
        "CHK-STR-CONVERTED-MISSING", Family.STRUCTURE, Level.ORDINARY, Text("小时记录缺折算值", "hour without converted mean"),
        (HOUR,), POLLUTANTS, clauses.FIELDS, told("污染物小时数据没有 ZsAvg", "hour data without ZsAvg"), _converted_missing,
        "hour 08:00~09:00 NOX avg=80 zs=90",
        "hour 08:00~09:00 NOX avg=80 zs=90,-",
        Expected("NOX", "09:00", "09:00"), needs=("reference_o2",),
    ),
    Check(
        "CHK-STR-CONVERTED-ODD", Family.STRUCTURE, Level.HINT, Text("烟气参数带折算值", "converted value of a parameter"),
        (MINUTE, HOUR), PARAMETERS, clauses.CONVERSION, told("烟气参数不应有折算值", "a flue-gas parameter has no converted value"),
        _converted_where_none,
        "hour 08:00~09:00 O2 avg=8",
        "hour 08:00~09:00 O2 avg=8 zs=8",
        Expected("O2", "08:00", "09:00"),
    ),
    Check(
        "CHK-STR-AMOUNT-ODD", Family.STRUCTURE, Level.HINT, Text("烟气参数带排放量", "amount of a parameter"),
        (HOUR, DAY), AUXILIARY, clauses.MASS_HOUR, told("烟气参数不应有排放量", "a flue-gas parameter has no amount"), _amount_where_none,
        "hour 08:00~09:00 T avg=60 cou=0",
        "hour 08:00~09:00 T avg=60 cou=3600",
        Expected("T", "08:00", "09:00"),
    ),
    Check(
        "CHK-STR-STATE-UNKNOWN", Family.STRUCTURE, Level.HINT, Text("设施状态值不在规范中", "unknown equipment state"),
        (STATE,), EVERY, clauses.STATES, told("设施运行状态 RS 不是规范规定的值", "RS is none of the standard's values"), _state_unknown,
        "state 08:00~08:02 SB1 rs=0,1,2",
        "state 08:00~08:02 SB1 rs=1,9,1",
        Expected("SB1", "08:01", "08:01"), ("standard.equipment_states",),
    ),
    Check(
        "CHK-STR-MN-FORM", Family.STRUCTURE, Level.HINT, Text("设备编号 MN 不合规范", "MN not in its form"),
        _ALL, EVERY, clauses.HEAD, told("设备唯一标识 MN 的写法不合 2017 年版", "MN is not in the form of 2017"), _mn_form,
        "hour 08:00 SO2 avg=30",
        "set mn=TY0102183V0001\nhour 08:00 SO2 avg=30",
        Expected(WHOLE, "00:00", "00:00"), ("standard.mn_form",), needs=("mn",),
    ),
    Check(
        "CHK-STR-CRC", Family.STRUCTURE, Level.ORDINARY, Text("校验不符的数据包多", "many frames with a wrong check"),
        _ALL, EVERY, clauses.CRC, told("多个数据包 CRC 不符，未采用", "several frames refused for their CRC"), _crc,
        "refused HJ212-CRC-MISMATCH=2\nhour 08:00 SO2 avg=30",
        "refused HJ212-CRC-MISMATCH=40\nhour 08:00 SO2 avg=30",
        Expected(WHOLE, "00:00", "00:00"), ("practice.refused_frames",),
    ),
    Check(
        "CHK-STR-LENGTH", Family.STRUCTURE, Level.ORDINARY, Text("长度不符的数据包多", "many frames with a wrong length"),
        _ALL, EVERY, clauses.HEAD, told("多个数据包长度不符，未采用", "several frames refused for their length"), _length,
        "refused HJ212-LENGTH-MISMATCH=1\nhour 08:00 SO2 avg=30",
        "refused HJ212-LENGTH-MISMATCH=25\nhour 08:00 SO2 avg=30",
        Expected(WHOLE, "00:00", "00:00"), ("practice.refused_frames",),
    ),
    Check(
        "CHK-STR-PASSWORD", Family.STRUCTURE, Level.ORDINARY, Text("访问密码不符", "wrong password"),
        _ALL, EVERY, clauses.HEAD, told("数据包的访问密码 PW 与登记不符", "frames with another password than registered"), _password,
        "hour 08:00 SO2 avg=30",
        "refused GATEWAY-PASSWORD-WRONG=3\nhour 08:00 SO2 avg=30",
        Expected(WHOLE, "00:00", "00:00"),
    ),
    Check(
        "CHK-STR-MN-TWICE", Family.STRUCTURE, Level.SERIOUS, Text("两台设备用同一编号", "two devices under one MN"),
        _ALL, EVERY, clauses.HEAD, told("两个来源同时用同一设备编号 MN 上传", "two sources send under one MN at a time"), _mn_twice,
        "hour 08:00 SO2 avg=30",
        "refused GATEWAY-MN-TWICE=1\nhour 08:00 SO2 avg=30",
        Expected(WHOLE, "00:00", "00:00"),
    ),
    Check(
        "CHK-STR-PARTS", Family.STRUCTURE, Level.ORDINARY, Text("分包未收齐", "parts missing"),
        _ALL, EVERY, clauses.PARTS, told("分包上传的数据没有收齐", "not all parts of a transmission came"), _parts,
        "hour 08:00 SO2 avg=30",
        "refused GATEWAY-PARTS-MISSING=2\nhour 08:00 SO2 avg=30",
        Expected(WHOLE, "00:00", "00:00"),
    ),
    Check(
        "CHK-STR-ALL-ZERO", Family.STRUCTURE, Level.ORDINARY, Text("各因子同时为零", "all factors zero"),
        (HOUR,), EVERY, clauses.OWN, told("标记正常的小时各因子均为 0，可能未取到仪表值", "all factors 0 in a normal hour"), _all_zero,
        "hour 08:00~09:00 SO2 avg=0\nhour 08:00~09:00 O2 avg=8\nhour 08:00~09:00 Q avg=0",
        "hour 08:00~09:00 SO2 avg=0\nhour 08:00~09:00 O2 avg=8,0\nhour 08:00~09:00 Q avg=0",
        Expected(WHOLE, "09:00", "09:00"),
    ),
)  # fmt: skip
