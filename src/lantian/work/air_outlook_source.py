"""A city's days for its outlook, from a file or the store, and the outlook as JSON and as text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from lantian.basis.finding import Finding, Refusal, Severity, Text
from lantian.basis.period import Days
from lantian.rulebook.dated import TOTAL_FROM
from lantian.store import cells
from lantian.store.air import AirReader, plain_city
from lantian.store.city_rows import Reading
from lantian.store.layout import layouts
from lantian.work.air_goals import MEAN, NAMES, UNITS, Goal
from lantian.work.air_import import Progress, read_tables, silent, without_conflicts
from lantian.work.air_outlook import CityOutlook, TargetOutlook, city_outlook
from lantian.work.air_rules import table_of

_SHOWN = 10
_SYMBOLS = {"ug/m3": "µg/m³", "percent": "%", "d": "天"}


def outlook_of_file(
    file: Path, city: str, as_of: date, goals: Sequence[Goal], data: Path | None, progress: Progress = silent
) -> CityOutlook:
    """Outlook from a city-daily file in any known layout; rows of other cities and days after ``as_of`` are not used.

    Errors  Refusal for a file that is none, rows of the city with a fault, a city that is not in it
    """
    source = cells.read_file(file)
    reading = Reading(first=TOTAL_FROM, cities=(plain_city(city),))
    rows, aside = without_conflicts(read_tables([source], layouts(data), reading, None, progress))
    faults = [one.finding for one in aside]
    if faults:
        raise Refusal(*faults[:_SHOWN])
    if not rows:
        everything, _ = without_conflicts(read_tables([source], layouts(data), Reading(first=TOTAL_FROM), None))
        raise _unknown(city, sorted({row.city for row in everything}), file.name)
    return city_outlook(table_of(rows), city, as_of, goals=goals)


def outlook_of_store(data: Path, city: str, as_of: date, goals: Sequence[Goal]) -> CityOutlook:
    """Outlook from the days of the data folder.

    Errors  Refusal for a city without days there
    """
    reader = AirReader(data)
    if reader.latest(city) is None:
        raise _unknown(city, reader.cities(), None)
    days = reader.table(city, Days(TOTAL_FROM, as_of)).drop("aqi", "edition")
    return city_outlook(days, city, as_of, goals=goals, simulated=reader.simulated(city))


def _unknown(city: str, cities: Sequence[str], file: str | None) -> Refusal:
    where = file or "数据目录"
    shown = "、".join(cities[:_SHOWN]) + (f"等 {len(cities)} 个城市" if len(cities) > _SHOWN else "")
    there = f"其中有：{shown}" if cities else "其中还没有任何城市的日均值，请先导入或用 --daily 给出文件"
    text = Text(
        f"{where} 中没有“{city}”的数据。{there}",
        f"no days of {city!r} in {file or 'the data folder'}; there: {', '.join(cities[:_SHOWN]) or 'none'}",
    )
    return Refusal(Finding("AIR-CITY-UNKNOWN", Severity.REFUSED, text))


def day_of(text: str) -> date:
    """The day a person wrote as 2025-07-31.

    Errors  Refusal for anything else, and for years the rulebook knows nothing of
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        zh, en = f"“{text}”不是日期，请写成 2025-07-31", f"{text!r} is no date: write 2025-07-31"
        raise Refusal(Finding("AIR-AS-OF-NO-DATE", Severity.REFUSED, Text(zh, en))) from None
    if day < TOTAL_FROM:
        zh, en = f"{day} 早于 {TOTAL_FROM}，没有可用的评价标准", f"{day} lies before {TOTAL_FROM}: no rule"
        raise Refusal(Finding("AIR-AS-OF-TOO-EARLY", Severity.REFUSED, Text(zh, en)))
    return day


def as_json(outlook: CityOutlook) -> str:
    """The outlook as JSON; figures with two decimals, probabilities with three, null where unknown."""
    content = {
        "schema": "lantian-outlook/1",
        "audience": "staff",
        "city": outlook.city,
        "as_of": outlook.as_of.isoformat(),
        "year": outlook.as_of.year,
        "data_until": outlook.latest.isoformat() if outlook.latest else None,
        "remaining_days": outlook.remaining,
        "edition": outlook.edition,
        "simulated": outlook.simulated,
        "interval": 0.8,
        "targets": [_target(one) for one in outlook.targets],
        "notes": [{"zh": one.zh, "en": one.en} for one in outlook.notes],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def _target(one: TargetOutlook) -> dict[str, Any]:
    goal = one.goal
    return {
        "target": one.metric,
        "name": {"zh": NAMES[one.metric].zh, "en": NAMES[one.metric].en},
        "unit": UNITS[one.metric],
        "so_far": _short(one.so_far),
        "valid_days": one.valid_days,
        "mean": _short(one.mean),
        "p10": _short(one.p10),
        "p90": _short(one.p90),
        "limit": None if goal is None else _short(float(goal.value)),
        "comparator": None if goal is None else goal.comparator,
        "limit_source": None if goal is None else {"zh": goal.source.zh, "en": goal.source.en},
        "probability": None if one.probability is None else round(one.probability, 3),
        "history_years": list(one.history_years),
        "n_history_years": len(one.history_years),
        "basis": None if one.basis is None else {"zh": one.basis.zh, "en": one.basis.en},
        "reason": None if one.reason is None else {"zh": one.reason.zh, "en": one.reason.en},
    }


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def as_text(outlook: CityOutlook) -> str:
    """The outlook in plain lines; the first one says for whom it is."""
    mark = "（模拟数据）" if outlook.simulated else ""
    until = outlook.latest.isoformat() if outlook.latest else "无"
    lines = [
        "年终展望（仅供内部研判，不对外公布）",
        f"{outlook.city}{mark} {outlook.as_of.year} 年，截至 {outlook.as_of}（数据到 {until}），剩余 {outlook.remaining} 天",
    ]
    for one in outlook.targets:
        lines.append(_line(one))
    lines += [f"注：{note.zh}。" for note in outlook.notes[1:]]
    return "\n".join(lines)


def _line(one: TargetOutlook) -> str:
    name, unit = NAMES[one.metric].zh, _SYMBOLS[UNITS[one.metric]]
    if one.mean is None or one.p10 is None or one.p90 is None:
        return f"{name}：不作预估。{one.reason.zh if one.reason else ''}"
    so_far = "无" if one.so_far is None else f"{one.so_far:.1f} {unit}"
    text = f"{name}：预计 {one.mean:.1f} {unit}，八成可能在 {one.p10:.1f}～{one.p90:.1f}（今年以来 {so_far}）"
    if one.goal is not None and one.probability is not None:
        limit = f"{float(one.goal.value):g} {unit}"
        word = "不超过" if one.metric == MEAN or one.goal.comparator in ("<=", "<") else "不低于"
        text += f"；{word} {limit}（{one.goal.source.zh}）的概率 {_percent(one.probability)}"
    return f"{text}。依据：{one.basis.zh}。" if one.basis else f"{text}。"


def _percent(probability: float) -> str:
    """Probability in whole percent; not 0 or 100 unless it is certain."""
    if 0 < probability < 0.005:
        return "低于 1%"
    if 0.995 <= probability < 1:
        return "高于 99%"
    return f"{100 * probability:.0f}%"
