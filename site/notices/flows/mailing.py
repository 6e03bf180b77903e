"""The mail of one notice."""

from typing import Any

from django.db import transaction

from kit import outbox
from kit.clock import now
from notices import gates
from notices.choices import quiet_until, way_of
from notices.groups import DIGESTS, How
from notices.mail import send_notice
from notices.models import Notice


@transaction.atomic
def send_notice_mail(payload: dict[str, Any]) -> None:
    """Handler of `notice.mail`: send once, while it is unread, the gate is open to the person and they want it by mail.

    Raises outbox.Later in the person's quiet hours. Who wants a digest by now gets it there.
    """
    rows = Notice.objects.select_for_update(of=("self",)).select_related("user")
    notice = rows.filter(pk=payload["notice"], emailed_at=None).first()
    if notice is None or notice.read_at is not None or not notice.user.is_active or not gates.is_open(notice.gate, notice.user):
        return
    how = way_of(notice.user, kind=notice.kind, gate=notice.gate)
    if how in DIGESTS:
        notice.rhythm = how
        notice.save(update_fields=["rhythm"])
    elif how == How.AT_ONCE:
        if until := quiet_until(notice.user, notice.kind):
            raise outbox.Later(until)
        notice.emailed_at = now()
        notice.save(update_fields=["emailed_at"])
        send_notice(notice)
