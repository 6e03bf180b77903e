from celery import shared_task

from community import flows


@shared_task
def post_due() -> None:
    flows.post_due()


@shared_task
def expire_applications() -> None:
    flows.expire_applications()
