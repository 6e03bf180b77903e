from celery import shared_task

from accounts.sessions import SessionStore


@shared_task
def clear_sessions() -> None:
    """Sessions that have run out are nobody's any more."""
    SessionStore.clear_expired()
