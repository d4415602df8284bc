"""The catalogue of patterns: what each is called, how its numbers are told, where an inspector looks, which are near kin.

A pattern seen is a lead (疑似、线索). Kin are patterns one and the same act can show as; the suite counts them apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lantian.basis.finding import Text


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern; ``says`` takes the numbers of an alarm's evidence."""

    id: str
    name: Text
    says: str
    look_at: str
    kin: tuple[str, ...] = ()

    def told(self, evidence: Mapping[str, float | int | str]) -> str:
        """The numbers of an alarm in a sentence."""
        return self.says.format_map(evidence)


_GIVEN: Final = (
    Pattern(
        "flat_line",
        Text("恒值", "flat line"),
        "连续 {minutes} 分钟为同一数值 {value}，按本排放口平时重复情况，{need} 分钟以上即属少见",
        "核对分析仪显示值、数采仪原始值与上报值；检查信号线、采样泵和仪器状态，调取同时段工况和视频",
        ("low_variation", "interpolated", "zero_padding"),
    ),
    Pattern(
        "zero_padding",
        Text("零值或负值充填", "zeros or negative values in operation"),
        "运行中连续 {minutes} 分钟为零或负值，平时中位数为 {usual}",
        "检查采样管路是否断开或堵塞、零气阀是否常开，核对零点校准记录",
        ("flat_line", "probe_pulled"),
    ),
    Pattern(
        "low_variation",
        Text("波动异常小", "variation far below the instrument's own noise"),
        "{hours} 小时内波动只有平时的 {percent}%（平时标准差 {usual}），同期负荷有变化",
        "核对数采仪是否经过软件处理或模拟信号发生器；比对分析仪就地显示值，现场通标气",
        ("flat_line", "smoothed", "interpolated"),
    ),
    Pattern(
        "smoothed",
        Text("疑似平滑处理", "smoothed values"),
        "{hours} 小时内逐分钟变化只有平时的 {percent}%，而总体起伏照旧",
        "检查分析仪阻尼（平均时间）设置和数采仪滤波参数的修改记录",
        ("low_variation",),
    ),
    Pattern(
        "interpolated",
        Text("直线变化", "straight lines"),
        "连续 {minutes} 分钟由 {from} 到 {to} 按直线变化",
        "核对该时段是否缺测后补数，补数依据和操作人员是否有记录",
        ("flat_line", "low_variation", "smoothed"),
    ),
    Pattern(
        "replayed_day",
        Text("跨日数据重复", "an earlier day repeated digit by digit"),
        "{minutes} 分钟与 {from} 起的数据逐位相同",
        "调取数采仪原始数据库和上报日志，核对分析仪存储值；检查数采仪内有无回放程序",
        ("repeated_block", "daily_repeat"),
    ),
    Pattern(
        "repeated_block",
        Text("数据段重复", "a block repeated digit by digit"),
        "{minutes} 分钟与 {lag_minutes} 分钟以前（{from} 起）的数据逐位相同",
        "调取数采仪原始数据库和上报日志，核对分析仪存储值",
        ("replayed_day", "daily_repeat"),
    ),
    Pattern(
        "daily_repeat",
        Text("逐日同形", "every day alike"),
        "{days} 天的分钟变化与前一天同一时刻几乎一致（相关 {likeness}）",
        "检查数采仪是否按固定曲线生成数据，比对分析仪就地显示值",
        ("replayed_day", "repeated_block"),
    ),
    Pattern(
        "scaled_copy",
        Text("因子间等比", "one factor made from another"),
        "{hours} 小时内与 {other} 的快速变化几乎一致（相关 {likeness}）",
        "核对两个因子的通道配置和计算公式，现场分别通标气",
        ("twin_outlets",),
    ),
    Pattern(
        "twin_outlets",
        Text("排放口同源", "two outlets with one curve"),
        "{hours} 小时内与排放口 {other} 的变化几乎一致（相关 {likeness}）",
        "核对两个排放口的分析仪、采样管线和数采仪通道是否共用",
        ("scaled_copy",),
    ),
    Pattern(
        "truncated_range",
        Text("量程截断", "range cut off at a round number"),
        "实测值 {minutes} 分钟停在整数 {value}，无超量程标记",
        "核对分析仪和数采仪量程设置及修改记录，检查是否缩小量程",
        ("clipped_below_limit",),
    ),
    Pattern(
        "clipped_below_limit",
        Text("限值下封顶", "a lid just below the limit"),
        "{days} 天内 {minutes} 分钟的折算值挤在限值的 {percent}% 以下，以上几乎没有",
        "核对数采仪上限、报警和计算设置，比对分析仪存储值与上报值",
        ("truncated_range", "piled_below_limit"),
    ),
    Pattern(
        "piled_below_limit",
        Text("限值下堆积", "values heaped just below the limit"),
        "{days} 天内 {hours} 个小时均值紧贴限值，超过限值的 {above} 个",
        "核对治理设施药剂用量、控制记录与浓度是否相符，比对分析仪存储值",
        ("clipped_below_limit",),
    ),
    Pattern(
        "dilution_air",
        Text("疑似稀释", "diluted sample"),
        "{hours} 小时内氧含量比按负荷推算高 {oxygen} 个百分点，湿度差 {moisture}，污染物至少低 {percent}%",
        "检查采样探头、伴热管和法兰有无漏风或人为通入空气，探头位置是否移动",
        ("probe_pulled",),
    ),
    Pattern(
        "oxygen_lowered",
        Text("氧含量偏低", "oxygen read too low"),
        "{hours} 小时内氧含量平均 {oxygen}%，按负荷和湿度推算应为 {expected}%",
        "核对氧量量程、零点和斜率修改记录，现场通标气并用便携仪比对",
        ("oxygen_decoupled",),
    ),
    Pattern(
        "oxygen_decoupled",
        Text("氧含量不随负荷变化", "oxygen no longer follows the load"),
        "{hours} 小时内氧含量对负荷的响应斜率为 {slope}（平时为 1，拟合度 {fit}）",
        "核对氧量信号来源和设置，用便携仪比对",
        ("oxygen_lowered",),
    ),
    Pattern(
        "probe_pulled",
        Text("疑似拔出探头", "probe out of the gas"),
        "{minutes} 分钟氧含量 {oxygen}%，接近环境空气，而烟气仍在流动，且无维护标记",
        "检查采样探头和管路连接，调取站房与采样平台视频",
        ("dilution_air", "zero_padding"),
    ),
    Pattern(
        "temperature_mismatch",
        Text("烟温与负荷不符", "temperature against load"),
        "{hours} 小时内烟温平均 {temperature}℃，按负荷和氧含量推算应为 {expected}℃",
        "检查测温元件位置和设置，核对旁路挡板、换热和脱硫设施运行记录",
    ),
    Pattern(
        "flow_not_following",
        Text("流速与工况不符", "flow that does not follow the load"),
        "{hours} 小时内流速偏离按氧含量、烟温和湿度推算的水平",
        "核对皮托管、速度场系数和烟道截面积设置，手工比对流速",
    ),
    Pattern(
        "digit_preference",
        Text("末位数字偏好", "uneven last digits"),
        "{values} 个分钟值中末位为 {digit} 的占 {percent}%（正常约 10%）",
        "核对数据是否人工录入或由公式生成，调取数采仪原始值",
    ),
    Pattern(
        "time_shift",
        Text("时间错位", "shifted in time"),
        "污染物浓度比同一烟气的氧含量变化晚 {lag_minutes} 分钟（平时同步）",
        "核对数采仪、分析仪时钟和数据缓存、补传设置",
    ),
    Pattern(
        "marks_cover_excess",
        Text("标记掩盖超标线索", "flags over an exceedance"),
        "标记 {flag} 持续 {minutes} 分钟，起始前折算值为限值的 {before_percent}%，标记期间 {over_percent}% 的时间超过限值",
        "核对校准、维护记录和标气用量、人员到场视频，查明标记由谁设置",
        ("maintenance_share", "marks_clustered"),
    ),
    Pattern(
        "maintenance_share",
        Text("维护校准标记过多", "too much time under flags"),
        "一周内维护、校准、故障标记占 {percent}%，共 {minutes} 分钟",
        "核对运维台账、备件和标气消耗与标记是否相符",
        ("marks_cover_excess", "marks_clustered"),
    ),
    Pattern(
        "marks_clustered",
        Text("标记集中在夜间", "flags clustered at night"),
        "{all} 段维护、校准、故障标记中有 {night} 段在夜间，共 {minutes} 分钟",
        "核对夜间运维人员到场记录、门禁和视频",
        ("marks_cover_excess", "maintenance_share"),
    ),
    Pattern(
        "set_by_hand",
        Text("手工设定值", "values set by hand"),
        "运行中 {minutes} 分钟的数据带手工设定标记",
        "查明设定人员、依据和审批，调取数采仪操作日志",
        ("flat_line",),
    ),
    Pattern(
        "missing_when_high",
        Text("高值时缺测", "gaps where values are high"),
        "{all} 段缺测中有 {gaps} 段紧邻高值（大于 {above}）",
        "核对断电、断网记录，比对分析仪存储值，要求补传缺测时段",
    ),
    Pattern(
        "stopped_but_running",
        Text("停运标记与烟气不符", "marked as stopped while gas says running"),
        "标记停运 {minutes} 分钟，期间流速 {velocity} m/s、氧含量 {oxygen}%，与运行时相近",
        "核对用电、燃料、产量和运行日志，现场查看是否停运",
    ),
    Pattern(
        "running_but_stopped",
        Text("无烟气而浓度如常", "usual concentrations without gas"),
        "{minutes} 分钟流速平均 {velocity} m/s 或氧含量接近空气，浓度仍为 {level}",
        "核对生产是否停运、数据是否由程序生成，比对分析仪存储值",
    ),
    Pattern(
        "level_shift",
        Text("水平突变", "sudden change of level"),
        "某一时刻起浓度水平变化 {percent}%（平时波动的 {z} 倍），而无相应记录",
        "核对斜率、截距、量程、修正系数的修改记录和校准记录，现场通标气",
        ("season_break",),
    ),
    Pattern(
        "season_break",
        Text("偏离自身基线", "break with the outlet's own base line"),
        "{days} 天的日均水平偏离自身基线 {percent}%（{z} 倍标准差）",
        "核对原料、负荷和治理设施运行有无相应变化，再查仪器设置",
        ("level_shift",),
    ),
    Pattern(
        "night_drop",
        Text("夜间偏低", "lower at night with the same load"),
        "{nights} 个夜间比前后白天低 {percent}%，而流速相近",
        "夜间突击检查，核对夜间参数修改记录和治理设施运行",
    ),
    Pattern(
        "reference_o2_changed",
        Text("折算基准氧不符", "another reference oxygen"),
        "{minutes} 分钟的折算值按基准氧 {implied}% 计算，登记为 {reference}%",
        "核对数采仪基准氧含量（或过量空气系数）设置及修改记录",
        ("converted_mismatch",),
    ),
    Pattern(
        "converted_mismatch",
        Text("折算值与公式不符", "converted values not by the formula"),
        "{minutes} 分钟的折算值与按实测值、氧含量计算的相差 {percent}%",
        "核对数采仪计算公式和参数，比对分析仪存储值与上报值",
        ("reference_o2_changed",),
    ),
    Pattern(
        "hour_mean_mismatch",
        Text("小时均值与分钟不符", "hour means not those of the minutes"),
        "{hours} 个小时均值与分钟均值相差 {percent}%",
        "核对数采仪小时统计方法和上报日志，要求补传分钟数据",
    ),
    Pattern(
        "mass_zero",
        Text("浓度正常而排放量为零", "no mass although concentration and flow are usual"),
        "{hours} 小时排放量为零或未报，按浓度和流量应约 {due} 千克",
        "核对流量通道、截面积和累计量计算设置",
        ("mass_mismatch",),
    ),
    Pattern(
        "mass_mismatch",
        Text("排放量与浓度、流量不符", "mass not concentration times flow"),
        "{hours} 小时排放量与浓度乘流量相差 {percent}%",
        "核对累计量公式、流量和截面积设置",
        ("mass_zero",),
    ),
)
PATTERNS: Final[Mapping[str, Pattern]] = {one.id: one for one in _GIVEN}
