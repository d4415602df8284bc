"""A data folder of an older format brought to the present one: a backup first, then each step whole or not at all."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from lantian.store.air_file import is_old, upgrade
from lantian.store.backup import backup

BACKUPS = "backups"


def bring_up(data: Path, *, now: datetime) -> Path | None:
    """The backup made before the upgrade; None where nothing had to be changed.

    Errors  Refusal where the backup cannot be written or another process writes; the folder then is as it was
    """
    if not is_old(data):
        return None
    target = data / BACKUPS / f"before-format-2-{now:%Y%m%dT%H%M%S}.tar.gz"
    target.parent.mkdir(mode=0o700, exist_ok=True)
    backup(data, target, now=now)
    upgrade(data)
    return target
