"""What the site and the commands ask of a running gateway, through its control socket."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lantian.basis.finding import Finding, Refusal, Severity, Text

STATE_FILE = "gateway.json"
TOKEN_FILE = "gateway.token"
_PATIENCE = 15.0


def ask(data: Path, mn: str, cn: str, fields: Mapping[str, str], by: str) -> int:
    """The number of a new command to a device (``store.stack.commands`` tells how it goes on); it is kept when this returns.

    Errors  Refusal: no gateway runs on this data folder, unknown command, fields out of range
    """
    told = _asked(data, {"do": "ask", "mn": mn, "cn": cn, "fields": dict(fields), "by": by})
    if "findings" in told:
        raise Refusal(*(_finding(one) for one in told["findings"]))
    if "command" not in told:
        raise _not_running()
    return int(told["command"])


def status(data: Path) -> dict[str, Any] | None:
    """State and figures of the gateway (``trouble`` says why it cannot write); None where none runs."""
    try:
        told = _asked(data, {"do": "status"})
    except Refusal:
        return None
    return None if "error" in told else told


def address(data: Path) -> tuple[str, int] | None:
    """Host and port the gateway listens on for devices, as it last published them; None where none was started."""
    try:
        state = json.loads((data / STATE_FILE).read_text("utf-8"))
        return str(state["host"]), int(state["port"])
    except (OSError, ValueError, KeyError):
        return None


def _asked(data: Path, question: dict[str, Any]) -> dict[str, Any]:
    try:
        state = json.loads((data / STATE_FILE).read_text("utf-8"))
        token = (data / TOKEN_FILE).read_text("utf-8").strip()
        with socket.create_connection(("127.0.0.1", int(state["control_port"])), _PATIENCE) as connection:
            connection.settimeout(_PATIENCE)
            connection.sendall(json.dumps({"token": token, **question}).encode() + b"\n")
            with connection.makefile("rb") as answer:
                told = json.loads(answer.readline())
    except (OSError, ValueError, KeyError):
        raise _not_running() from None
    return dict(told)


def _not_running() -> Refusal:
    text = Text(
        "联网服务没有运行，命令无法下达。请先启动 lantian gateway",
        "the gateway is not running, so that no command can be sent; start lantian gateway",
    )
    return Refusal(Finding("GATEWAY-NOT-RUNNING", Severity.REFUSED, text))


def _finding(told: dict[str, Any]) -> Finding:
    return Finding(told["code"], Severity(told["severity"]), Text(told["zh"], told["en"]))
