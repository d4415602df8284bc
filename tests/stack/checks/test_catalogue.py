"""Each check of the catalogue: its passing case gives no hit, its failing case exactly the one expected."""

from __future__ import annotations

import functools
import re
from datetime import date

import pytest

from lantian.stack.checks.case import SHORT, evidence, moment
from lantian.stack.checks.catalogue import CATALOGUE
from lantian.stack.checks.check import FAMILIES, LEVELS, Check, hits
from lantian.work.stack_checks_law import check_parameters, factor_names

LAW = check_parameters(date(2026, 3, 2))
NAMES = factor_names(date(2026, 3, 2))
every = pytest.mark.parametrize("check", CATALOGUE.values(), ids=list(CATALOGUE))


@every
def test_the_passing_case_gives_no_hit(check: Check) -> None:
    case = evidence(check.passing)
    assert check.applies(case)
    assert hits(check, case, LAW, NAMES) == []


@every
def test_the_failing_case_gives_the_one_hit_expected(check: Check) -> None:
    case = evidence(check.failing)
    found = hits(check, case, LAW, NAMES)
    told = [(one.factor, one.first, one.last) for one in found]
    wanted = check.expected
    assert told == [(SHORT.get(wanted.factor, wanted.factor), moment(wanted.first), moment(wanted.last))]
    assert found[0].code == check.code
    assert found[0].level is check.level
    assert "—" not in found[0].evidence.values()
    assert "{" not in found[0].text.zh + found[0].text.en


@every
def test_a_check_says_what_it_is(check: Check) -> None:
    assert re.fullmatch(r"CHK-[A-Z0-9]+(-[A-Z0-9]+)+", check.code)
    assert check.family in FAMILIES
    assert check.level in LEVELS
    for text in (check.title, check.clause.text, check.message):
        assert text.zh
        assert text.en
        assert not re.search("[！!]", text.zh)
    assert check.cns
    for name in check.parameters:
        assert functools.reduce(getattr, name.split("."), LAW) is not None


def test_titles_and_codes_are_each_used_once() -> None:
    assert len({one.title.zh for one in CATALOGUE.values()}) == len(CATALOGUE)
    assert all(code == one.code for code, one in CATALOGUE.items())
