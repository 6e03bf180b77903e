"""Daily and weekly mails: each notice in one of them, once.

Two steps, each a transaction: a digest takes its notices (and an outbox row is written), then its mail is sent. Killed
anywhere, the first leaves nothing or everything, and the outbox repeats the second. A mail server may have taken a mail
whose transaction then died: the mail that follows bears the same Message-ID, by which mail programs show one.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Min

from accounts.models import User
from kit import outbox
from kit.clock import local_date, now, start_of_day, zone
from notices import gates
from notices.choices import quiet_until
from notices.groups import How
from notices.mail import send_digest_mail
from notices.models import Digest, Notice


def prepare_digests() -> int:
    """Make the digests whose morning has come where their people live; how many. For the beat."""
    waiting = Notice.objects.filter(digest=None, emailed_at=None, read_at=None).exclude(rhythm="")
    rows = waiting.values_list("user", "user__time_zone", "rhythm").annotate(since=Min("created_at")).order_by("user")
    due = [(user, rhythm) for user, zone_name, rhythm, since in rows if since < last_morning(zone_name, rhythm)]
    return sum(prepare_digest(user_id=user, rhythm=rhythm) for user, rhythm in due)


def last_morning(zone_name: str, rhythm: str) -> datetime:
    """The last time that it was settings.DIGEST_HOUR there, on a Monday for the weekly one."""
    local = now().astimezone(zone(zone_name))
    back = local.weekday() if rhythm == How.WEEKLY else 0
    day = local.date() - timedelta(days=back)
    if day == local.date() and local.hour < settings.DIGEST_HOUR:
        day -= timedelta(days=7 if rhythm == How.WEEKLY else 1)
    return start_of_day(day, zone_name) + timedelta(hours=settings.DIGEST_HOUR)


@transaction.atomic
def prepare_digest(*, user_id: int, rhythm: str) -> bool:
    """Take what was told before the last morning, is unread and still open to the person, into one digest."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    morning = last_morning(user.time_zone, rhythm)
    rows = Notice.objects.select_for_update().filter(user=user, rhythm=rhythm, digest=None, emailed_at=None)
    found = list(rows.filter(created_at__lt=morning).order_by("pk"))
    is_open = gates.open_among({notice.gate for notice in found}, user) if user.is_active else set()
    taken = [notice for notice in found if notice.read_at is None and notice.gate in is_open]
    dropped = {notice.pk for notice in found} - {notice.pk for notice in taken}
    Notice.objects.filter(pk__in=dropped).update(rhythm="")
    day = local_date(morning, user.time_zone)
    if not taken or Digest.objects.filter(user=user, rhythm=rhythm, day=day).exists():
        return False
    digest = Digest.objects.create(user=user, rhythm=rhythm, day=day, made_at=now())
    Notice.objects.filter(pk__in=[notice.pk for notice in taken]).update(digest=digest)
    outbox.write(topic="notice.digest", key=str(digest.pk), payload={"digest": digest.pk})
    return True


@transaction.atomic
def send_digest(payload: dict[str, Any]) -> None:
    """Handler of `notice.digest`: what is still unread and open to the person, in one mail. Raises outbox.Later."""
    digests = Digest.objects.select_for_update(of=("self",)).select_related("user")
    digest = digests.filter(pk=payload["digest"], sent_at=None).first()
    if digest is None or not digest.user.is_active:
        return
    if until := quiet_until(digest.user):
        raise outbox.Later(until)
    found = list(digest.notices.filter(read_at=None).order_by("-created_at", "-pk"))
    is_open = gates.open_among({notice.gate for notice in found}, digest.user)
    shown = [notice for notice in found if notice.gate in is_open]
    digest.sent_at = now()
    digest.save(update_fields=["sent_at"])
    Notice.objects.filter(pk__in=[notice.pk for notice in shown]).update(emailed_at=digest.sent_at)
    if shown:
        send_digest_mail(digest, shown)
