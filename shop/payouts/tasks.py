from celery import shared_task

from shop.payouts import flows


@shared_task
def send_waiting_transfers() -> None:
    flows.send_waiting_transfers()
