"""The board as a short message to be pasted into a group: where the year stands and what it still allows."""

from __future__ import annotations

from collections.abc import Iterator

from lantian.basis.period import Days
from lantian.work.air_board import Board
from lantian.work.air_board_bases import NAMES
from lantian.work.air_board_validity import ItemRisk
from lantian.work.air_unverified import INDEX, STATISTICS, unverified_notes

RULE = (
    "不得为保数据而采取应急措施，不得在站点周边采取任何影响监测的措施；"
    "对国控站点数据有疑问的，以书面报告报省级监测中心，由其核查。"
)
INTERNAL = "仅供内部研判，不对外公布。"


def board_text(board: Board) -> str:
    """Plain text of the board, without the outlook; lines end with a newline."""
    return "\n".join(_lines(board)) + "\n"


def _lines(board: Board) -> Iterator[str]:
    mark = "（模拟数据）" if board.simulated else ""
    place = f"{board.city}市" if board.city else "本市"
    yield f"【{place} {board.as_of.year} 年空气质量年终研判】{mark}数据截至 {board.as_of}，剩余 {board.remaining} 天。"
    if not board.has_data:
        yield "今年还没有城市日均数据。"
        return
    for number, one in enumerate(board.budgets, start=1):
        so_far = (
            "—" if one.so_far is None else f"{one.so_far}{one.unit}" if one.unit == "%" else f"{one.so_far} {one.unit}"
        )
        yield f"{number}. {one.name.zh}：目前 {so_far}，目标 {one.limit.zh}（{one.source.zh}）；{one.left.zh}。"
    yield from _same_period(board)
    for case in board.scenarios:
        if case.mean is not None:
            told = "，".join(f"{'达到' if v.meets else '达不到'} {v.limit.text.zh}" for v in case.verdicts)
            yield f"情景：{case.name.zh} µg/m³，全年 {case.mean} µg/m³{'，' + told if told else ''}。"
    yield f"有效性：{_validity(next(one for one in board.risks if one.item == 'pm25'))}"
    yield f"口径：{board.basis_words.zh}。"
    yield from (f"{one}。" for one in unverified_notes((*INDEX, *STATISTICS), board.days))
    yield INTERNAL + RULE


def _same_period(board: Board) -> Iterator[str]:
    if len(board.periods) < 2:
        return
    last = board.periods[1]
    told = [f"{NAMES[metric].zh.partition('（')[0]}{change}" for metric, change in last.changes.items() if change]
    if told:
        yield f"与 {last.year} 年同期（{_days(last.days)}，同一口径）相比：{'，'.join(told)}。"


def _days(days: Days) -> str:
    return f"{days.first:%m-%d} 至 {days.last:%m-%d}"


def _validity(one: ItemRisk) -> str:
    """Validity of PM2.5 in a sentence."""
    if one.failed:
        return f"PM2.5 {'、'.join(map(str, one.failed))} 月有效天数不足，全年均值将不作评价。"
    if one.may_lose < 0:
        return f"PM2.5 全年有效天数还差 {-one.may_lose} 天，全年将不作评价。"
    tightest = one.tightest
    month = f"，其中 {tightest.number} 月最多再缺 {tightest.may_lose} 天" if tightest else ""
    return f"PM2.5 有效 {one.valid} 天，全年最多再缺 {one.may_lose} 天{month}。"
