"""What the reader says of a fictional document."""

from __future__ import annotations

import json
from typing import Any

import pytest
from plan_readings import READING


@pytest.fixture
def reading() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(READING.read_text())
    return found
