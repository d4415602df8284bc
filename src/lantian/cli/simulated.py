"""Entries of the simulated city after an import by command: gone at once where its air data are real now."""

from __future__ import annotations

from pathlib import Path

import typer

from lantian.cli.folder import django_ready

PEOPLE = "people.sqlite"


def clear_simulated_entries(folder: Path) -> None:
    """Removes them and says so; where the site's tables are not there yet, or of an older version, its own work does."""
    if not (folder / PEOPLE).is_file():
        return
    django_ready(folder)
    from django.db import OperationalError

    from lantian.site.facts import simulated

    try:
        removed = simulated.clear_where_real()
    except OperationalError:
        return
    if removed:
        typer.echo(f"已移除模拟填报 {removed} 条。")
