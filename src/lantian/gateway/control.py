"""The control socket on loopback: a JSON object in, one out, for who holds the token of the data folder."""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from typing import TYPE_CHECKING, Any

from lantian.basis.finding import Refusal
from lantian.gateway.metrics import figures

if TYPE_CHECKING:
    from lantian.gateway.gateway import Gateway

LONGEST = 1 << 16
_PATIENCE = 10.0


async def control_server(gateway: Gateway, token: str) -> asyncio.Server:
    """The listening socket; it takes ``{"token", "do": "ask" | "status", …}`` and answers one line."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            line = await asyncio.wait_for(reader.readline(), _PATIENCE)
            told = await _told(gateway, token, line)
            writer.write(json.dumps(told, ensure_ascii=False).encode() + b"\n")
            await asyncio.wait_for(writer.drain(), _PATIENCE)
        except (TimeoutError, OSError, ValueError):
            pass  # whoever asked has gone, or sent no line
        finally:
            writer.close()

    return await asyncio.start_server(talk, "127.0.0.1", 0, limit=LONGEST)


async def _told(gateway: Gateway, token: str, line: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(line)
        json.dumps(asked, ensure_ascii=False).encode()  # what is no text at all cannot be kept: a ValueError
        if not hmac.compare_digest(str(asked.get("token", "")).encode(), token.encode()):
            return {"error": "token"}
        if asked["do"] == "status":
            return status(gateway)
        if asked["do"] == "ask":
            fields = {str(key): str(value) for key, value in asked["fields"].items()}
            command = gateway.exchange.ask(
                str(asked["mn"]), str(asked["cn"]), fields, str(asked["by"]), time.time_ns() // 1000
            )
            await gateway.durable()
            return {"command": command.id}
    except Refusal as refusal:
        return {"findings": [one.as_dict() for one in refusal.findings]}
    except (ValueError, KeyError, AttributeError, TypeError):
        pass
    return {"error": "form"}


def status(gateway: Gateway) -> dict[str, Any]:
    """The state shown: trouble with the disk, figures, addresses that sent something in vain."""
    counters, gauges = figures(gateway)
    return {
        "trouble": gateway.writer.trouble,
        "register_trouble": gateway.devices.trouble,
        "addresses": gateway.addresses.noticeable(),
        **{name: value for name, (_, value) in {**counters, **gauges}.items()},
    }
