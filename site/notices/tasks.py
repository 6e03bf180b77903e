from celery import shared_task

from notices import flows
from notices.live import feed


@shared_task
def send_digests() -> None:
    flows.prepare_digests()


@shared_task
def forget_live_events() -> None:
    feed.forget_events()
