"""notify(): the one way to tell a person something. Inbox at once; the e-mail follows after commit."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils import translation

from kit import outbox
from kit.clock import now
from notices import gates
from notices.mail import language_of, one_line, send_mail_in_language, send_notice
from notices.models import Notice

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


@dataclass(frozen=True)
class Words:
    """A notice in one language."""

    title: str
    body: str = ""


def notify(
    *,
    user: Any,
    kind: str,
    key: str,
    title: str,
    body: str = "",
    url: str = "",
    gate: str = "",
    email: bool = True,
    delay: timedelta = outbox.AT_ONCE,
) -> None:
    """Tell `user` once per `key`. `gate` (such as `cohort:5`) is asked again when the mail is sent and the inbox shown.

    Texts are given in the person's language: render them under `translation.override(language_of(user))`.
    The mail waits for `delay`; reading or withdrawing the notice meanwhile cancels it.
    """
    notice, created = Notice.objects.get_or_create(
        user=user,
        key=key,
        defaults={"kind": kind, "title": one_line(title), "body": body, "url": url, "gate": gate, "created_at": now()},
    )
    if created and email:
        outbox.write(topic="notice.mail", key=str(notice.pk), payload={"notice": notice.pk}, delay=delay)


@transaction.atomic
def notify_many(
    *,
    users: Iterable[Any],
    kind: str,
    key: str,
    words: Callable[[], Words],
    url: str = "",
    gate: str = "",
    email: bool = True,
    delay: timedelta = outbox.AT_ONCE,
) -> None:
    """Tell many people the same, each once per `key`, in three statements. `words()` is called once per language."""
    moment = now()
    rows = []
    for language, people in groupby(sorted(users, key=language_of), key=language_of):
        with translation.override(language):
            said = words()
        for user in people:
            rows.append(
                Notice(
                    user=user,
                    key=key,
                    kind=kind,
                    title=one_line(said.title),
                    body=said.body,
                    url=url,
                    gate=gate,
                    created_at=moment,
                )
            )
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    if email:
        ids = Notice.objects.filter(key=key, user__in=[row.user_id for row in rows], emailed_at=None).values_list("pk", flat=True)
        outbox.write_many(topic="notice.mail", payloads={str(pk): {"notice": pk} for pk in ids}, delay=delay)


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


@transaction.atomic
def reword(*, key: str, words: Callable[[], Words]) -> None:
    """What a notice is about was edited: inbox and mails not yet sent say the new words."""
    waiting = Notice.objects.filter(key=key, emailed_at=None).select_related("user")
    for language in {language_of(notice.user) for notice in waiting}:
        with translation.override(language):
            said = words()
        ids = [notice.pk for notice in waiting if language_of(notice.user) == language]
        Notice.objects.filter(pk__in=ids).update(title=one_line(said.title), body=said.body)


@transaction.atomic
def withdraw(*, keys: Iterable[str]) -> None:
    """What these notices were about is gone: nobody finds them any more, and mails not yet sent stay unsent."""
    Notice.objects.filter(key__in=list(keys)).delete()
