"""The province's table: kept as pasted, taken back where it was the wrong one."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from lantian.site.desk.models import ProvinceTable
from lantian.site.desk.province import Read, kept
from lantian.site.desk.services.record import record
from lantian.site.journal.services import register
from lantian.site.people.models import User
from lantian.site.people.services import region

register({"desk.province_kept": "录入全省数据", "desk.province_withdrawn": "撤回全省数据"})


@transaction.atomic
def keep_table(first: date, last: date, source: str, read: Read, *, by: User, now: datetime) -> ProvinceTable:
    """The table kept for a period; an earlier one of the same period stays, the newest is shown; the same stands once."""
    given = {
        "region": region(),
        "first": first,
        "last": last,
        "source": source,
        "rows": [kept(row) for row in read.rows],
        "findings": [finding.as_dict() for finding in read.findings],
    }
    newest = ProvinceTable.objects.filter(region=region(), first=first, last=last, withdrawn_at=None).first()
    if newest and all(getattr(newest, key) == value for key, value in given.items()):
        return newest
    table = ProvinceTable.objects.create(**given, by=by, at=now)
    after = {"first": first, "last": last, "source": source, "rows": len(read.rows), "left_out": len(read.findings)}
    record("desk.province_kept", table, by=by, now=now, after=after)
    return table


@transaction.atomic
def withdraw_table(table: ProvinceTable, *, by: User, now: datetime) -> None:
    """Takes a table back; it stays in the list as withdrawn and counts no more."""
    if ProvinceTable.objects.filter(pk=table.pk, withdrawn_at=None).update(withdrawn_at=now):
        before = {"rows": len(table.rows), "source": table.source}
        record("desk.province_withdrawn", table, by=by, now=now, before=before)
