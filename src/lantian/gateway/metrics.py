"""Figures for Prometheus on a loopback port: http://127.0.0.1:<port>/metrics."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from lantian.gateway.gateway import Gateway

_PATIENCE = 10.0
_LONGEST = 1 << 14


async def metrics_server(gateway: Gateway, port: int) -> asyncio.Server:
    """The listening socket that answers ``GET /metrics``; port 0 asks for any."""
    registry = CollectorRegistry()
    registry.register(_Figures(gateway))

    async def told(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            asked = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _PATIENCE)
            found = asked.startswith((b"GET /metrics ", b"GET / "))
            state, body = ("200 OK", generate_latest(registry)) if found else ("404 Not Found", b"")
            head = f"HTTP/1.1 {state}\r\nContent-Type: {CONTENT_TYPE_LATEST}\r\nContent-Length: {len(body)}\r\n"
            writer.write(head.encode() + b"Connection: close\r\n\r\n" + body)
            await asyncio.wait_for(writer.drain(), _PATIENCE)
        except (TimeoutError, OSError, EOFError, asyncio.LimitOverrunError):
            pass  # whoever asked has gone, or asked nothing
        finally:
            writer.close()

    return await asyncio.start_server(told, "127.0.0.1", port, limit=_LONGEST)


class _Figures(Collector):
    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def collect(self) -> Iterator[Metric]:
        counters, gauges = figures(self._gateway)
        for name, (text, value) in counters.items():
            yield CounterMetricFamily(f"lantian_gateway_{name}", text, value=value)
        for name, (text, value) in gauges.items():
            yield GaugeMetricFamily(f"lantian_gateway_{name}", text, value=value)


def figures(gateway: Gateway) -> tuple[dict[str, tuple[str, float]], dict[str, tuple[str, float]]]:
    """Counters since the start, and present values: name → text, value."""
    writer, exchange = gateway.writer, gateway.exchange
    counters: dict[str, tuple[str, float]] = {
        "frames": ("frames committed, repetitions included", writer.frames),
        "frames_new": ("frames committed that were not there before", writer.new),
        "answers": ("answers sent after their commit", writer.answers),
        "refused": ("rows of the quarantine committed", writer.refused),
        "refused_bytes": ("bytes that belonged to no good frame", gateway.refused_bytes),
        "received_bytes": ("bytes received", gateway.bytes),
        "connections_accepted": ("connections accepted", gateway.accepted_connections),
        "groups": ("groups committed", writer.groups),
        "commit_seconds": ("time spent in commits", writer.commit_seconds),
        "write_failures": ("groups the disk refused", writer.failures),
        "faults": ("faults of the program in its work of each second", gateway.faults),
        "odd_clocks": ("frames whose QN is far from the clock", gateway.odd_clocks),
        "commands_asked": ("commands asked for", exchange.asked),
        "commands_sent": ("commands sent, repetitions included", exchange.sent),
        "commands_done": ("commands carried out", exchange.done),
        "commands_failed": ("commands that ended otherwise", exchange.failed),
    }
    gauges: dict[str, tuple[str, float]] = {
        "connections": ("open connections", len(gateway.connections)),
        "devices_connected": ("devices that send on an open connection", len(gateway.devices.connected())),
        "devices_registered": ("devices in the register", gateway.devices.registered),
        "frames_waiting": ("frames received and not committed yet", len(gateway.group.batch.frames)),
        "commands_open": ("commands not ended", exchange.open),
        "writable": ("1 while the disk takes what is written", 0 if writer.trouble else 1),
    }
    return counters, gauges
