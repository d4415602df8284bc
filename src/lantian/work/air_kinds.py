"""What an air table can be, in words, and what a line of the import manifest says it was."""

from __future__ import annotations

from typing import Final

from lantian.basis.determination import VALUES
from lantian.basis.finding import Text

KINDS: Final = {
    "city_days": Text("城市日均值", "city days"),
    "station_hours": Text("站点小时值", "station hours"),
    "station_days": Text("站点日均值", "station days"),
    "city_months": Text("月表", "monthly figures"),
    "stations": Text("站点登记", "register of stations"),
    "simulated": Text("模拟数据", "simulated"),
}


def kind_of(text: str) -> tuple[Text, Text | None]:
    """What a line of the import manifest says it was: kind of table, and of values where they are reviewed."""
    kind, _, values = text.partition("/")
    return KINDS.get(kind, Text(kind, kind)), VALUES.get(values)
