from celery import shared_task

from shop.checkout.flows import events, evidence, expire, gift, personal, reconcile, refund, shares, watch


@shared_task
def process_webhook_event(event_id: int) -> None:
    events.process_event(event_id=event_id)


@shared_task
def sweep_webhooks() -> None:
    events.sweep_webhooks()


@shared_task
def sweep_missed_events() -> None:
    events.sweep_missed_events()


@shared_task
def release_expired_orders() -> None:
    expire.release_expired_orders()


@shared_task
def expire_personal_offers() -> None:
    personal.expire_personal_offers()


@shared_task
def send_refund(refund_id: int) -> None:
    refund.send_refund(refund_id=refund_id)


@shared_task
def send_waiting_refunds() -> None:
    refund.send_waiting_refunds()


@shared_task
def send_due_gifts() -> None:
    gift.send_due_gifts()


@shared_task
def release_holds() -> None:
    shares.release_holds()


@shared_task
def warn_of_deadlines() -> None:
    evidence.warn_of_deadlines()


@shared_task
def reconcile_balance() -> None:
    reconcile.reconcile_balance()


@shared_task
def audit_money() -> None:
    watch.audit_money()
