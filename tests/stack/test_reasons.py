"""Every effect the rulebook names, and every reason the program writes, can be read."""

from __future__ import annotations

from datetime import date

from lantian import rulebook
from lantian.stack import reasons
from lantian.stack.hj212.tables import DataFlags
from lantian.stack.reasons import REASONS, reason_text
from lantian.stack.validity import COUNTS, EXEMPT, NO_EFFECT, STOPPED, FlagRules, MarkRules

DAY = date(2026, 11, 26)


def test_every_flag_of_the_standard_has_an_effect_that_can_be_read() -> None:
    rules = rulebook.fill(FlagRules, DAY)
    assert set(rules.flags) == {one.code for one in rulebook.fill(DataFlags, DAY).flags}
    effects = {*rules.flags.values(), rules.absent, rules.unknown} - {COUNTS}
    assert effects <= REASONS.keys()
    assert rules.counting() == ("N", "T")


def test_every_mark_does_something_known() -> None:
    rules = rulebook.fill(MarkRules, DAY)
    assert set(rules.condition.values()) <= {STOPPED, EXEMPT, NO_EFFECT}
    assert set(rules.monitor.values()) - {NO_EFFECT} <= REASONS.keys()


def test_codes_of_the_module_have_texts_in_both_languages() -> None:
    codes = {value for name, value in vars(reasons).items() if name.isupper() and isinstance(value, str)}
    assert codes <= REASONS.keys()
    assert all(text.zh and text.en and text.zh != text.en for text in REASONS.values())


def test_a_code_of_another_edition_is_shown_as_it_is() -> None:
    assert reason_text("no_such_code").zh == "no_such_code"
    assert reason_text("no_data").zh == "没有收到数据"
