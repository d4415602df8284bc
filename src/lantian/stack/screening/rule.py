"""The thresholds of the patterns, as the rulebook gives them (``stack.screening``; all are this program's own practice)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FlatRule:
    """Thresholds: ``stack.screening.flat``."""

    least_minutes: int
    least_hours: int


@dataclass(frozen=True, slots=True)
class ZeroRule:
    """Thresholds: ``stack.screening.zeros``."""

    least_minutes: int
    usual_least: Decimal


@dataclass(frozen=True, slots=True)
class LowVariationRule:
    """Thresholds: ``stack.screening.low_variation``."""

    window_hours: int
    share_percent: int
    load_percent: int


@dataclass(frozen=True, slots=True)
class SmoothRule:
    """Thresholds: ``stack.screening.smooth``."""

    window_hours: int
    ratio_percent: int
    rough_percent: int
    spread_percent: int


@dataclass(frozen=True, slots=True)
class RampRule:
    """Thresholds: ``stack.screening.ramp``."""

    least_minutes: int


@dataclass(frozen=True, slots=True)
class ReplayRule:
    """Thresholds: ``stack.screening.replay``."""

    window_minutes: int
    distinct: int


@dataclass(frozen=True, slots=True)
class DailyRepeatRule:
    """Thresholds: ``stack.screening.daily_repeat``."""

    likeness_percent: int
    days: int
    least_minutes: int


@dataclass(frozen=True, slots=True)
class CopyRule:
    """Thresholds: ``stack.screening.copy``."""

    likeness_percent: int
    hours: int


@dataclass(frozen=True, slots=True)
class TwinRule:
    """Thresholds: ``stack.screening.twin``."""

    likeness_percent: int
    hours: int


@dataclass(frozen=True, slots=True)
class RangeRule:
    """Thresholds: ``stack.screening.range``."""

    window_hours: int
    least_minutes: int


@dataclass(frozen=True, slots=True)
class ClipRule:
    """Thresholds: ``stack.screening.clip``."""

    from_percent: int
    band_percent: int
    outliers: int
    times: Decimal
    least_minutes: int
    least_hours: int


@dataclass(frozen=True, slots=True)
class PileRule:
    """Thresholds: ``stack.screening.pile``."""

    from_percent: int
    hours_a_day: int
    days: int


@dataclass(frozen=True, slots=True)
class DilutionRule:
    """Thresholds: ``stack.screening.dilution``."""

    window_hours: int
    least_hours: int
    oxygen_z: Decimal
    moisture_z: Decimal
    fall_percent: int


@dataclass(frozen=True, slots=True)
class OxygenRule:
    """Thresholds: ``stack.screening.oxygen``."""

    window_hours: int
    least_hours: int
    z: Decimal
    least: Decimal


@dataclass(frozen=True, slots=True)
class DecoupledRule:
    """Thresholds: ``stack.screening.decoupled``."""

    window_hours: int
    fit_percent: int
    slope_percent: int
    moved_percent: int
    memory_hours: int
    z: Decimal


@dataclass(frozen=True, slots=True)
class FlowRule:
    """Thresholds: ``stack.screening.flow``."""

    window_hours: int
    least_hours: int
    z: Decimal
    least_percent: int


@dataclass(frozen=True, slots=True)
class TemperatureRule:
    """Thresholds: ``stack.screening.temperature``."""

    window_hours: int
    least_hours: int
    z: Decimal
    least: Decimal


@dataclass(frozen=True, slots=True)
class ProbeRule:
    """Thresholds: ``stack.screening.probe``."""

    least_minutes: int
    oxygen: Decimal
    flow_percent: int
    level_percent: int


@dataclass(frozen=True, slots=True)
class DigitRule:
    """Thresholds: ``stack.screening.digits``."""

    least_values: int
    steps_least: int
    skew_percent: int


@dataclass(frozen=True, slots=True)
class ShiftRule:
    """Thresholds: ``stack.screening.shift``."""

    most_minutes: int
    least_minutes: int
    window_days: int
    z: Decimal
    usual_z: Decimal
    times: Decimal


@dataclass(frozen=True, slots=True)
class CoverRule:
    """Thresholds: ``stack.screening.cover``."""

    least_minutes: int
    before_minutes: int
    jump_percent: int
    over_percent: int
    near_percent: int


@dataclass(frozen=True, slots=True)
class ShareRule:
    """Thresholds: ``stack.screening.share``."""

    window_days: int
    percent: int
    day_minutes: int
    days: int


@dataclass(frozen=True, slots=True)
class ClusterRule:
    """Thresholds: ``stack.screening.cluster``."""

    least_minutes: int
    night_from: int
    night_until: int
    least: int
    percent: int


@dataclass(frozen=True, slots=True)
class HandRule:
    """Thresholds: ``stack.screening.hand``."""

    least_minutes: int


@dataclass(frozen=True, slots=True)
class GapRule:
    """Thresholds: ``stack.screening.gap``."""

    least_minutes: int
    beside_minutes: int
    quantile_percent: int
    least: int
    percent: int


@dataclass(frozen=True, slots=True)
class RunningRule:
    """Thresholds: ``stack.screening.running``."""

    least_minutes: int
    flow_percent: int
    heat_percent: int
    oxygen: Decimal


@dataclass(frozen=True, slots=True)
class IdleRule:
    """Thresholds: ``stack.screening.idle``."""

    least_minutes: int
    flow_percent: int
    oxygen: Decimal
    level_percent: int


@dataclass(frozen=True, slots=True)
class StepRule:
    """Thresholds: ``stack.screening.step``."""

    window_hours: int
    least_percent: int
    z: Decimal


@dataclass(frozen=True, slots=True)
class SeasonRule:
    """Thresholds: ``stack.screening.season``."""

    least_days: int
    days: int
    z: Decimal
    floor: Decimal
    least_percent: int


@dataclass(frozen=True, slots=True)
class NightRule:
    """Thresholds: ``stack.screening.night``."""

    night_from: int
    night_until: int
    day_from: int
    day_until: int
    least_percent: int
    z: Decimal
    nights: int


@dataclass(frozen=True, slots=True)
class FormulaRule:
    """Thresholds: ``stack.screening.formula``."""

    oxygen_to: Decimal
    percent: Decimal
    steps_least: int
    least_minutes: int
    share_percent: int
    reference_spread: Decimal


@dataclass(frozen=True, slots=True)
class HourRule:
    """Thresholds: ``stack.screening.hour``."""

    least_minutes: int
    percent: int
    gap_hours: int
    least_hours: int


@dataclass(frozen=True, slots=True)
class MassRule:
    """Thresholds: ``stack.screening.mass``."""

    least_hours: int
    usual_percent: int
    percent: int


@dataclass(frozen=True, slots=True)
class Screening:
    """All thresholds of the tamper screening (数据异常初筛), and how much of the past is a baseline."""

    PATH: ClassVar[str] = "stack.screening"
    lookback_days: int
    joined_hours: int
    flat: FlatRule
    zeros: ZeroRule
    low_variation: LowVariationRule
    smooth: SmoothRule
    ramp: RampRule
    replay: ReplayRule
    daily_repeat: DailyRepeatRule
    copy: CopyRule
    twin: TwinRule
    range: RangeRule
    clip: ClipRule
    pile: PileRule
    dilution: DilutionRule
    oxygen: OxygenRule
    decoupled: DecoupledRule
    flow: FlowRule
    temperature: TemperatureRule
    probe: ProbeRule
    digits: DigitRule
    shift: ShiftRule
    cover: CoverRule
    share: ShareRule
    cluster: ClusterRule
    hand: HandRule
    gap: GapRule
    running: RunningRule
    idle: IdleRule
    step: StepRule
    season: SeasonRule
    night: NightRule
    formula: FormulaRule
    hour: HourRule
    mass: MassRule
