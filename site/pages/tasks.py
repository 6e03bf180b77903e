from celery import shared_task
from django.core.management import call_command


@shared_task
def publish_scheduled_pages() -> None:
    """Wagtail's own command: pages go live and expire at their hour."""
    call_command("publish_scheduled")
