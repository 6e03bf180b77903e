from celery import shared_task

from shop.referrals import flows


@shared_task
def release_held_commissions() -> None:
    flows.release_held_commissions()
