"""Words the pages of outlets share: names of counties, of factors, of states."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from lantian.rulebook.dated import parameter, paths
from lantian.site import configured
from lantian.store.stack.outlets import Outlet
from lantian.work.stack_law import factor_name

SHORT = {
    "a34013": "颗粒物", "a21026": "SO₂", "a21002": "NOx", "a19001": "O₂", "a01011": "流速", "a01012": "烟温", "a01014": "湿度",
    "a01013": "压力", "a00000": "流量",
}  # fmt: skip
UNITS = {
    "a34013": "mg/m³", "a21026": "mg/m³", "a21002": "mg/m³", "a19001": "%", "a01011": "m/s", "a01012": "℃", "a01014": "%",
    "a01013": "kPa", "a00000": "m³/s",
}  # fmt: skip


def county_names() -> dict[str, str]:
    """Counties of the configured plan by region code."""
    return {county.code: county.zh for county in configured.plan().counties}


def unit_word(outlet: Outlet, code: str) -> str:
    """The unit an outlet's values of a factor are kept in, as a reader writes it; empty where nobody said."""
    return outlet.units.get(code) or UNITS.get(code, "")


@lru_cache(maxsize=512)
def factor_word(code: str, day: date) -> str:
    """A factor as a column heads it."""
    return SHORT.get(code) or factor_name(code, day)


def edition_word(text: str) -> str:
    """An edition of the rulebook (“path first-day”) by its title."""
    path, _, first = text.partition(" ")
    return f"{parameter(path).title.zh}（{first} 起）" if path in paths() else text
