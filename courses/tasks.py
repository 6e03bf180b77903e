from celery import shared_task

from courses import flows


@shared_task
def pin_started_cohorts() -> None:
    flows.pin_started_cohorts()
