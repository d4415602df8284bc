"""The reader is YAML 1.2: what YAML 1.1 turns into something else stays text, and numbers are exact."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lantian.rulebook.loader import RulebookError, loads, nearest
from lantian.rulebook.yaml_text import yaml_text


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("no", "no"), ("on", "on"), ("Yes", "Yes"), ("12:30", "12:30"), ("2024-05-07", "2024-05-07"),
        ("null", None), ("", None), ("~", None), ("true", True), ("False", False),
        ("0.1", Decimal("0.1")), ("1487.43", Decimal("1487.43")), ("-3", Decimal(-3)), ("1e3", Decimal(1000)),
        ('"2025"', "2025"), ("'null'", "null"), ("35蒸吨", "35蒸吨"), ("<=", "<="), ("=", "="),
    ],
)  # fmt: skip
def test_scalars(written: str, value: object) -> None:
    read = loads(f"a: {written}\n", "x").plain()["a"]
    assert read == value
    assert type(read) is type(value)


def test_nodes_know_their_line() -> None:
    node = loads("# note\na:\n  - 1\n  - {b: 2}\n", "x.yaml")
    assert node.mapping()["a"].items()[1].mapping()["b"].line == 4


def test_a_value_of_another_shape_is_refused_at_its_line() -> None:
    with pytest.raises(RulebookError, match="这里应为列表") as caught:
        loads("a: 1\n", "x.yaml").mapping()["a"].items()
    assert caught.value.line == 1
    with pytest.raises(RulebookError, match="这里应为键值表"):
        loads("[1]\n", "x.yaml").mapping()


def test_the_error_is_a_refusal_with_a_finding() -> None:
    with pytest.raises(RulebookError) as caught:
        loads("a: 1\na: 2\n", "x.yaml")
    finding = caught.value.findings[0].as_dict()
    assert finding["place"] == {"file": "x.yaml", "row": 2}
    assert (finding["code"], finding["severity"]) == ("RULEBOOK-FILE-REFUSED", "refused")
    assert "occurs twice" in finding["en"]


def test_nearest_names_what_is_allowed() -> None:
    assert nearest("metrik", ["metric", "tray"]).zh == "是否为“metric”？可用：metric、tray"
    assert nearest("xyz", ["metric", "tray"]).en == "Allowed: metric, tray"


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False, places=3) | st.text()
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(min_size=1), inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(st.dictionaries(st.text(min_size=1, max_size=8), VALUES, min_size=1, max_size=5))
def test_what_is_written_reads_back_the_same(value: dict[str, Any]) -> None:
    assert loads(yaml_text(value), "x").plain() == value


def test_the_writer_needs_few_quotes() -> None:
    text = yaml_text(
        {"title": {"zh": "目标", "en": "Targets"}, "on": "2024-05-07", "deadline": "2025", "op": "<=", "n": 1}
    )
    assert text == 'title: {zh: 目标, en: Targets}\n"on": 2024-05-07\ndeadline: "2025"\nop: <=\nn: 1\n'
