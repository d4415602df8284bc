"""Words of the living plan in both languages; the plan's own words (严禁, 力争 …) keep their Chinese in English."""

from __future__ import annotations

from django.utils.translation import get_language

from lantian.basis.finding import Text
from lantian.plan.state.model import FLAG_WORDS, STATE_WORDS, Flag, State

KINDS = {
    "target": Text("目标", "target"),
    "rule": Text("规定", "rule"),
    "procedure": Text("程序", "procedure"),
    "duty": Text("责任", "duty"),
}
RULE_TYPES = {
    "prohibition": Text("禁止", "prohibition"),
    "restriction": Text("限制", "restriction"),
    "precondition": Text("前置条件", "precondition"),
    "condition": Text("条件", "condition"),
    "requirement": Text("要求", "requirement"),
    "conditional_requirement": Text("附条件要求", "conditional requirement"),
    "phase_out": Text("淘汰", "phase-out"),
    "remediation": Text("整治", "remediation"),
    "preference": Text("优先", "preference"),
    "encouragement": Text("鼓励", "encouragement"),
    "incentive": Text("激励", "incentive"),
    "sanction": Text("惩处", "sanction"),
}
MODES = {
    "lead": Text("牵头", "one body leads"),
    "shared": Text("按职责分工负责", "shared, each within its duties"),
    "sole": Text("单独负责", "sole responsibility"),
    "listed": Text("列明单位", "bodies listed"),
    "none": Text("未列责任单位", "no body listed"),
}
STRENGTHS = {
    "约束": "binding", "约束性": "binding", "预期性": "expected", "力争": "strive for", "鼓励": "encouraged",
    "应": "shall", "优先": "preferred", "要": "shall", "原则上不再": "in principle no longer",
    "严格执行": "strictly applied",
    "确保": "ensured", "推广": "promoted", "原则上": "in principle", "依法": "by law", "严禁": "strictly forbidden",
    "必须": "must", "实施": "carried out", "严厉打击": "cracked down on", "需": "needs", "限制": "restricted",
    "防止": "prevented", "配套": "goes with", "逐步淘汰": "phased out step by step", "逐步取缔": "closed step by step",
    "逐步取消": "removed step by step", "要严格按照": "strictly according to", "给予": "granted", "纳入": "included",
    "清理整顿": "cleaned up", "有序淘汰": "phased out in order", "有序推进": "advanced in order", "方能": "only then",
    "整治": "put in order", "坚决打击": "resolutely fought", "予以": "given", "严格控制": "strictly controlled",
    "严厉追究": "severely pursued", "不得": "must not",
}  # fmt: skip
FREQUENCIES = {
    "专项": "campaign", "事件触发": "on an event", "全面排查": "full survey", "动态": "kept up to date",
    "及时": "promptly", "周期性": "periodically", "定期": "regularly", "常态化": "as a routine",
    "年度/终期": "yearly and final",
    "持续": "continuously", "持续（加大频次）": "continuously, more often", "每年": "every year",
    "禁烧期/作业季": "burning ban and field season", "全市": "whole city",
}  # fmt: skip


def english() -> bool:
    """Whether the page is in English."""
    return (get_language() or "").startswith("en")


def said(text: Text | None) -> str:
    """A text in the language of the page."""
    if text is None:
        return ""
    return text.en if english() else text.zh


def strength(word: str | None) -> str:
    """The plan's word of strength; in English its meaning with the word itself."""
    if not word or not english():
        return word or ""
    return f"{STRENGTHS[word]} ({word})" if word in STRENGTHS else word


def frequency(word: str | None) -> str:
    """A procedure's frequency, or another of the plan's short words, in the language of the page."""
    if not word or not english():
        return word or ""
    return FREQUENCIES.get(word, word)


def state_word(state: State) -> str:
    """Word of a state."""
    return said(STATE_WORDS[state])


def flag_words(flags: tuple[Flag, ...]) -> list[tuple[str, str]]:
    """Flags as (class, word)."""
    return [(flag.value, said(FLAG_WORDS[flag])) for flag in flags]


def listed(names: list[str]) -> str:
    """Names joined as a list."""
    return (", " if english() else "、").join(names)
