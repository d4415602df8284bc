"""The words of what the gateway itself notices: code → severity, text."""

from __future__ import annotations

from lantian.basis.finding import Finding, Severity, Text

_R, _W = Severity.REFUSED, Severity.WARNING

TEXTS: dict[str, tuple[Severity, str, str]] = {
    "GATEWAY-PASSWORD-WRONG": (
        _R,
        "访问密码与登记的不符：数据包隔离保存，不计入监测数据。请核对设备密码或登记",
        "the password is not the registered one: the frame is kept aside; check the device or the register",
    ),
    "GATEWAY-MN-TWICE": (
        _W,
        "两个连接同时以同一 MN 发送，疑似 MN 重复或有第二台设备",
        "two connections send under one MN at the same time: a doubled MN or a second device is suspected",
    ),
    "GATEWAY-CLOCK-OFF": (
        _W,
        "数采仪时钟与平台时钟相差过大（QN）",
        "the clock of the device is far from the platform's (QN)",
    ),
    "GATEWAY-TIME-FUTURE": (_W, "数据时间晚于平台时间", "the time of the data lies ahead of the platform's clock"),
    "GATEWAY-PARTS-MISSING": (_W, "分包未收齐", "not all parts of a transmission came"),
    "GATEWAY-REFUSED-MUCH": (
        _W,
        "该地址的无效内容过多，只保存开头",
        "too much from this address in vain: only the beginning is kept",
    ),
    "GATEWAY-ADDRESS-FULL": (
        _W,
        "该地址的连接数超过上限，新连接已拒绝",
        "more connections from this address than allowed: new ones are refused",
    ),
    "GATEWAY-UNANSWERABLE": (
        _W,
        "包头含有不能写进应答的字符，已保存但无法应答",
        "kept, but its head holds characters that no answer can repeat",
    ),
    "GATEWAY-NO-ANSWER": (
        _W,
        "设备多次未应答平台命令",
        "the device did not answer a command of the platform, repeated as often as the rule says",
    ),
    "GATEWAY-SERVER-CLOCK": (
        _W,
        "平台时钟跳变：收到时间此处不连续，次序以编号为准",
        "the platform's own clock jumped: instants of receipt are not continuous here, the order is that of the numbers",
    ),
}


def finding(code: str, met: str = "") -> Finding:
    """The finding, with what was met in brackets."""
    severity, zh, en = TEXTS[code]
    return Finding(code, severity, Text(f"{zh}（{met}）", f"{en} ({met})") if met else Text(zh, en))
