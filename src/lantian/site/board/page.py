"""The board as its page shows it: the plan's city at the site's ``as_of``, with what was issued and decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from django.conf import settings

from lantian.air.item import PRINTED, SCALE
from lantian.basis.exact import plain_text, rounded
from lantian.site import clock, configured
from lantian.site.board import selectors
from lantian.site.year import selectors as year
from lantian.store.air import AirReader
from lantian.work.air_board import Board, board
from lantian.work.air_board_bases import NAMES, Pair
from lantian.work.air_board_validity import ItemRisk
from lantian.work.air_goals import NAMES as OUTLOOK_NAMES
from lantian.work.air_goals import UNITS as OUTLOOK_UNITS

if TYPE_CHECKING:
    from lantian.work.air_outlook import CityOutlook, TargetOutlook

_SYMBOLS = {"ug/m3": "µg/m³", "percent": "%", "d": "天"}


def present_board(asked: Fraction | None = None) -> Board:
    """The configured plan's board as the data stand now."""
    plan = configured.plan()
    return board(
        plan,
        AirReader(settings.DATA),
        clock.as_of(plan.id),
        issued=year.limits(plan.id),
        decided=selectors.decided(plan.id, plan.cities),
        exclusions=selectors.exclusions(),
        asked=asked,
    )


@dataclass(frozen=True, slots=True)
class OutlookRow:
    """One figure's outlook in printed words; ``reason`` where nothing can be said."""

    name: str
    so_far: str
    mean: str
    interval: str
    limit: str
    probability: str
    basis: str
    reason: str


def outlook_rows(found: CityOutlook | None) -> list[OutlookRow]:
    """The outlook, figure by figure; empty without data."""
    return [_outlook_row(one) for one in found.targets] if found else []


def _outlook_row(one: TargetOutlook) -> OutlookRow:
    unit = _SYMBOLS[OUTLOOK_UNITS[one.metric]]
    limit = f"{one.goal.comparator.replace('<=', '≤').replace('>=', '≥')} {_plain(one.goal.value)}" if one.goal else "—"
    return OutlookRow(
        name=f"{OUTLOOK_NAMES[one.metric].zh}（{unit}）",
        so_far=_one(one.so_far) if unit != "天" or one.so_far is None else f"{one.so_far:.0f}",
        mean=_one(one.mean),
        interval="—" if one.p10 is None else f"{_one(one.p10)} — {_one(one.p90)}",
        limit=limit,
        probability=chance(one.probability),
        basis=one.basis.zh if one.basis else "",
        reason=one.reason.zh if one.reason else "",
    )


def chance(probability: float | None) -> str:
    """A probability in whole percent; never 0 or 100, which an outlook cannot know, unless the year is over."""
    if probability is None:
        return "—"
    if probability in (0.0, 1.0):
        return f"{probability:.0%}"
    return "不到 1%" if probability < 0.01 else "超过 99%" if probability > 0.99 else f"{probability:.0%}"


def _one(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}"


def _plain(value: Fraction) -> str:
    return plain_text(rounded(value, SCALE), SCALE)


@dataclass(frozen=True, slots=True)
class PairRow:
    """One figure on two bases, printed."""

    name: str
    first: str
    second: str
    difference: str


def pair_rows(pair: Pair) -> list[PairRow]:
    """Rows of two bases side by side."""
    return [
        PairRow(NAMES[metric].zh, row.first.text or "—", row.second.text or "—", (row.text or "—").replace("-", "−"))
        for metric, row in pair.rows
    ]


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """One figure over the years: printed values, and this year against the last in words."""

    name: str
    values: tuple[str, ...]
    change: str


def period_rows(board_: Board) -> list[PeriodRow]:
    """The figures of the same days, one row each, this year first."""
    last = board_.periods[1].changes if len(board_.periods) > 1 else {}
    return [
        PeriodRow(
            name.zh,
            tuple(one.figures[metric].text or "—" for one in board_.periods),
            last.get(metric) or "—",
        )
        for metric, name in NAMES.items()
        if board_.periods
    ]


@dataclass(frozen=True, slots=True)
class RiskRow:
    """One item's year: valid days, days that may be lost, months failed, the tightest month to come."""

    name: str
    valid: int
    may_lose: int
    failed: str
    tightest: str
    mean_stands: bool
    percentile_stands: bool


def risk_rows(risks: Iterable[ItemRisk]) -> list[RiskRow]:
    """The risk of each item's year."""
    rows = []
    for one in risks:
        near = one.tightest
        tightest = f"{near.number} 月（还可缺 {near.may_lose} 天）" if near and near.may_lose >= 0 else "—"
        failed = "、".join(f"{number} 月" for number in one.failed)
        rows.append(
            RiskRow(
                PRINTED[one.item], one.valid, one.may_lose, failed, tightest, one.mean_stands, one.percentile_stands
            )
        )
    return rows
