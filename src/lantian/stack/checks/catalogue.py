"""The whole catalogue, by code; codes are never used again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lantian.stack.checks.bypass import BYPASS
from lantian.stack.checks.calibration import CALIBRATION
from lantian.stack.checks.check import Check, CheckHit, hits
from lantian.stack.checks.completeness import COMPLETENESS
from lantian.stack.checks.continuity import CONTINUITY
from lantian.stack.checks.cross import CROSS
from lantian.stack.checks.evidence import Evidence
from lantian.stack.checks.operation import OPERATION
from lantian.stack.checks.parameters import Parameters
from lantian.stack.checks.plausibility import PLAUSIBILITY
from lantian.stack.checks.structure import STRUCTURE
from lantian.stack.checks.sums import SUMS
from lantian.stack.checks.timing import TIMING

_ALL: Final = (
    *STRUCTURE, *PLAUSIBILITY, *TIMING, *CONTINUITY, *CROSS, *SUMS, *CALIBRATION, *COMPLETENESS, *OPERATION, *BYPASS
)  # fmt: skip
CATALOGUE: Final[Mapping[str, Check]] = {one.code: one for one in _ALL}


def checked(evidence: Evidence, parameters: Parameters, names: Mapping[str, str]) -> list[CheckHit]:
    """What one outlet did not pass in a span, check by check.

    Rule    ``names`` gives factors in Chinese for the texts
    """
    return [hit for check in CATALOGUE.values() for hit in hits(check, evidence, parameters, names)]
