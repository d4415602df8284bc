"""Words of the findings about station hours: what each is called, and what a person looks at first."""

from __future__ import annotations

from typing import Final

NATIONAL_RULE: Final = "国控站数据存疑应报省级监测中心，不得自行处理。"
UNCHANGED: Final = "提示不改动任何数据：所列数值照常参与统计，是否有效由有权审核的单位认定。"

# Code → (name, what to look at). What to look at is this program's advice, not a procedure of a standard.
KINDS: Final = {
    "AIR-QUALITY-STUCK": ("疑似恒值", "看仪器状态、采样流量和数据采集传输；与同城其他站同一时段比较"),
    "AIR-QUALITY-ZEROS": ("连续为零", "看是否缺测写成 0、零点漂移或正在校准"),
    "AIR-QUALITY-ZERO-THROUGHOUT": ("全部为零", "像是缺测写成 0；看导出设置和数据来源"),
    "AIR-QUALITY-JUMP": ("突升", "看前后各小时、同城其他站和当时风向；核对校准、维护和周边活动记录"),
    "AIR-QUALITY-FINE-ABOVE-COARSE": ("PM2.5 与 PM10 倒挂", "看两台颗粒物仪器的切割器、流量、加热和最近一次校准"),
    "AIR-QUALITY-NEGATIVE": ("负值", "看零点；负值如何处理由审核单位决定"),
    "AIR-QUALITY-DETECTION": ("多在检出限附近", "看仪器量程、零点和采样管路"),
    "AIR-QUALITY-NEIGHBOUR": ("与周边站不一致", "看仪器、采样口周边和当地排放；与其他项目是否同向"),
    "AIR-QUALITY-CAPTURE": ("捕获率不足", "看停电、通信和仪器维护记录；尽快恢复"),
}


def name_of(code: str) -> str:
    """What a finding is called."""
    return KINDS.get(code, (code, ""))[0]


def look_at(code: str) -> str:
    """What a person looks at first."""
    return KINDS.get(code, ("", ""))[1]
