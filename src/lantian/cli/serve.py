"""``lantian serve``: prepares the data folder, then keeps web, worker and gateway running until it is stopped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

import lantian
from lantian.cli.folder import DataOption, data_folder, django_ready, now
from lantian.cli.serve_stacks import Stacks

WEB_WORKERS = 2
START_WITHIN, ASK_AGAIN = 60.0, 5.0
STOP_WITHIN = 10.0
RESTART_PAUSE = 2.0
PREPARED = "prepared.txt"
HAS_ADMINISTRATOR = "administrator"


def serve(
    host: Annotated[str, typer.Option(envvar="HOST", help="监听地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="PORT", help="端口")] = 8000,
    gateway_host: Annotated[
        str, typer.Option(envvar="LANTIAN_GATEWAY_HOST", help="联网服务的监听地址；0.0.0.0 接收其他机器的数采仪")
    ] = "127.0.0.1",
    gateway_port: Annotated[
        int, typer.Option(envvar="LANTIAN_GATEWAY_PORT", help="联网服务的端口；0 为任一空闲端口")
    ] = 9212,
    data: DataOption = None,
) -> None:
    """Web, worker and gateway on the data folder; prints the address, and the first time a one-time administrator link."""
    os.environ["HOST"], os.environ["PORT"] = host, str(port)
    owner = port_owner(host, port)
    if owner:
        typer.echo(
            f"端口 {port} 已被占用：{owner}。\n请停止该进程，或换一个端口，例如：make serve PORT={port + 1}", err=True
        )
        raise typer.Exit(2)
    folder = data_folder(data)
    known = _kept(folder)
    if not known.startswith(_installed()):
        prepare(folder)
    stopping = _asked_to_stop()
    web = _start_web(host, port)
    _wait_until_answering(host, port, web, stopping)  # what else starts waits, so that the first page does not
    link = None if f"{_installed()}\n{HAS_ADMINISTRATOR}" == known else administrator_link(folder)
    children = {"网站": web, "后台任务": _start_worker()}
    address = f"http://{'localhost' if host in {'127.0.0.1', '::1'} else host}:{port}"
    typer.echo(f"蓝天已启动：{address}/")
    if link:
        typer.echo(f"首次使用，请打开此链接建立系统管理员（三天内有效，只能用一次）：\n{address}{link}")
    _supervise(children, Stacks(folder, gateway_host, gateway_port, port_owner), host, port, stopping)


def prepare(folder: Path) -> None:
    """Brings the data folder up: its tables, and a simulated city where it is empty."""
    django_ready(folder)
    from lantian.cli.progress import shown
    from lantian.site.start import prepare_data

    with shown("准备数据目录") as progress:
        prepare_data(now=now(), progress=progress)


def administrator_link(folder: Path) -> str | None:
    """Path of the first administrator's one-time link, None once there is one; what holds is kept for the next start."""
    django_ready(folder)
    from lantian.site.start import first_administrator_link

    link = first_administrator_link(now=now())
    kept = _installed() if link else f"{_installed()}\n{HAS_ADMINISTRATOR}"
    (folder / PREPARED).write_text(kept, encoding="utf-8")
    return link


def _kept(folder: Path) -> str:
    """What the last start found: which installation brought the folder up, and whether it has an administrator."""
    try:
        return (folder / PREPARED).read_text(encoding="utf-8")
    except OSError:
        return ""


def _installed() -> str:
    """What decides the tables: this program's and the libraries' versions, and the names of the migrations."""
    migrations = sorted(file.name for file in Path(lantian.__file__).parent.glob("site/*/migrations/0*.py"))
    libraries = [f"{name} {version(name)}" for name in ("django", "django-tasks-db")]
    return "\n".join([f"lantian {lantian.__version__}", *libraries, *migrations])


def port_owner(host: str, port: int) -> str | None:
    """Who listens on the port already, as far as the system tells; None where it is free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            return "系统不允许当前用户使用这个端口（1024 以下的端口需要管理员权限）"
        except socket.gaierror:
            raise typer.BadParameter(f"“{host}”不是本机的地址。", param_hint="--host") from None
        except OSError:
            return _listener(port)
    return None


def _listener(port: int) -> str:
    import psutil

    for connection in psutil.net_connections("tcp"):
        if (
            connection.status == psutil.CONN_LISTEN
            and connection.laddr
            and connection.laddr.port == port
            and connection.pid
        ):
            process = psutil.Process(connection.pid)
            return f"进程 {connection.pid}（{' '.join(process.cmdline())[:120]}，用户 {process.username()}）"
    return "另一个进程（系统未告知是哪一个，可能属于其他用户）"


def _start_web(host: str, port: int) -> subprocess.Popen[bytes]:
    """The web server process; the one function that knows which server it is."""
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(WEB_WORKERS), "--blocking-threads", "4", "--log-level", "warning", "--no-ws",
        "lantian.site.wsgi:application",
    ]  # fmt: skip
    return subprocess.Popen(command, start_new_session=True)


def _start_worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "lantian.cli", "work", "run"], start_new_session=True)


def _asked_to_stop() -> Event:
    """Set once a signal asks to stop; from here on no signal ends the command and leaves what it started behind."""
    stopping = Event()
    for kind in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(kind, lambda *_: stopping.set())
    return stopping


def _wait_until_answering(host: str, port: int, web: subprocess.Popen[bytes], stopping: Event) -> None:
    """Until a page comes or a stop is asked for; ends the command where no page comes."""
    from http.client import HTTPConnection, HTTPException  # of the whole command only serving needs it

    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until and web.poll() is None:
        if stopping.is_set():
            return
        connection = HTTPConnection(host if host not in {"0.0.0.0", "::"} else "127.0.0.1", port, timeout=ASK_AGAIN)
        try:
            connection.request("HEAD", "/account/login/")
            connection.getresponse()
        except (OSError, HTTPException):
            time.sleep(0.05)
        else:
            return
        finally:
            connection.close()
    typer.echo("网站没有启动。上面的信息说明了原因。", err=True)
    _stop(web)
    raise typer.Exit(1)


def _supervise(
    children: dict[str, subprocess.Popen[bytes]], stacks: Stacks, host: str, port: int, stopping: Event
) -> None:
    """Restarts a child that died, until a signal asks to stop; then stops them in order."""
    while not stopping.wait(0.2):
        stacks.look()
        for name, child in children.items():
            if child.poll() is not None and not stopping.is_set():
                typer.echo(f"{name}意外退出（代码 {child.returncode}），正在重新启动。", err=True)
                time.sleep(RESTART_PAUSE)
                children[name] = _start_web(host, port) if name == "网站" else _start_worker()
    stacks.stop()
    for child in children.values():
        _stop(child)
    typer.echo("已停止。")


def _stop(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()
