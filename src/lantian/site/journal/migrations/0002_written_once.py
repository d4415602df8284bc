"""The database refuses to change or remove a journal entry."""

from __future__ import annotations

from django.db import migrations

SQLITE = {
    "update": "CREATE TRIGGER journal_entry_no_update BEFORE UPDATE ON journal_entry "
    "BEGIN SELECT RAISE(ABORT, 'a journal entry is written once'); END",
    "delete": "CREATE TRIGGER journal_entry_no_delete BEFORE DELETE ON journal_entry "
    "BEGIN SELECT RAISE(ABORT, 'a journal entry is never removed'); END",
}
POSTGRESQL = {
    "function": "CREATE FUNCTION journal_entry_guard() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'a journal entry is written once and never removed'; END $$",
    "trigger": "CREATE TRIGGER journal_entry_guard BEFORE UPDATE OR DELETE ON journal_entry "
    "FOR EACH ROW EXECUTE FUNCTION journal_entry_guard()",
}


def guard(apps, editor):
    for statement in (SQLITE if editor.connection.vendor == "sqlite" else POSTGRESQL).values():
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
