from celery import shared_task

from community import flows


@shared_task
def sweep_unsent_files() -> None:
    flows.sweep_unsent_files()
