"""Sources of the rulebook as readers of either language see them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from lantian.basis.finding import Text
from lantian.rulebook.loader import load

_FILE = Path(__file__).with_name("sources.yaml")


def source_text(source: str) -> Text:
    """A source in Chinese and as it stands in the file; the same where ``sources.yaml`` does not list it."""
    return Text(_chinese().get(source, source), source)


@lru_cache(maxsize=1)  # a file of the package
def _chinese() -> dict[str, str]:
    return {source: str(entry.value) for source, entry in load(_FILE, _FILE.name).mapping().items()}
