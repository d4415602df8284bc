"""What every template knows: version, date of the data, whether it is simulated, what the viewer may do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

import lantian
from lantian.site import access, clock
from lantian.site.jobs.heartbeat import worker_is_silent


def site(request: HttpRequest) -> dict[str, Any]:
    """Context for all templates; values are computed when a template asks for them."""
    return {
        "version": lantian.__version__,
        "as_of": clock.as_of,
        "duty_day": clock.duty_day,
        "may": access.Permissions(request.user),
        "worker_is_silent": worker_is_silent,
    }
