"""The one task the queue knows: run the job of this number."""

from __future__ import annotations

from django_tasks import task

from lantian.site.jobs.running import perform


@task()
def run_job(job_id: int) -> None:
    """Runs one job."""
    perform(job_id)
