"""``lantian stack decode``: frames of known meaning, captured streams, and input that is none of both."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lantian.basis.finding import Refusal
from lantian.cli import app
from lantian.stack.hj212 import encoded
from lantian.stack.hj212.crc import arc
from lantian.stack.hj212.sm4 import encrypting
from lantian.store.stack.outlets import Outlet, publish

GOOD = "##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&1C80\r\n"


def run(*arguments: str, given: bytes | None = None) -> str:
    result = CliRunner().invoke(app, ["stack", "decode", *arguments], input=given)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.stdout


def told(tmp_path: Path, *lines: bytes) -> list[dict[str, Any]]:
    file = tmp_path / "frames.jsonl"
    file.write_bytes(b"\n".join(lines) + b"\n")
    return [json.loads(line) for line in run("--jsonl", str(file)).splitlines()]


def raw(text: str, **more: object) -> bytes:
    return json.dumps({"id": "x", "raw": text} | more).encode()


def test_the_published_frame(tmp_path: Path) -> None:
    (one,) = told(tmp_path, raw(GOOD))
    assert (one["id"], one["accepted"], one["scalars"], one["items"]) == ("x", True, {"RtdInterval": "30"}, {})
    assert one["header"]["MN"] == "010000A8900016F000169DC0"
    assert one["flag_bits"] == {"version": 1, "has_packet_no": False, "need_ack": True}
    assert one["findings"] == []


def test_several_frames_and_garbage_in_one_line(tmp_path: Path) -> None:
    (one,) = told(tmp_path, raw("garbage" + GOOD + GOOD.rstrip() + GOOD))
    assert one["accepted"]
    assert len(one["more"]) == 2
    assert [found["code"] for found in one["findings"]] == ["HJ212-GARBAGE"]
    assert one["findings"][0]["place"] == {"start": 0, "end": 7}
    assert [found["code"] for found in one["more"][1]["findings"]] == ["HJ212-END-MISSING"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{", "STACK-LINE-UNREADABLE"),
        (b"[1]", "STACK-LINE-UNREADABLE"),
        (b'{"raw": 1}', "STACK-LINE-UNREADABLE"),
        (b"\xff\xfe", "STACK-LINE-UNREADABLE"),
        (b"[" * 100_000, "STACK-LINE-UNREADABLE"),
        (b'{"raw": "\\ud800"}', "STACK-LINE-UNREADABLE"),
        (b'{"raw": "' + b"x" * (1 << 20) + b'"}', "STACK-LINE-UNREADABLE"),
        (raw(""), "STACK-LINE-EMPTY"),
        (raw(GOOD.replace("=30", "=31")), "HJ212-CRC-MISMATCH"),
        (raw(GOOD[2:]), "HJ212-NO-HEAD"),
    ],
)
def test_bad_lines_are_findings_and_the_next_line_is_read(tmp_path: Path, line: bytes, code: str) -> None:
    bad, good = told(tmp_path, line, raw(GOOD))
    assert not bad["accepted"]
    assert [found["code"] for found in bad["findings"]] == [code]
    assert good["accepted"]


def test_a_captured_stream_is_told_in_words() -> None:
    lines = run("-", given=b"x" + GOOD.encode()).splitlines()
    assert lines[0] == "0–1 未采用"
    assert lines[1] == "    · HJ212-GARBAGE 不属于任何数据包的字节（1）"
    assert lines[2].startswith("1–112 数据包 QN=20160801085857223 ST=32 CN=1062 MN=010000A8900016F000169DC0")
    assert "PW" not in lines[2]
    assert lines[-1] == "数据包 1 个，未采用 1 处。"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="读不出来"):
        run(str(tmp_path / "absent"))


def test_frames_of_known_meaning(shared: Path, tmp_path: Path) -> None:
    frames = shared / "standards/hj212/frames.jsonl"
    out = tmp_path / "out.jsonl"
    out.write_text(run("--jsonl", str(frames)), "utf-8")
    check = subprocess.run(
        [sys.executable, str(shared / "accept/hj212_check.py"), str(frames), str(out)], capture_output=True, text=True
    )
    assert check.returncode == 0, check.stdout


def test_settings_of_registered_devices_are_used(tmp_path: Path) -> None:
    plain = Outlet("MN-1", "排放口", "模拟企业甲", "230300", mn="FF2303000000000000000001", crc="arc")
    sealed = Outlet("MN-2", "排放口", "模拟企业乙", "230300", mn="FF2303000000000000000002", key="00" * 16)
    publish(tmp_path, [plain, sealed])
    head = {"ST": "31", "CN": "2011", "PW": "123456", "Flag": "9"}
    fields = {"DataTime": "20261128083000", "a21026-Rtd": "12.5", "a21026-Flag": "N"}
    frame = encoded({**head, "MN": plain.mn}, fields)[:-6]  # type: ignore[dict-item]
    other = frame + arc(frame[6:]) + b"\r\n"
    cipher = encoded({**head, "MN": sealed.mn}, fields, encrypting(bytes(16)))  # type: ignore[dict-item]
    file = tmp_path / "frames.jsonl"
    file.write_bytes(raw(other.decode()) + b"\n" + raw(cipher.decode()) + b"\n")
    lines = run("--jsonl", str(file), "--data", str(tmp_path)).splitlines()
    assert [json.loads(line)["items"]["a21026"]["Rtd"] for line in lines] == ["12.5", "12.5"]
    assert not any(json.loads(line)["accepted"] for line in run("--jsonl", str(file)).splitlines())
