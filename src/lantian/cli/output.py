"""Where a command's table goes: standard output or, whole, a file."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import typer

from lantian.basis.finding import Finding, Refusal, Severity, Text


def to_output(text: str) -> None:
    """Standard output in UTF-8; a reader that has seen enough ends the command without a complaint."""
    try:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(1) from None


def to_file(file: Path, content: str | bytes) -> None:
    """The file whole, or not at all.

    Errors  Refusal where it cannot be written
    """
    from lantian.store.folder import write_whole

    try:
        write_whole(file, content, 0o644)
    except OSError as error:
        zh = f"{file} 写不了（{error.strerror}）。请检查目录、空间和权限"
        text_of = Text(zh, f"{file} cannot be written ({error.strerror})")
        raise Refusal(Finding("AIR-OUT-UNWRITABLE", Severity.REFUSED, text_of)) from None
