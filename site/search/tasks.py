from celery import shared_task

from search import flows


@shared_task
def refresh_frequencies() -> None:
    flows.refresh_frequencies()
