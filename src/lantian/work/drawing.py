"""What a drawing is: a filled chart with its caption and its words for who cannot see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Drawing:
    """Key, caption, what it shows in words, and the filled Vega-Lite specification."""

    key: str
    caption: str
    alt: str
    chart: dict[str, Any] = field(repr=False)
