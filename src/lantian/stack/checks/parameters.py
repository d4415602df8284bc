"""The parameters of the checks; who calls fills them from the rulebook."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Standard:
    """Values that standards give."""

    PATH: ClassVar[str] = "stack.checks.standards"
    flags: tuple[str, ...]
    equipment_states: tuple[str, ...]
    eflag_characters: int
    mn_form: str
    o2_formula: Decimal


@dataclass(frozen=True, slots=True)
class Validity:
    """Least valid minutes of an hour and hours of a day."""

    hour_minutes: int
    day_hours: int


@dataclass(frozen=True, slots=True)
class MonthValidity:
    """Least valid days of a month."""

    days: int
    february_days: int


@dataclass(frozen=True, slots=True)
class Share:
    """A least share in %."""

    least: Decimal


@dataclass(frozen=True, slots=True)
class Cems:
    """What makes means and periods valid, as the referee reads it too."""

    PATH: ClassVar[str] = "stack.cems"
    validity: Validity
    month_validity: MonthValidity
    capture: Share
    transmission: Share


@dataclass(frozen=True, slots=True)
class Labels:
    """What marks about the plant do, by their words."""

    PATH: ClassVar[str] = "stack.marking.labels"
    condition: dict[str, str]


@dataclass(frozen=True, slots=True)
class Practice:
    """Thresholds of Lantian's own practice (未核实依据); shares in %, otherwise as named and in units of HJ 212-2017 B."""

    PATH: ClassVar[str] = "stack.checks.practice"
    join_minutes: int
    together_factors: int
    refused_frames: int
    near_range_percent: Decimal
    saturated_within_percent: Decimal
    saturated_minutes: int
    moisture_high_percent: Decimal
    temperature_least: Decimal
    temperature_most: Decimal
    gauge_pressure_kpa: Decimal
    absolute_kpa_least: Decimal
    absolute_kpa_most: Decimal
    velocity_most: Decimal
    converted_times: Decimal
    sentinels: tuple[Decimal, ...]
    running_o2: Decimal
    zero_hours: int
    range_times_limit: Decimal
    range_used_percent: Decimal
    clock_off_s: int
    late_moment_min: int
    late_minute_min: int
    late_hour_min: int
    late_day_min: int
    mean_percent: Decimal
    mean_least: Decimal
    revised_late_h: int
    moment_interval_s: int
    conversion_percent: Decimal
    conversion_least: Decimal
    conversion_o2_most: Decimal
    implied_from_mg: Decimal
    reference_o2_off: Decimal
    reference_hours: int
    flow_percent: Decimal
    running_velocity: Decimal
    unit_ratio_least: Decimal
    saturation_points: Decimal
    sum_percent: Decimal
    sum_least: Decimal
    running_temperature: Decimal
    air_o2: Decimal
    dilution_percent: Decimal
    dilution_o2: Decimal
    burning_temperature_least: Decimal
    burning_moisture_least: Decimal
    moment_percent: Decimal
    moment_count: int
    amount_percent: Decimal
    amount_least: Decimal
    minute_gap: int
    moment_gap: int
    factor_share_percent: Decimal
    still_pollutant_min: int
    still_oxygen_min: int
    still_parameter_min: int
    still_moisture_min: int
    still_hours: int
    held_minutes: int
    held_factors: int
    jump_range_percent: Decimal
    jump_o2: Decimal
    jump_temperature: Decimal
    jump_flow_times: Decimal
    unit_factors: tuple[Decimal, ...]
    unit_step_percent: Decimal
    places_minutes: int
    drop_from_mg: Decimal
    calibration_day_percent: Decimal
    maintenance_day_percent: Decimal
    communication_day_percent: Decimal
    calibration_minutes: int
    maintenance_minutes: int
    fault_minutes: int
    calibration_every_days: int
    exceedance_minutes: int
    response_range_percent: Decimal
    response_minutes: int
    zero_gas_mg: Decimal
    nitrogen_o2: Decimal
    zero_gas_minutes: int
    drift_minutes: int
    drift_range_percent: Decimal
    mark_within_h: int
    night_until: int
    night_minutes: int
    emitting_percent: Decimal
    still_velocity: Decimal
    idle_hours: int
    treatment_off_minutes: int
    treatment_short_h: Decimal
    start_mark_h: int
    start_labels: tuple[str, ...]
    fault_labels: tuple[str, ...]
    fault_mark_h: int
    short_mark_h: int
    bypass_velocity: Decimal
    bypass_flow_percent: Decimal
    bypass_cooler: Decimal
    bypass_o2: Decimal
    bypass_hours: int
    bypass_drop_percent: Decimal


@dataclass(frozen=True, slots=True)
class Parameters:
    """All of it as of a day, with the factors of HJ 212-2017 and what those of 2005 became."""

    practice: Practice
    standard: Standard
    cems: Cems
    labels: Labels
    factors: Collection[str]
    codes_2005: Mapping[str, str]

    @property
    def stopped(self) -> tuple[str, ...]:
        """Words of marks that say the plant does not run."""
        return tuple(word for word, effect in self.labels.condition.items() if effect == "stopped")
