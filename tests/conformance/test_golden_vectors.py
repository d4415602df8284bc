"""The conformance suite: vectors are what the script makes, the script knows nothing of the program, the program is right."""

from __future__ import annotations

import ast
import csv
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SUITE = Path(__file__).parents[2] / "conformance" / "air"
VECTORS = SUITE / "vectors"
KINDS = ("aqi", "composite", "days", "iaqi", "limits", "percentile", "rounding", "year")


def module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"conformance_{name}", SUITE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = found
    spec.loader.exec_module(found)
    return found


def run(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *map(str, words)], capture_output=True, text=True, encoding="utf-8", timeout=300, check=False
    )


@pytest.mark.parametrize("kind", KINDS)
def test_this_program_answers_every_case(kind: str) -> None:
    check, answers = module("check"), module("lantian_answers")
    head, vectors = check.rows_of(VECTORS / f"{kind}.csv")
    asked = [{name: case[name] for name in check.questions(head)} for case in vectors]
    assert check.compared(head, vectors, answers.KINDS[kind](asked)) == []


def test_there_are_enough_cases_and_they_are_small() -> None:
    files = sorted(VECTORS.glob("*.csv"))
    assert tuple(file.stem for file in files) == KINDS
    check = module("check")
    tables = {file.stem: check.rows_of(file)[1] for file in files}
    assert sum(len(rows) for rows in tables.values()) >= 10_000
    assert sum(file.stat().st_size for file in files) < 3_000_000
    for rows in tables.values():
        assert len({row["id"] for row in rows}) == len(rows)
        assert {row["ground"] for row in rows} <= {"text", "reading"}
    for kind in ("iaqi", "aqi"):
        parts = {(row["edition"], row["report"]) for row in tables[kind]}
        assert parts == {(edition, report) for edition in ("2012", "2026") for report in ("hourly", "daily")}


def test_vectors_are_what_the_script_makes(tmp_path: Path) -> None:
    done = run(SUITE / "make_vectors.py", tmp_path)
    assert done.returncode == 0, done.stderr
    assert sorted(file.name for file in tmp_path.iterdir()) == [f"{kind}.csv" for kind in KINDS]
    for file in tmp_path.iterdir():
        assert file.read_bytes() == (VECTORS / file.name).read_bytes(), file.name


@pytest.mark.parametrize("name", ["official.py", "make_vectors.py", "check.py"])
def test_the_suite_shares_no_code_with_the_program(name: str) -> None:
    tree = ast.parse((SUITE / name).read_text("utf-8"))
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add((node.module or "").partition(".")[0])
    assert imported - {"official"} <= sys.stdlib_module_names
    assert "importlib" not in imported


def test_breakpoints_and_half_up_are_told_apart(tmp_path: Path) -> None:
    """Programs with well-known mistakes are found: rounding halves up, rounding the sub-index to the nearest."""
    official, check = module("official"), module("check")
    head, vectors = check.rows_of(VECTORS / "iaqi.csv")

    def half_up(case: dict[str, str]) -> int | None:
        from decimal import ROUND_HALF_UP, Decimal
        from fractions import Fraction

        places = Decimal("0.1") if case["item"] == "co" else Decimal(1)
        value = Decimal(case["concentration"]).quantize(places, ROUND_HALF_UP)
        return official.sub_index(case["edition"], case["report"], case["item"], Fraction(value))

    answers = [{"id": case["id"], "iaqi": "" if (one := half_up(case)) is None else str(one)} for case in vectors]
    assert 100 < len(check.compared(head, vectors, answers)) < len(vectors)
    lower = [{"id": case["id"], "iaqi": str(max(0, int(case["iaqi"] or 0) - 1))} for case in vectors]
    assert len(check.compared(head, vectors, lower)) > len(vectors) // 2


def test_the_runner_on_programs_good_and_bad(tmp_path: Path) -> None:
    good = f"{sys.executable} {SUITE / 'lantian_answers.py'} {{kind}}"
    done = run(SUITE / "check.py", "--program", good, "--kind", "days")
    assert done.returncode == 0, done.stderr
    assert "days: 66 of 66 equal" in done.stdout
    echo = f"{sys.executable} -c 'import sys; sys.stdout.write(sys.stdin.read())'"
    done = run(SUITE / "check.py", "--program", echo, "--kind", "rounding")
    assert done.returncode == 1
    assert "rounding: 0 of 539 equal" in done.stdout
    done = run(SUITE / "check.py", "--program", f"{sys.executable} -c 'raise SystemExit(7)'", "--kind", "days")
    assert done.returncode == 2
    assert "the program failed" in done.stderr
    assert run(SUITE / "check.py").returncode == 2


def test_prepared_answers_and_cases(tmp_path: Path) -> None:
    cases = tmp_path / "cases"
    assert run(SUITE / "check.py", "--cases", cases, "--kind", "aqi").returncode == 0
    with (cases / "aqi.csv").open(encoding="utf-8") as stream:
        assert next(csv.reader(stream)) == ["id", "edition", "report", "so2", "no2", "co", "o3", "pm10", "pm25"]
    answers = tmp_path / "answers"
    shutil.copytree(VECTORS, answers)
    assert run(SUITE / "check.py", "--answers", answers).returncode == 0
    lines = (answers / "aqi.csv").read_text("utf-8").splitlines()
    (answers / "aqi.csv").write_text("\n".join(lines[:-1]), "utf-8")
    done = run(SUITE / "check.py", "--answers", answers)
    assert done.returncode == 1
    assert "no answer" in done.stdout
    assert run(SUITE / "check.py", "--answers", answers, "--kind", "aqi", "--ground", "text").returncode == 1
