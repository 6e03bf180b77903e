from celery import shared_task

from community.flows import applying, badges, calendar, drawing, event_waits, files, telling_events, tickets


@shared_task
def sweep_unsent_files() -> None:
    files.sweep_unsent_files()


@shared_task
def send_event_reminders() -> None:
    telling_events.send_event_reminders()


@shared_task
def expire_event_offers() -> None:
    event_waits.expire_event_offers()


@shared_task
def close_lost_tickets() -> None:
    tickets.close_lost_tickets()


@shared_task
def post_due() -> None:
    calendar.post_due()


@shared_task
def expire_applications() -> None:
    applying.expire_applications()


@shared_task
def draw_what_is_due() -> None:
    drawing.draw_what_is_due()


@shared_task
def refresh_badges() -> None:
    badges.refresh_badges()
