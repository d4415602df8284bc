"""The whole catalogue, by code; codes are never used again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lantian.stack.checks.check import Check, CheckHit, hits
from lantian.stack.checks.evidence import Evidence
from lantian.stack.checks.parameters import Parameters
from lantian.stack.checks.structure import STRUCTURE

CATALOGUE: Final[Mapping[str, Check]] = {one.code: one for one in (*STRUCTURE,)}


def checked(evidence: Evidence, parameters: Parameters, names: Mapping[str, str]) -> list[CheckHit]:
    """What one outlet did not pass in a span, check by check.

    Rule    ``names`` gives factors in Chinese for the texts
    """
    return [hit for check in CATALOGUE.values() for hit in hits(check, evidence, parameters, names)]
