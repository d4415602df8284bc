"""Runs any program against the golden vectors and says where it differs. Standard library only.

Usage: check.py --program 'CMD' [--kind KIND ...] [--ground text] [--seconds 600]
       check.py --answers DIR   [--kind KIND ...] [--ground text]     answers made before: DIR/KIND.csv
       check.py --cases DIR                                           only write the cases, without their answers

CMD is run once for each kind, with the cases as CSV on standard input, and prints the answers as CSV: the column ``id``
and the answer columns (those after ``ground`` in vectors/KIND.csv), rows in any order. ``{kind}`` in CMD is replaced by
the kind, ``{cases}`` by a file with the cases, ``{answers}`` by the file to write instead of standard output.
Ends with 0 where all answers are equal, 1 where one differs or is missing, 2 on misuse or a program that fails.
"""

from __future__ import annotations

import argparse
import csv
import io
import shlex
import subprocess
import sys
import tempfile
from decimal import Decimal, InvalidOperation
from pathlib import Path

VECTORS = Path(__file__).parent / "vectors"
SHOWN = 5


def rows_of(file: Path) -> tuple[list[str], list[dict[str, str]]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        return list(reader.fieldnames or []), list(reader)


def questions(head: list[str]) -> list[str]:
    """Columns of a case without its answers."""
    return head[: head.index("ground")]


def answer_columns(head: list[str]) -> list[str]:
    return head[head.index("ground") + 1 :]


def written(head: list[str], rows: list[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, head, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def same(column: str, expected: str, found: str) -> bool:
    """Equal as numbers where both are numbers; primary pollutants in any order."""
    expected, found = expected.strip(), found.strip()
    if column == "primary":
        return {one.strip() for one in expected.split(",")} == {one.strip() for one in found.split(",")}
    try:
        return Decimal(expected) == Decimal(found)
    except InvalidOperation:
        return expected == found


def answers_of(program: str, kind: str, cases: str, seconds: float) -> list[dict[str, str]]:
    """What the program answers; ends the run where it fails."""
    with tempfile.TemporaryDirectory() as name:
        asked, told = Path(name) / "cases.csv", Path(name) / "answers.csv"
        asked.write_text(cases, "utf-8")
        command = [
            part.replace("{kind}", kind).replace("{cases}", str(asked)).replace("{answers}", str(told))
            for part in shlex.split(program)
        ]
        try:
            done = subprocess.run(command, input=cases.encode(), capture_output=True, timeout=seconds, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            sys.exit(failed(kind, str(error)))
        if done.returncode:
            sys.exit(failed(kind, done.stderr.decode("utf-8", "replace").strip()[-2000:]))
        text = told.read_text("utf-8-sig") if told.exists() else done.stdout.decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))


def failed(kind: str, why: str) -> int:
    print(f"{kind}: the program failed: {why}", file=sys.stderr)
    return 2


def compared(head: list[str], vectors: list[dict[str, str]], answers: list[dict[str, str]]) -> list[str]:
    """One line for each case that differs or has no answer."""
    found = {row.get("id", ""): row for row in answers}
    differences = []
    for case in vectors:
        answer = found.get(case["id"])
        if answer is None:
            differences.append(f"{case['id']}: no answer")
            continue
        wrong = [name for name in answer_columns(head) if not same(name, case[name], answer.get(name) or "")]
        if wrong:
            asked = ", ".join(f"{name}={case[name][:60]}" for name in questions(head)[1:] if case[name])
            said = "; ".join(f"{name} should be “{case[name]}”, is “{answer.get(name) or ''}”" for name in wrong)
            differences.append(f"{case['id']} ({asked}; {case['ground']}): {said}")
    return differences


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--program")
    what.add_argument("--answers", type=Path)
    what.add_argument("--cases", type=Path)
    parser.add_argument("--kind", action="append", choices=sorted(file.stem for file in VECTORS.glob("*.csv")))
    parser.add_argument("--ground", choices=["text"], help="text: leave out cases where the standard leaves room")
    parser.add_argument("--seconds", type=float, default=600, help="longest time for one kind")
    return parser.parse_args()


def main() -> int:
    given = arguments()
    together = equal = 0
    for kind in given.kind or sorted(file.stem for file in VECTORS.glob("*.csv")):
        head, vectors = rows_of(VECTORS / f"{kind}.csv")
        vectors = [row for row in vectors if given.ground in (None, row["ground"])]
        cases = written(questions(head), vectors)
        if given.cases:
            given.cases.mkdir(parents=True, exist_ok=True)
            (given.cases / f"{kind}.csv").write_text(cases, "utf-8")
            print(f"{kind}: {len(vectors)} cases written")
            continue
        if given.answers:
            file = given.answers / f"{kind}.csv"
            answers = rows_of(file)[1] if file.is_file() else []
        else:
            answers = answers_of(given.program, kind, cases, given.seconds)
        differences = compared(head, vectors, answers)
        together, equal = together + len(vectors), equal + len(vectors) - len(differences)
        print(f"{kind}: {len(vectors) - len(differences)} of {len(vectors)} equal")
        for line in differences[:SHOWN]:
            print(f"  {line}")
    if not given.cases:
        print(f"together: {equal} of {together} equal")
    return 0 if equal == together else 1


if __name__ == "__main__":
    sys.exit(main())
