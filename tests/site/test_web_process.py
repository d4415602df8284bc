"""The web process starts light: what only a worker, an import or a download needs is loaded when it is asked for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import lantian.site

HEAVY = {
    "numpy", "pyarrow", "pandas", "altair", "vl_convert", "openpyxl", "docx", "pypdf", "opencc", "pyspark", "py4j",
}  # fmt: skip
LOOK = (
    "import sys, json, django; django.setup();"
    "import lantian.site.wsgi, lantian.site.urls; from django.urls import get_resolver; get_resolver().reverse_dict;"
    "print(json.dumps(sorted(sys.modules)))"
)


def loaded(data: Path) -> set[str]:
    """Modules of a fresh process that has every page and every job at hand."""
    environment = {**os.environ, "LANTIAN_DATA": str(data), "DJANGO_SETTINGS_MODULE": "lantian.site.settings"}
    done = subprocess.run(
        [sys.executable, "-c", LOOK], env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_at_its_start_it_loads_no_heavy_library_with_all_its_pages_and_jobs(tmp_path: Path) -> None:
    modules = loaded(tmp_path)
    assert not HEAVY & modules
    site = Path(lantian.site.__file__).parent
    jobs = {f"lantian.site.{file.parent.name}.jobs" for file in site.glob("*/jobs.py")}
    views = {f"lantian.site.{file.parent.name}.{file.stem}" for file in site.glob("*/*views*.py")}
    assert len(jobs) >= 5
    assert jobs | views <= modules
