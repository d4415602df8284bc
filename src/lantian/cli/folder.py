"""Where the command finds the data folder."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from lantian.store.air_file import AIR_FILE
from lantian.store.folder import prepare

DataOption = Annotated[
    Path | None, typer.Option("--data", help="数据目录（默认取 LANTIAN_DATA，再默认 ./var）。", show_default=False)
]


def data_folder(given: Path | None = None, *, as_it_is: bool = False) -> Path:
    """The data folder: given, or ``LANTIAN_DATA``, or ``./var``; set for all that follows in this process.

    One of an older format is brought up first (with a backup), unless it is wanted ``as_it_is``.
    """
    folder = (given or Path(os.environ.get("LANTIAN_DATA") or "var")).resolve()
    os.umask(0o077)  # what is written into the folder is its owner's
    os.environ["LANTIAN_DATA"] = str(folder)
    if not as_it_is and (folder / AIR_FILE).is_file():
        prepare(folder, now=now())
    return folder


def now() -> datetime:
    """Present instant, UTC: the command line is an edge where the clock is read."""
    return datetime.now(UTC)


def django_ready(given: Path | None = None) -> Path:
    """The data folder, with Django set up on it."""
    folder = data_folder(given)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lantian.site.settings")
    import django

    django.setup()
    return folder
