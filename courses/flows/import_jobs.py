"""Cartridges uploaded in the back office: stored, then read by a worker, told when done."""

import tempfile
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from courses.cartridge.archive import CartridgeRefused
from courses.flows.cartridge import import_cartridge
from courses.models import ImportJob
from kit import outbox
from kit.clock import now
from kit.locks import lock_rows
from kit.storage import PrivateStorage, new_key

TOPIC = "cartridge.import"


def upload_cartridge(*, teacher: Any, file: Any, title: str = "") -> ImportJob:
    """Keep the file and have it read. Raises CartridgeRefused for what is too large, and StorageFault."""
    if file.size > settings.MEDIA_MAX_BYTES:
        raise CartridgeRefused(_("The file is too large: %(limit)s MB at most.") % {"limit": settings.MEDIA_MAX_BYTES // 1024**2})
    key = PrivateStorage().save(new_key("imports", "x.zip"), file)
    with transaction.atomic():
        job = ImportJob.objects.create(teacher=teacher, name=file.name[:160], title=title[:120], key=key, created_at=now())
        outbox.write(topic=TOPIC, key=str(job.pk), payload={"job": job.pk})
    return job


def run_import(payload: dict[str, Any]) -> None:
    """Outbox: read the cartridge. Delivered twice, or by a second worker, it is imported once."""
    with transaction.atomic():
        job = lock_rows(ImportJob.objects.all(), [payload["job"]]).get(payload["job"])
        if job is None or job.state != ImportJob.State.WAITING:
            return
        with translation.override(job.teacher.language or settings.LANGUAGE_CODE), tempfile.TemporaryFile() as copy:
            PrivateStorage().fetch(job.key, copy)
            try:
                job.course = import_cartridge(file=copy, teacher=job.teacher, title=job.title).course
                job.state = ImportJob.State.DONE
            except CartridgeRefused as error:
                job.state, job.message = ImportJob.State.REFUSED, str(error)[:500]
        job.save(update_fields=["state", "message", "course"])
    PrivateStorage().delete(job.key)
