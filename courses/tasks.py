from celery import shared_task

from courses import flows


@shared_task
def pin_started_cohorts() -> None:
    flows.pin_started_cohorts()


@shared_task
def expire_offers() -> None:
    flows.expire_offers()


@shared_task
def finish_overdue_attempts() -> None:
    flows.finish_overdue_attempts()


@shared_task
def send_reminders() -> None:
    flows.send_reminders()


@shared_task
def run_transcode(transcode_id: int) -> None:
    flows.run_transcode(transcode_id=transcode_id)


@shared_task
def sweep_transcodes() -> None:
    flows.sweep_transcodes()


@shared_task
def sweep_uploads() -> None:
    flows.sweep_uploads()


@shared_task
def sweep_documents() -> None:
    flows.sweep_documents()


@shared_task
def archive_ended_spaces() -> None:
    flows.archive_ended_spaces()
