"""What jobs write into the journal has its words in the worker's process too, where no page and no view is loaded."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import lantian.site

ROOMS = Path(lantian.site.__file__).parent


def test_every_action_a_job_writes_is_known_in_a_process_without_pages(tmp_path: Path) -> None:
    written = {
        action for file in ROOMS.glob("*/jobs.py") for action in re.findall(r'write\(\s*"([a-z_.]+)"', file.read_text())
    }
    code = "import django; django.setup()\nfrom lantian.site.journal.services import ACTIONS\nprint(*ACTIONS)"
    environment = {
        **os.environ,
        "LANTIAN_DATA": str(tmp_path / "data"),
        "DJANGO_SETTINGS_MODULE": "lantian.site.settings",
    }
    told = subprocess.run([sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True)
    known = set(told.stdout.split())
    assert written | {"stack.table_imported"} <= known
