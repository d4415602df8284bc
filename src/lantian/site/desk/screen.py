"""The desk's screen as it was last drawn: kept until its figures, facts or notes change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from lantian.basis.period import beijing_date
from lantian.render.daily_report import report_text
from lantian.site.access import Permissions, role_of
from lantian.site.alarms.selectors import state as alarms_state
from lantian.site.desk import selectors
from lantian.site.desk.models import HandOver
from lantian.site.desk.services.record import ROOM
from lantian.site.living.kept import Kept
from lantian.site.living.selectors import seen
from lantian.site.people.models import User
from lantian.site.year import revision


@dataclass(frozen=True, slots=True)
class Screen:
    """What everyone of one role (and county) sees as HTML, and the hand-over that waits, which each sees in their own way."""

    body: SafeString
    hand_over: HandOver | None


_SCREENS: Kept[Screen] = Kept(32)


def screen(viewer: User, now: datetime) -> Screen:
    """The duty desk of the configured plan for a viewer."""
    view = seen(settings.PLAN, viewer)
    numbers = (view.version, revision.current(ROOM), alarms_state())
    key = (*numbers, role_of(viewer), viewer.county, beijing_date(now))

    def drawn() -> Screen:
        context = {
            "desk": selectors.desk(view.as_of, viewer, now),
            "report_text": report_text(selectors.report(view.as_of, viewer)),
            "plan_id": view.plan.id,
            "may": Permissions(viewer),
        }
        return Screen(render_to_string("desk/_body.html", context), selectors.waiting_hand_over(view.plan.region))

    return _SCREENS.get(key, drawn)
