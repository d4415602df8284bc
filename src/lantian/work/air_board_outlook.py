"""The board's outlook: where the year will end under each limit in force. For staff only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lantian.basis.period import Days
from lantian.rulebook.dated import TOTAL_FROM
from lantian.work.air_board import Board
from lantian.work.air_goals import Goal

if TYPE_CHECKING:
    from lantian.work.air_outlook import CityOutlook


def board_outlook(board: Board) -> CityOutlook | None:
    """The outlook of every figure of the year against the board's limits; None without days of the city on the board's basis.

    It reads the days as measured, of the kind of values the board stands on; days taken out are in it.
    """
    from lantian.work.air_outlook import city_outlook  # numpy is loaded when an outlook is asked for

    if board.air is None or not board.has_data:
        return None
    values = board.basis.values
    days = board.air.reader.table(board.air.city, Days(TOTAL_FROM, board.as_of), values=values)
    if days.is_empty():
        return None
    goals = [Goal(one.metric, one.comparator, one.value, one.source) for one in board.limits]
    return city_outlook(
        days.drop("aqi", "edition"), board.air.city, board.as_of, goals=goals, simulated=board.simulated
    )
