"""What happens before the first page: tables, a simulated city on an empty folder, the first administrator's link."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse

import lantian
from lantian.basis.period import BEIJING, DAY
from lantian.site import configured
from lantian.site.access import Role
from lantian.site.facts import simulated
from lantian.site.people.models import User
from lantian.site.people.services import invite, void_first_links
from lantian.site.stack.services import seed_simulated
from lantian.store import folder
from lantian.store.air import AirReader
from lantian.store.backup import backup
from lantian.work.simulate import simulate_city
from lantian.work.simulated_outlets import simulated_outlets
from lantian.work.simulated_stations import simulate_stations

Progress = Callable[[int, int, str], None]

SIMULATED_FROM, SIMULATED_UNTIL = (
    date(2021, 1, 1),
    date(2025, 10, 15),
)  # ends inside the plan's last year: states are alive
SEED = 230300
OUTLETS = 24  # of the simulated city


def prepare_data(*, now: datetime, progress: Progress) -> None:
    """Makes the folder and its tables, brings older ones up after a backup, fills an empty one by simulation."""
    progress(0, 3, "检查数据目录")
    folder.prepare(settings.DATA, now=now)
    progress(1, 3, "检查数据表")
    people = settings.DATA / "people.sqlite"
    people.touch(mode=0o600)
    people.chmod(0o600)  # SQLite gives its side files the same mode
    if _migrations_wait():
        _keep_a_backup(now)
        call_command("migrate", interactive=False, verbosity=0)
    progress(2, 3, "检查空气数据")
    if not AirReader(settings.DATA).cities():
        _simulate(now, progress)
    _simulate_outlets(now)
    progress(3, 3, "就绪")


def _keep_a_backup(now: datetime) -> None:
    """Before an upgrade of tables that hold something, the whole folder as it was."""
    if connection.introspection.table_names():
        target = settings.DATA / "backups" / f"before-{lantian.__version__}-{now:%Y%m%dT%H%M%S}.tar.gz"
        target.parent.mkdir(mode=0o700, exist_ok=True)
        backup(settings.DATA, target, now=now)


def _simulate(now: datetime, progress: Progress) -> None:
    plan = configured.plan()
    progress(2, 3, "生成模拟数据")
    simulate_city(
        settings.DATA, plan.cities[0], plan.region, seed=SEED, first=SIMULATED_FROM, last=SIMULATED_UNTIL, now=now
    )
    simulate_stations(
        settings.DATA, plan.cities[0], plan.region, plan.counties, plan.centre, seed=SEED, last=SIMULATED_UNTIL, now=now
    )
    simulated.seed(now)


def _simulate_outlets(now: datetime) -> None:
    """Invented outlets for a city on simulated air whose register is empty; they go when a real one is entered."""
    plan = configured.plan()
    if AirReader(settings.DATA).simulated(plan.cities[0]):
        yesterday = now.astimezone(BEIJING).date() - DAY
        made = simulated_outlets(plan.region, plan.counties, plan.centre, OUTLETS, since=yesterday)
        seed_simulated(made, now=now)


def _migrations_wait() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def first_administrator_link(*, now: datetime) -> str | None:
    """Path of a one-time link while no administrator exists, else None."""
    if User.objects.filter(role=Role.ADMINISTRATOR).exists():
        return None
    void_first_links(now=now)  # one that an earlier start printed ends here
    return reverse("people:first_use", args=[invite(role=Role.ADMINISTRATOR, now=now)])
