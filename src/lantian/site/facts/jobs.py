"""Jobs of entries: simulated ones are put away where real data have come by another door than the page."""

from __future__ import annotations

from datetime import time
from typing import Any

from lantian.site.access import Action
from lantian.site.facts import simulated
from lantian.site.jobs.clock_work import ClockWork, declare
from lantian.site.jobs.registry import Handle, job


@job("facts.clear_simulated", label="清理模拟填报", needs=Action.MANAGE_USERS)
def clear_simulated(handle: Handle) -> dict[str, Any]:
    """Removes simulated entries of cities that stand on real data."""
    return {"summary": f"删除模拟填报 {simulated.clear_where_real()} 条。"}


declare(ClockWork("facts.clear_simulated", time(3, 20)))
