"""The clauses checks stand on. What is general knowledge only is unverified, and a clause whose number is not known says so."""

from __future__ import annotations

from typing import Final

from lantian.basis.finding import Text
from lantian.stack.checks.check import Clause

OWN: Final = Clause(Text("本程序的做法", "own practice"), "unverified")
PHYSICS: Final = Clause(Text("物理常识；本程序的做法", "physics; own practice"), "unverified")
FLAGS: Final = Clause(Text("HJ 212-2017 表 8", "HJ 212-2017 table 8"), "verified")
STATES: Final = Clause(Text("HJ 212-2017 表 4（RS）", "HJ 212-2017 table 4 (RS)"), "one-source")
FIELDS: Final = Clause(Text("HJ 212-2017 表 4", "HJ 212-2017 table 4"), "one-source")
SYNTAX: Final = Clause(Text("HJ 212-2017 第 6.3.3 条和表 4", "HJ 212-2017 6.3.3 and table 4"), "verified")
LABEL: Final = Clause(
    Text(
        "HJ 212-2017 表 4（分钟、小时、日数据的时间为时段开始）",
        "HJ 212-2017 table 4 (periods are labelled by their start)",
    ),
    "verified",
)
HEAD: Final = Clause(Text("HJ 212-2017 第 6.3 条", "HJ 212-2017 6.3"), "verified")
CRC: Final = Clause(Text("HJ 212-2017 附录 A", "HJ 212-2017 appendix A"), "verified")
FACTORS: Final = Clause(Text("HJ 212-2017 附录 B 表 B.2", "HJ 212-2017 appendix B table B.2"), "one-source")
PARTS: Final = Clause(Text("HJ 212-2017 附录 C 表 C.49、C.50", "HJ 212-2017 appendix C.49, C.50"), "one-source")
PULL: Final = Clause(Text("HJ 212-2017 第 6.5 条和附录 C", "HJ 212-2017 6.5 and appendix C"), "one-source")
MINUTE_MEAN: Final = Clause(Text("HJ 212-2017 附录 D.2 式 23", "HJ 212-2017 D.2 eq. 23"), "one-source")
HOUR_MEAN: Final = Clause(
    Text(
        "HJ 212-2017 附录 D.2 式 24；HJ 75-2017（条款待核实）",
        "HJ 212-2017 D.2 eq. 24; HJ 75-2017 (clause to be checked)",
    ),
    "verified",
)
DAY_MEAN: Final = Clause(Text("HJ 212-2017 附录 D.2 式 25", "HJ 212-2017 D.2 eq. 25"), "verified")
NOX_SUM: Final = Clause(Text("HJ 212-2017 附录 D.2 式 21", "HJ 212-2017 D.2 eq. 21"), "one-source")
CONVERSION: Final = Clause(Text("HJ 212-2017 附录 D.2 式 28", "HJ 212-2017 D.2 eq. 28"), "verified")
STANDARD_FLOW: Final = Clause(Text("HJ 212-2017 附录 D.2 式 30、31", "HJ 212-2017 D.2 eq. 30, 31"), "one-source")
MASS_HOUR: Final = Clause(Text("HJ 212-2017 附录 D.2 式 33", "HJ 212-2017 D.2 eq. 33"), "verified")
MASS_DAY: Final = Clause(
    Text("HJ 212-2017 附录 D.2 式 34（单位见说明）", "HJ 212-2017 D.2 eq. 34 (unit as explained)"), "one-source"
)
MONTH: Final = Clause(
    Text("HJ 76-2017 数据处理要求（转载，条款待核实）", "HJ 76-2017, data rules (reprint, clause to be checked)"),
    "one-source",
)
CAPTURE: Final = Clause(
    Text("HJ 75-2017（季度有效数据捕集率，条款待核实）", "HJ 75-2017 (quarterly capture rate, clause to be checked)"),
    "verified",
)
TRANSMISSION: Final = Clause(
    Text("传输有效率国家考核指标（出处待核实）", "national assessment of transmission (source to be checked)"),
    "unverified",
)
HJ75: Final = Clause(Text("HJ 75-2017（条款待核实）", "HJ 75-2017 (clause to be checked)"), "unverified")
HJ76: Final = Clause(Text("HJ 76-2017（条款待核实）", "HJ 76-2017 (clause to be checked)"), "unverified")
MARKING: Final = Clause(
    Text(
        "生态环境部公告 2022 年第 21 号（标记规则，条款待核实）",
        "MEE announcement 2022 No. 21 (marking, clause to be checked)",
    ),
    "unverified",
)
BYPASS: Final = Clause(
    Text("《环境监测数据弄虚作假行为判定及处理办法》（转述）；HJ 75-2017（条款待核实）",
         "measures on falsified monitoring data (second hand); HJ 75-2017 (clause to be checked)"),
    "unverified",
)  # fmt: skip
