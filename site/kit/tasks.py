from celery import shared_task

from kit import outbox, visitor_pages


@shared_task
def deliver_outbox(message_id: int) -> None:
    outbox.deliver(message_id=message_id)


@shared_task
def sweep_outbox() -> None:
    for message_id in outbox.due_message_ids():
        outbox.deliver(message_id=message_id)


@shared_task
def sweep_changes() -> None:
    visitor_pages.sweep_changes()
