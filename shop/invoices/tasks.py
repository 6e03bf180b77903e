from celery import shared_task

from shop.invoices import flows


@shared_task
def issue_missing_papers() -> None:
    flows.issue_missing_papers()
