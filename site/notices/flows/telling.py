"""notify(): the one way to tell a person something. Inbox at once; the e-mail follows after commit."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from kit import outbox
from kit.clock import now
from kit.paths import without_language
from notices import live
from notices.choices import BY_DEFAULT, ways_of
from notices.groups import DIGESTS, How
from notices.models import Notice
from notices.words import Words, one_line


@transaction.atomic
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
    withdrawing the notice meanwhile cancels it. How it comes (at once, in a digest, not at all) is the person's choice.
    """
    how = ways_of(users=[user.pk], kind=kind, gate=gate).get(user.pk, BY_DEFAULT)
    if how == How.OFF:
        return
    defaults = {**_values(kind, words, url, gate), "rhythm": how if email and how in DIGESTS else ""}
    notice, created = Notice.objects.get_or_create(user=user, key=key, defaults=defaults)
    if created:
        live.publish(kind="notice", people=[user.pk])
    if created and email and how == How.AT_ONCE:
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
    """Tell many people the same, each once per `key`, in five statements. For more than some hundreds: notices.fanout."""
    people = [user.pk for user in users]
    ways = ways_of(users=people, kind=kind, gate=gate)
    values = _values(kind, words, url, gate)
    rows = [
        Notice(user_id=pk, key=key, rhythm=how if email and how in DIGESTS else "", **values)
        for pk in people
        if (how := ways.get(pk, BY_DEFAULT)) != How.OFF
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    live.publish(kind="notice", people=[row.user_id for row in rows])
    if email:
        at_once = [row.user_id for row in rows if ways.get(row.user_id, BY_DEFAULT) == How.AT_ONCE]
        ids = Notice.objects.filter(key=key, user__in=at_once, emailed_at=None).values_list("pk", flat=True)
        outbox.write_many(topic="notice.mail", payloads={str(pk): {"notice": pk} for pk in ids}, delay=delay)


def _values(kind: str, words: Words, url: str, gate: str) -> dict[str, Any]:
    return {"kind": kind, **_said(words), "url": without_language(url), "gate": gate, "created_at": now()}


def _said(words: Words) -> dict[str, Any]:
    params = None if words.params is None else dict(words.params)
    return {"title": words.title if params is not None else one_line(words.title), "body": words.body, "params": params}


@transaction.atomic
def mark_read(*, user: Any) -> None:
    """Everything in the inbox has been seen."""
    _read(user, Notice.objects.filter(user=user, read_at=None))


def settle(*, user: Any, keys: Iterable[str]) -> None:
    """The person has seen what these notices are about: they count as read, and no mail follows."""
    if wanted := list(keys):
        _read(user, Notice.objects.filter(user=user, key__in=wanted, read_at=None))


def _read(user: Any, rows: QuerySet[Notice]) -> None:
    if rows.update(read_at=now()):
        live.publish(kind="notice", people=[user.pk])


def reword(*, key: str, words: Words) -> None:
    """What a notice is about was edited: inbox and mails not yet sent say the new words."""
    Notice.objects.filter(key=key, emailed_at=None).update(**_said(words))


@transaction.atomic
def withdraw(*, keys: Iterable[str], user: Any = None) -> None:
    """What these notices were about is gone, for everybody or for this person: nobody finds them any more, and mails not yet
    sent stay unsent."""
    rows = Notice.objects.filter(key__in=list(keys))
    (rows if user is None else rows.filter(user=user)).delete()
