"""Plans written into the data folder as readable YAML: written whole beside the old one, checked, then renamed."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from lantian.basis.finding import Text
from lantian.rulebook.joins import Join
from lantian.rulebook.loader import RulebookError
from lantian.rulebook.plan_files import read_folder
from lantian.rulebook.plans import Answer, Article, Plan
from lantian.rulebook.yaml_text import Plain, yaml_text

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}\Z")
_NOT_IN_HEAD = {"articles", "bodies", "built_in"}
_ALWAYS = {"number", "adopted_on", "issued_on", "until"}  # written as null where there is none


def write_plan(
    data: Path, draft: Plan, *, text: str | None = None, join: Join | None = None, read: Mapping[str, Any] | None = None
) -> Path:
    """The folder ``<data>/plans/<id>`` with the plan, and the official text, join and reader's output where given.

    Ids of items that were in the folder and are no longer in the plan are kept as retired.

    Errors  RulebookError where the plan does not hold; then nothing is changed
    """
    kept = data / "plans" / draft.id
    if (kept / "plan.yaml").is_file():
        old = read_folder(kept)
        gone = [item for item in old.items() if item not in draft.items()]
        draft = replace(draft, retired=tuple(dict.fromkeys((*old.retired, *draft.retired, *gone))))
    files = {"plan.yaml": _head(draft), "bodies.yaml": _bodies(draft)}
    files |= {f"articles/{article.n:02}.yaml": _article(article) for article in draft.articles}
    for name in ("text.txt", "join.yaml", "read.json"):  # what stands beside the plan stays, unless it is given anew
        if (kept / name).is_file():
            files[name] = (kept / name).read_bytes().decode()
    return _replaced(data, draft.id, files | beside(text, join, read))


def write_beside(data: Path, plan_id: str, *, text: str, join: Join, read: Mapping[str, Any] | None = None) -> Path:
    """The folder ``<data>/plans/<id>`` with text and join alone, for a plan of the package; a plan in it is kept."""
    kept = data / "plans" / plan_id
    files = {str(file.relative_to(kept)): file.read_bytes().decode() for file in _files(kept)}
    return _replaced(data, plan_id, files | beside(text, join, read))


def write_join(data: Path, plan_id: str, join: Join) -> None:
    """``join.yaml`` of a plan, written whole and renamed."""
    folder = data / "plans" / plan_id
    with _alone(data):
        _write(folder / "join.yaml.new", _join(join))
        (folder / "join.yaml.new").replace(folder / "join.yaml")
        _sync(folder)


def beside(text: str | None, join: Join | None, read: Mapping[str, Any] | None) -> dict[str, str]:
    """The files that stand beside a plan, by name."""
    found = {} if text is None else {"text.txt": text}
    if join is not None:
        found["join.yaml"] = _join(join)
    if read is not None:
        found["read.json"] = json.dumps(read, ensure_ascii=False, indent=1) + "\n"
    return found


def _files(folder: Path) -> list[Path]:
    return [file for file in sorted(folder.rglob("*")) if file.is_file() and not file.name.startswith(".")]


def _replaced(data: Path, plan_id: str, files: dict[str, str]) -> Path:
    if not _NAME.match(plan_id):
        raise RulebookError(
            f"plans/{plan_id}", None,
            Text(f"“{plan_id}”不能作方案编号", f"{plan_id!r} cannot be the id of a plan"),
            Text("请用小写字母、数字和连字符", "Use small letters, digits and hyphens"),
        )  # fmt: skip
    root = data / "plans"
    root.mkdir(parents=True, exist_ok=True)
    target, new, old = root / plan_id, root / ".new" / plan_id, root / ".old" / plan_id
    with _alone(data):
        for folder in (new, old):  # left over where a process was ended in the middle
            shutil.rmtree(folder, ignore_errors=True)
        try:
            for name, content in files.items():
                _write(new / name, content)
            if "plan.yaml" in files:
                read_folder(new)
            _sync(new)
            _renamed(new, target, old)
            _sync(root)
        finally:
            shutil.rmtree(root / ".new", ignore_errors=True)
            shutil.rmtree(root / ".old", ignore_errors=True)
    return target


def _renamed(new: Path, target: Path, old: Path) -> None:
    if not target.exists():
        new.rename(target)
        return
    old.parent.mkdir(exist_ok=True)
    target.rename(old)
    try:
        new.rename(target)
    except OSError:
        old.rename(target)
        raise


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Holds the writers' lock of the plans folder."""
    (data / "plans").mkdir(parents=True, exist_ok=True)
    with (data / "plans" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(file: Path, content: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="\n") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _head(plan: Plan) -> str:
    return yaml_text(_entries(plan, leave_out=_NOT_IN_HEAD) | {"region": plan.region or None})


def _bodies(plan: Plan) -> str:
    return (
        yaml_text({body.id: _entries(body, leave_out={"id"}) for body in plan.bodies.values()})
        if plan.bodies
        else "{}\n"
    )


def _article(article: Article) -> str:
    entries: dict[str, Plain] = {"article": article.n}
    entries |= _entries(article, leave_out={"n", "text", "sentences"})
    return yaml_text(entries)


def _join(join: Join) -> str:
    entries = _entries(join, leave_out={"articles", "differences"})
    entries["differences"] = [_entries(difference) for difference in join.differences]
    entries["articles"] = [
        {
            "article": article.article, "start": article.start, "end": article.end,
            "sentences": [[s.start, s.end, s.role, *s.items] for s in article.sentences],
        }
        for article in join.articles
    ]  # fmt: skip
    return yaml_text(entries)


def _entries(instance: Any, leave_out: set[str] | None = None) -> dict[str, Plain]:
    """The fields of a dataclass that differ from their default; an item's article stands in the head of its file."""
    found: dict[str, Plain] = {}
    for field in fields(instance):
        value = getattr(instance, field.name)
        if field.name in (leave_out or ()) or (field.name == "article" and hasattr(instance, "answered_by")):
            continue
        if value == field.default and field.name not in _ALWAYS:
            continue
        found[field.name] = plain(value)
    return found


def plain(value: Any) -> Plain:
    """A field's value as text, number, list or mapping; a text that is the same in both languages once."""
    if isinstance(value, Text):
        return value.zh if value.zh == value.en else {"zh": value.zh, "en": value.en}
    if isinstance(value, Answer) and value.reason is None:
        return value.by
    if is_dataclass(value):
        return _entries(value)
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, tuple | list):
        return [plain(entry) for entry in value]
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | bool | Decimal):
        return value
    raise TypeError(f"{type(value).__name__} does not stand in a plan")
