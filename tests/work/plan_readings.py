"""What the reader says of a fictional document, and changes of it."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

WHOLE = Path(__file__).parents[1] / "rulebook" / "whole"

READING = Path(__file__).parent / "wanghai-reading.json"  # what the reader says of a fictional document


def longer(reading: dict[str, Any], more: str) -> dict[str, Any]:
    return {**deepcopy(reading), "text": reading["text"] + more}


def at(reading: dict[str, Any], quote: str) -> dict[str, int]:
    start = reading["text"].index(quote)
    return {"start": start, "end": start + len(quote)}
