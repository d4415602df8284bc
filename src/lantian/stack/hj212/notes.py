"""The words of every deviation: code → text in Chinese and English, severity, clause."""

from __future__ import annotations

from lantian.basis.finding import Finding, Place, Severity, Text
from lantian.stack.hj212.events import Note

_R, _W, _N = Severity.REFUSED, Severity.WARNING, Severity.NOTE
_FRAME = "HJ 212-2017 6.3.1"
_FIELDS = "HJ 212-2017 6.3.2"
_AREA = "HJ 212-2017 6.3.3"

TEXTS: dict[str, tuple[Severity, str, str, str | None]] = {
    "HJ212-GARBAGE": (_R, "不属于任何数据包的字节", "bytes that belong to no frame", _FRAME),
    "HJ212-NO-HEAD": (_R, "数据包缺少包头“##”", "a frame without its head ##", _FRAME),
    "HJ212-LENGTH-FORM": (_W, "数据段长度不是四位数字", "the length field is not four digits", _FRAME),
    "HJ212-LENGTH-MISMATCH": (_R, "数据段长度不符（所报/实际）", "the length is wrong (declared / actual)", _FRAME),
    "HJ212-LENGTH-CHARACTERS": (
        _N,
        "数据段长度按字符计，不是字节数（所报/字节）",
        "the length counts characters, not bytes (declared / bytes)",
        _FRAME,
    ),
    "HJ212-SEGMENT-LONG": (_W, "数据段超过 1024 字节", "the data segment exceeds 1024 bytes", _FRAME),
    "HJ212-CRC-FORM": (_R, "CRC 不是四位十六进制数", "the check is not four hexadecimal digits", "HJ 212-2017 A"),
    "HJ212-CRC-MISMATCH": (_R, "CRC 不符（所报/应为）", "the check is wrong (given / computed)", "HJ 212-2017 A"),
    "HJ212-CRC-LOWER": (_N, "CRC 用了小写字母", "the check is in lower case", "HJ 212-2017 A"),
    "HJ212-CRC-VARIANT": (_W, "按本设备设定采用了另一种校验", "another check, as set for this device", "HJ 212-2017 A"),
    "HJ212-END-MISSING": (_W, "数据包后没有回车换行", "no CR LF after the frame", _FRAME),
    "HJ212-END-DOUBLED": (_N, "多余的回车换行", "one CR LF too many", _FRAME),
    "HJ212-END-ODD": (_W, "结束符不是回车换行", "the end of the frame is not CR LF", _FRAME),
    "HJ212-CP-MISSING": (_W, "没有数据区 CP=&&", "no data area CP=&&", _FIELDS),
    "HJ212-CP-FORM": (_W, "数据区的开头不是“CP=&&”", "the data area does not begin with CP=&&", _FIELDS),
    "HJ212-CP-OPEN": (_W, "数据区没有以“&&”结束", "the data area does not end in &&", _FIELDS),
    "HJ212-NO-CN": (_R, "没有命令编码 CN，无法识别", "no command CN: cannot be told what it is", _FIELDS),
    "HJ212-NO-MN": (_R, "没有设备标识 MN，不知是谁的数据", "no MN: cannot be told whose it is", _FIELDS),
    "HJ212-TEXT": (_W, "含有不能识别的字符", "characters that cannot be read", "HJ 212-2017 6.3"),
    "HJ212-TEXT-GB18030": (
        _N,
        "文字不是 UTF-8，按 GB 18030 识读",
        "text is not UTF-8, read as GB 18030",
        "HJ 212-2017 6.3",
    ),
    "HJ212-SEALED": (
        _R,
        "数据区已加密，没有这台设备的密钥",
        "enciphered, and no key for this device",
        "HJ 212-2025 A.2",
    ),
    "HJ212-SEALED-WRONG": (_R, "数据区解密后校验不符", "deciphered, the check is wrong", "HJ 212-2025 A.2"),
    "HJ212-HEADER-COMMA": (_W, "包头字段间用了逗号", "a comma between header fields", _FIELDS),
    "HJ212-HEADER-ORDER": (_N, "包头字段的次序不合规范", "the order of header fields", _FIELDS),
    "HJ212-HEADER-JOINT": (_N, "包头字段间的分号多了或少了", "a semicolon too many or missing in the header", _FIELDS),
    "HJ212-CHARACTER": (_W, "含有规范不许的字符，照收", "characters the standard does not allow, kept", _FRAME),
    "HJ212-JOINT": (
        _N,
        "逗号、分号用法不合规范（同一因子内逗号，因子间分号）",
        "commas and semicolons exchanged (a comma within a factor, a semicolon between factors)",
        _AREA,
    ),
    "HJ212-KEY-CASE": (_N, "字段名大小写不合规范", "the spelling of a field name", _FIELDS),
    "HJ212-KEY-UNKNOWN": (_W, "规范没有的包头字段", "a header field the standard does not know", _FIELDS),
    "HJ212-NO-EQUALS": (_W, "缺少等号的内容，未采用", "a part without “=”, left out", _AREA),
    "HJ212-REPEATED": (_W, "字段重复，取最后一个", "a field given twice: the last one stands", _AREA),
    "HJ212-EMPTY-PART": (_N, "多余的逗号或分号", "a comma or semicolon too many", _AREA),
    "HJ212-BLANK": (_N, "多余的空格", "blanks that do not belong there", _AREA),
    "HJ212-QN-ABSENT": (_N, "没有请求编码 QN", "no QN", _FIELDS),
    "HJ212-QN-FORM": (_W, "QN 不是 17 位时间", "QN is not a time of 17 digits", _FIELDS),
    "HJ212-ST-ABSENT": (_W, "没有系统编码 ST", "no ST", _FIELDS),
    "HJ212-ST-UNKNOWN": (_W, "未知的系统编码 ST", "an unknown ST", "HJ 212-2017 table 5"),
    "HJ212-CN-UNKNOWN": (_W, "这一版本没有的命令编码 CN", "a CN this edition does not have", "HJ 212-2017 table 9"),
    "HJ212-PW-ABSENT": (_N, "没有访问密码 PW", "no PW", _FIELDS),
    "HJ212-PW-FORM": (_N, "PW 不是 6 个字符", "PW is not 6 characters", _FIELDS),
    "HJ212-MN-FORM": (_N, "MN 的写法不合这一版本", "MN is not in the form of its edition", _FIELDS),
    "HJ212-FLAG-ABSENT": (
        _N,
        "没有 Flag，按 2005 年版识读",
        "no Flag: read as the edition of 2005",
        "HJ 212-2017 table 3",
    ),
    "HJ212-FLAG-FORM": (_W, "Flag 不是 0～255 的数", "Flag is no number from 0 to 255", "HJ 212-2017 table 3"),
    "HJ212-VERSION-UNKNOWN": (
        _W,
        "Flag 的版本号没有对应的标准",
        "no edition has the version in Flag",
        "HJ 212-2017 table 3",
    ),
    "HJ212-PARTS-ABSENT": (_W, "分包，但 PNUM、PNO 不全", "a sub-packet without PNUM or PNO", _FIELDS),
    "HJ212-PARTS-UNANNOUNCED": (
        _N,
        "有 PNUM、PNO，但 Flag 未表示分包",
        "PNUM and PNO without the bit in Flag",
        _FIELDS,
    ),
    "HJ212-PARTS-FORM": (_W, "PNUM、PNO 不是 1 到总包数的数", "PNO is not a number from 1 to PNUM", _FIELDS),
    "HJ212-AREA-LONG": (_N, "数据区超过规范长度", "the data area exceeds the standard's length", _FIELDS),
    "HJ212-RESENT-FORM": (_W, "补传标记 RF 不合规范（只有 2025 年版的 RF=1）", "RF is only 1, of 2025", "HJ 212-2025"),
    "HJ212-TIME-ABSENT": (_W, "数据没有时间 DataTime", "data without DataTime", _AREA),
    "HJ212-TIME-FORM": (_W, "时间不是 14 位的有效时间", "a time that is not 14 digits of a real moment", _AREA),
    "HJ212-NUMBER-FORM": (_W, "应为数字的值不是数字", "a value that should be a number is none", _AREA),
    "HJ212-DATA-FLAG-UNKNOWN": (_W, "未知的数据标记", "an unknown data flag", "HJ 212-2017 table 8"),
    "HJ212-DATA-FLAG-ABSENT": (_N, "数据没有标记 Flag", "a value without its data flag", "HJ 212-2017 table 8"),
    "HJ212-FACTOR-UNKNOWN": (_N, "编码表没有的因子，照收", "a factor not in the table, kept", "HJ 212-2017 B"),
    "HJ212-FIELD-UNKNOWN": (_N, "规范没有的数据字段，照收", "a field the standard does not know, kept", _AREA),
    "HJ212-RESULT-UNKNOWN": (_W, "未知的返回码", "an unknown return code", "HJ 212-2017 tables 6 and 7"),
    "HJ212-SETTING-RANGE": (_W, "设置值超出规范范围", "a setting outside its range", "HJ 212-2017 table 4"),
}


def finding(note: Note, place: Place | None = None) -> Finding:
    """The finding of a deviation, with what was met in brackets."""
    severity, zh, en, clause = TEXTS[note.code]
    text = Text(f"{zh}（{note.met}）", f"{en} ({note.met})") if note.met else Text(zh, en)
    return Finding(note.code, severity, text, place or Place(), clause)
