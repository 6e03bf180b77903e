"""notify(): the one way to tell a person something. Inbox at once; the e-mail follows after commit."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction

from kit import outbox
from kit.clock import now
from kit.paths import without_language
from notices import gates
from notices.mail import language_of, send_mail_in_language, send_notice
from notices.models import Notice
from notices.words import Words, one_line

__all__ = [
    "Words",
    "language_of",
    "mark_read",
    "notify",
    "notify_many",
    "reword",
    "send_mail_in_language",
    "send_notice_mail",
    "settle",
    "withdraw",
]


def notify(
    *,
    user: Any,
    kind: str,
    key: str,
    words: Words,
    url: str = "",
    gate: str = "",
    email: bool = True,
    delay: timedelta = outbox.AT_ONCE,
) -> None:
    """Tell `user` once per `key`. `gate` (such as `cohort:5`) is asked again when the mail is sent and the inbox shown.

    Inbox and mail say `words` in the language that the person reads by then. The mail waits for `delay`; reading or
    withdrawing the notice meanwhile cancels it.
    """
    defaults = {"kind": kind, **_said(words), "url": without_language(url), "gate": gate, "created_at": now()}
    notice, created = Notice.objects.get_or_create(user=user, key=key, defaults=defaults)
    if created and email:
        outbox.write(topic="notice.mail", key=str(notice.pk), payload={"notice": notice.pk}, delay=delay)


@transaction.atomic
def notify_many(
    *,
    users: Iterable[Any],
    kind: str,
    key: str,
    words: Words,
    url: str = "",
    gate: str = "",
    email: bool = True,
    delay: timedelta = outbox.AT_ONCE,
) -> None:
    """Tell many people the same, each once per `key`, in three statements."""
    values = {"kind": kind, **_said(words), "url": without_language(url), "gate": gate, "created_at": now()}
    rows = [Notice(user=user, key=key, **values) for user in users]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    if email:
        ids = Notice.objects.filter(key=key, user__in=[row.user_id for row in rows], emailed_at=None).values_list("pk", flat=True)
        outbox.write_many(topic="notice.mail", payloads={str(pk): {"notice": pk} for pk in ids}, delay=delay)


def _said(words: Words) -> dict[str, Any]:
    params = None if words.params is None else dict(words.params)
    return {"title": words.title if params is not None else one_line(words.title), "body": words.body, "params": params}


@transaction.atomic
def send_notice_mail(payload: dict[str, Any]) -> None:
    """Handler of `notice.mail`: send once, while it is unread and the gate is open to the person."""
    notice = (
        Notice.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(pk=payload["notice"], emailed_at=None)
        .first()
    )
    if notice is None or notice.read_at is not None or not notice.user.is_active or not gates.is_open(notice.gate, notice.user):
        return
    notice.emailed_at = now()
    notice.save(update_fields=["emailed_at"])
    send_notice(notice)


@transaction.atomic
def mark_read(*, user: Any) -> None:
    """Everything in the inbox has been seen."""
    Notice.objects.filter(user=user, read_at=None).update(read_at=now())


def settle(*, user: Any, keys: Iterable[str]) -> None:
    """The person has seen what these notices are about: they count as read, and no mail follows."""
    if wanted := list(keys):
        Notice.objects.filter(user=user, key__in=wanted, read_at=None).update(read_at=now())


def reword(*, key: str, words: Words) -> None:
    """What a notice is about was edited: inbox and mails not yet sent say the new words."""
    Notice.objects.filter(key=key, emailed_at=None).update(**_said(words))


@transaction.atomic
def withdraw(*, keys: Iterable[str]) -> None:
    """What these notices were about is gone: nobody finds them any more, and mails not yet sent stay unsent."""
    Notice.objects.filter(key__in=list(keys)).delete()
