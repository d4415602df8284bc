"""Charts the worker made, kept as files under the version of the data they show: ``<data>/drawings/<version>/``.

They can always be made again: no backup holds them, and those of older data are removed when one of newer data is kept.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

FOLDER = "drawings"


@dataclass(frozen=True, slots=True)
class KeptDrawing:
    """A kept chart: caption, what it shows in words, its SVG; ``svg`` None where there was nothing to draw."""

    caption: str
    alt: str
    svg: str | None


class Drawings:
    """Reads and keeps the charts of a data folder; ``key`` is a hexadecimal digest of what a chart was asked for."""

    def __init__(self, data: Path, version: int) -> None:
        self._all = Path(data) / FOLDER
        self._own = self._all / str(version)

    def found(self, key: str) -> KeptDrawing | None:
        """The chart of a key; None where it has not been made of these data."""
        try:
            told = json.loads((self._own / f"{key}.json").read_text("utf-8"))
            svg = (self._own / f"{key}.svg").read_text("utf-8") if told["drawn"] else None
        except (FileNotFoundError, ValueError, KeyError):
            return None
        return KeptDrawing(told["caption"], told["alt"], svg)

    def png(self, key: str) -> bytes | None:
        """The picture of a key; None where there is none."""
        try:
            return (self._own / f"{key}.png").read_bytes()
        except FileNotFoundError:
            return None

    def keep(self, key: str, drawing: KeptDrawing, png: bytes | None) -> None:
        """Keeps a chart, its words last, so that a reader finds it whole or not at all."""
        self._own.mkdir(parents=True, mode=0o700, exist_ok=True)
        for other in self._all.iterdir():
            if other.name.isdecimal() and int(other.name) < int(self._own.name):
                shutil.rmtree(other, ignore_errors=True)
        if drawing.svg is not None:
            self._write(f"{key}.svg", drawing.svg.encode())
        if png is not None:
            self._write(f"{key}.png", png)
        told = {"caption": drawing.caption, "alt": drawing.alt, "drawn": drawing.svg is not None}
        self._write(f"{key}.json", json.dumps(told, ensure_ascii=False).encode())

    def _write(self, name: str, body: bytes) -> None:
        draft = self._own / f".{name}.{secrets.token_hex(4)}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(body)
        draft.replace(self._own / name)
