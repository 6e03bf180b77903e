from celery import shared_task

from shop.referrals import flows


@shared_task
def roll_up_clicks() -> None:
    flows.roll_up_clicks()


@shared_task
def forget_clicks() -> None:
    flows.forget_clicks()


@shared_task
def look_for_fraud() -> None:
    flows.look_for_fraud()


@shared_task
def watch_cases() -> None:
    flows.watch_cases()
