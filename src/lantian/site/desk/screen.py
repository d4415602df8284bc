"""The desk's screen as it was last drawn: kept until its figures, facts or notes change."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from lantian.basis.period import beijing_date
from lantian.render.daily_report import report_text
from lantian.site.access import Permissions, role_of
from lantian.site.desk import selectors
from lantian.site.desk.services.record import ROOM
from lantian.site.living.kept import Kept
from lantian.site.living.selectors import seen
from lantian.site.people.models import User
from lantian.site.year import revision

_SCREENS: Kept[SafeString] = Kept(32)


def body(viewer: User, now: datetime) -> SafeString:
    """The screen without what belongs to one person or one request (hand-over, form tokens).

    Shape  HTML; the same for everyone of one role
    """
    view = seen(settings.PLAN, viewer)
    key = (view.version, revision.current(ROOM), role_of(viewer), beijing_date(now))

    def drawn() -> SafeString:
        context = {
            "desk": selectors.desk(view.as_of, viewer, now),
            "report_text": report_text(selectors.report(view.as_of, viewer)),
            "plan_id": view.plan.id,
            "may": Permissions(viewer),
        }
        return render_to_string("desk/_body.html", context)

    return _SCREENS.get(key, drawn)
