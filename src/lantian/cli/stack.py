"""``lantian stack``: what the monitors of polluting sources sent."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from lantian.basis.finding import Finding, Place, Refusal, Severity, Text
from lantian.cli import stack_checks, stack_import, stack_records, stack_referee, stack_screen
from lantian.cli.folder import now as present
from lantian.cli.progress import Report, shown

if TYPE_CHECKING:
    from lantian.stack.hj212 import Device, Event, Frame, Passed, Tables

app = typer.Typer(no_args_is_help=True)
app.command("import")(stack_import.take_in)
app.command()(stack_records.records)
app.command()(stack_records.quarantine)
app.command()(stack_records.replay)
app.command()(stack_records.compact)
app.command()(stack_referee.judge)
app.command()(stack_referee.rejudge)
app.command()(stack_referee.verdicts)
app.command()(stack_checks.check)
app.command()(stack_checks.catalogue)
app.command()(stack_screen.screen)

CHUNK = 1 << 18
LONGEST_LINE = 1 << 20  # of a JSON line; a frame is at most 10 kB
BATCH = 500  # lines written at once


@app.callback()
def stack() -> None:
    """污染源：数采仪数据包、监测记录、导入。"""


@app.command()
def decode(
    file: Annotated[Path, typer.Argument(help="抓取的字节流；- 为标准输入")],
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='输入每行一个 {"id": …, "raw": …}，输出每行一个 JSON 对象')
    ] = False,
    data: Annotated[
        Path | None,
        typer.Option("--data", help="采用这个数据目录登记的设备设置（校验方式、单位、SM4 密钥）", show_default=False),
    ] = None,
) -> None:
    """识读 HJ 212 数据包（2005、2017、2025 年版）：校验、字段，每处不合规范都说明。"""
    from lantian.cli.output import to_output
    from lantian.store.stack.device_settings import device_settings
    from lantian.store.stack.outlets import outlets
    from lantian.work.stack_law import hj212_tables

    tables = hj212_tables(present().date())
    devices = device_settings(outlets(data)) if data else {}
    told = _jsonl if jsonl else _stream
    with _opened(file) as stream, shown("识读数据包") as report:
        lines = told(stream, tables, devices, _size(file), report)
        batch: list[str] = []
        for line in lines:
            batch.append(line)
            if len(batch) >= BATCH:
                to_output("\n".join(batch) + "\n")
                batch.clear()
        if batch:
            to_output("\n".join(batch) + "\n")


def _opened(file: Path) -> BinaryIO:
    if str(file) == "-":
        return sys.stdin.buffer
    try:
        return file.open("rb")
    except OSError as error:
        text = Text(f"{file} 读不出来（{error.strerror}）。请检查路径和权限", f"{file}: {error.strerror}")
        raise Refusal(Finding("STACK-FILE-UNREADABLE", Severity.REFUSED, text)) from None


def _size(file: Path) -> int:
    return file.stat().st_size if file.is_file() else 0


def _stream(
    stream: BinaryIO, tables: Tables, devices: Mapping[str, Device], size: int, report: Report
) -> Iterator[str]:
    """One readable line for each event of a captured stream, findings below it."""
    from lantian.stack.hj212 import Decoder

    decoder, done, counts = Decoder(devices), 0, [0, 0]
    while chunk := stream.read(CHUNK):
        done += len(chunk)
        report(done, size, "")
        yield from _readable(decoder.feed(chunk), tables, counts)
    yield from _readable(decoder.close(), tables, counts)
    yield f"数据包 {counts[0]} 个，未采用 {counts[1]} 处。"


def _readable(events: list[Event], tables: Tables, counts: list[int]) -> Iterator[str]:
    from lantian.stack.hj212 import Frame

    for event in events:
        good = isinstance(event, Frame)
        counts[not good] += 1
        header = " ".join(f"{key}={value}" for key, value in event.header.items() if key != "PW")
        yield f"{event.start}–{event.end} {'数据包' if good else '未采用'} {header}".rstrip()
        if isinstance(event, Frame):
            yield from (f"    {key} = {value}" for key, value in event.fields.items())
        yield from (f"    · {one.code} {one.text.zh}" for one in _findings(event, tables))


def _jsonl(stream: BinaryIO, tables: Tables, devices: Mapping[str, Device], size: int, report: Report) -> Iterator[str]:
    """One JSON object for each line of input, in order; a line that cannot be read is an object with its finding."""
    done = row = 0
    while line := stream.readline(LONGEST_LINE):
        row += 1
        done += len(line)
        if row % BATCH == 0:
            report(done, size, "")
        whole = line.endswith(b"\n") or len(line) < LONGEST_LINE
        while not whole:  # the rest of a line that is too long
            more = stream.readline(LONGEST_LINE)
            done += len(more)
            whole = more.endswith(b"\n") or len(more) < LONGEST_LINE
            line = b""
        if line.strip() or not line:
            yield json.dumps(_told(line, row, tables, devices), ensure_ascii=False)


def _told(line: bytes, row: int, tables: Tables, devices: Mapping[str, Device]) -> dict[str, Any]:
    from lantian.stack.hj212 import Frame, decoded

    given = _given(line)
    if isinstance(given, Text):
        place = Place(row=row)
        return {
            "accepted": False,
            "findings": [Finding("STACK-LINE-UNREADABLE", Severity.REFUSED, given, place).as_dict()],
        }
    identity = {"id": given["id"]} if "id" in given else {}
    events = decoded(given["raw"].encode("utf-8", "surrogateescape"), devices)
    frames = [event for event in events if isinstance(event, Frame)]
    told: dict[str, Any] = _frame(frames[0], tables) if frames else {"accepted": False, "header": _first_header(events)}
    passed = [event for event in events if not isinstance(event, Frame)]
    others = [one.as_dict() for event in passed for one in _findings(event, tables)]
    told["findings"] = [*told.get("findings", []), *others]
    if frames[1:]:
        told["more"] = [_frame(frame, tables) for frame in frames[1:]]
    if not events:
        empty = Text("没有内容", "nothing to read")
        told["findings"] = [Finding("STACK-LINE-EMPTY", Severity.REFUSED, empty, Place(row=row)).as_dict()]
    return identity | told


def _given(line: bytes) -> dict[str, Any] | Text:
    """The object of a line, or what is wrong with it."""
    if not line:
        return Text(f"一行超过 {LONGEST_LINE} 字节，未读", f"a line of more than {LONGEST_LINE} bytes")
    try:
        given = json.loads(line)
    except (ValueError, RecursionError):
        return Text("这一行不是 JSON", "this line is not JSON")
    if not isinstance(given, dict) or not isinstance(given.get("raw"), str):
        return Text('这一行没有文字 "raw"', 'this line has no text "raw"')
    try:
        given["raw"].encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return Text('"raw" 含有不能还原为字节的字符', '"raw" holds characters that stand for no bytes')
    return given


def _frame(frame: Frame, tables: Tables) -> dict[str, Any]:
    bits = frame.bits
    return {
        "accepted": True,
        "header": frame.header,
        "scalars": frame.scalars,
        "items": frame.items,
        "flag_bits": bits._asdict() if bits else None,
        "findings": [one.as_dict() for one in _findings(frame, tables)],
    }


def _first_header(events: list[Event]) -> dict[str, str]:
    return next((event.header for event in events if event.header), {})


def _findings(event: Frame | Passed, tables: Tables) -> Iterator[Finding]:
    from lantian.stack.hj212 import Frame, deviations, finding

    place = Place(start=event.start, end=event.end)
    notes = [*event.notes, *deviations(event, tables)] if isinstance(event, Frame) else event.notes
    return (finding(note, place) for note in notes)
