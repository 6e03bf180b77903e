from celery import shared_task

from kit import outbox, visitor_pages


@shared_task
def deliver_outbox(message_id: int) -> None:
    outbox.deliver(message_id=message_id)


@shared_task
def sweep_outbox() -> None:
    outbox.sweep()


@shared_task
def sweep_changes() -> None:
    visitor_pages.sweep_changes()
