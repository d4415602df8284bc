"""A press order as the documents take it, and the words its draft begins with."""

from __future__ import annotations

from datetime import date

from lantian.render.press_docx import PressSheet
from lantian.site import configured
from lantian.site.alarms.asking import known_outlets
from lantian.site.alarms.models import Alarm, PressOrder
from lantian.site.alarms.times import beijing
from lantian.work.duty import full_name


def sheet_of(order: PressOrder) -> PressSheet:
    """An order as the documents take it."""
    return PressSheet(
        title=order.title,
        number=order.number,
        company=order.company,
        facts=order.facts,
        demands=order.demands,
        answer_by=_day_words(order.answer_by),
        contact=order.contact,
        issuer=f"{full_name(configured.plan().cities[0])}生态环境局",
        issued=_day_words(order.issued_on) if order.issued_on else "",
        signer=order.signer,
        table=tuple(_row(one) for one in order.alarms.order_by("outlet", "first")),
        simulated=order.simulated,
    )


def fact_words(alarm: Alarm) -> str:
    """One alarm as a sentence of the facts of an order."""
    first, last = beijing(alarm.first), beijing(alarm.last)
    return (
        f"{_name(alarm)}：{first:%Y-%m-%d %H:%M} 至 {last:%Y-%m-%d %H:%M}，{alarm.summary}，共 {count_words(alarm)}。"
    )


def count_words(alarm: Alarm) -> str:
    """How many periods an alarm counts, with their unit."""
    return f"{alarm.hours} {'天' if alarm.cause == 'day' else '小时'}"


def _row(alarm: Alarm) -> tuple[str, ...]:
    first, last = beijing(alarm.first), beijing(alarm.last)
    return (_name(alarm), alarm.get_cause_display(), f"{first:%m-%d %H:%M}", f"{last:%m-%d %H:%M}", count_words(alarm))


def _name(alarm: Alarm) -> str:
    outlet = known_outlets().get(alarm.outlet)
    return outlet.name if outlet else alarm.outlet


def _day_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
