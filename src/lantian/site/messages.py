"""Compiles the translations at install time: each ``django.po`` becomes the ``django.mo`` beside it."""

from __future__ import annotations

from pathlib import Path

import polib


def compile_messages(locale: Path) -> list[Path]:
    """The files written."""
    written = []
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        polib.pofile(str(source)).save_as_mofile(str(target))
        written.append(target)
    return written


if __name__ == "__main__":
    compile_messages(Path(__file__).parent / "locale")
