"""Keeping the bulletin of a month as it was made, and asking the worker for it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from lantian.site import configured
from lantian.site.bulletin import content, selectors
from lantian.site.bulletin.drafting import Made
from lantian.site.bulletin.models import Bulletin, BulletinFile
from lantian.site.jobs.models import Job
from lantian.site.jobs.services import start
from lantian.site.journal.services import register, write
from lantian.site.people.models import User

register({"bulletin.made": "生成月报"})

MAKE_JOB = "bulletin.make"


def ask_for_bulletin(first: date, values: str, *, by: User | None, now: datetime) -> Job:
    """The job that makes the bulletin of a month; one open job for one month."""
    arguments = {"month": f"{first:%Y-%m}", "values": values}
    return start(MAKE_JOB, arguments, by=by, now=now, unique=job_key(first), label=f"生成月报 {first:%Y-%m}")


def job_key(first: date) -> str:
    """Unique key of the job of a month."""
    return f"{MAKE_JOB}:{configured.plan().id}:{first:%Y-%m}"


@transaction.atomic
def keep(made: Made, values: str, *, data_version: int, by: User | None, now: datetime) -> tuple[Bulletin, bool]:
    """The edition kept, and whether it is new: what says the same as the newest one is that one, seen again."""
    plan, said = configured.plan(), made.drafted.bulletin
    first, inputs = said.days.first.replace(day=1), content.digest_of(said)
    newest = selectors.editions(first).first()
    if newest is not None and newest.inputs == inputs and newest.values_kind == values:
        newest.data_version, newest.as_of = data_version, said.as_of
        newest.save(update_fields=["data_version", "as_of"])
        return newest, False
    number = (selectors.editions(first).aggregate(last=Max("number"))["last"] or 0) + 1
    kept = Bulletin.objects.create(
        plan=plan.id, region=plan.region, month=first, number=number, values_kind=values, as_of=said.as_of,
        data_version=data_version, inputs=inputs, content=content.as_json(said), complete=said.complete,
        simulated=said.simulated, made_at=now, by=by,
    )  # fmt: skip
    BulletinFile.objects.bulk_create(
        BulletinFile(bulletin=kept, name=name, body=body) for name, body in made.files.items()
    )
    write("bulletin.made", kept, by=by, now=now, after={"month": f"{first:%Y-%m}", "number": number, "inputs": inputs})
    return kept, True
