"""Writing to somebody: beginning a conversation, going on with it. Messages are numbered under its row lock."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from community import contacts
from community.errors import NotSound, Refused, TooFast
from community.flows.blocking import blocked_between
from community.flows.message_clock import answer_by_itself, promised_answer
from community.flows.message_files import Kept, keep_files
from community.models import Conversation, Correspondent, Message, MessageFile
from kit import outbox
from kit.clock import now
from kit.text import RENDERER_VERSION, plain_text, render_markdown, strip_controls
from notices import live

LONGEST_MESSAGE = 5000
HOUR = timedelta(hours=1)


def write_to(
    *, author: Any, person: Any, source: str, key: str, about: str = "", about_title: str = "", files: Sequence[Any] = ()
) -> Message:
    """The first message to somebody about a thing, or the next where that conversation is there already.

    The same author and `key` give the same message. Raises Refused, NotSound, TooFast, FileRefused or StorageFault;
    then nothing is stored.
    """
    _check_before(author, source, files)
    kept = keep_files(files)
    with transaction.atomic():
        _lock_author(author)
        if sent := _sent_before(author, key):
            return sent
        conversation = _between(author, person, about, about_title)
        return _write(author, conversation, source, key, kept)


def send_message(
    *, author: Any, conversation: Conversation, source: str, key: str, files: Sequence[Any] = (), thing: str = ""
) -> Message:
    """The next message of one of the two. `thing` is what an upper room shows with it. Raises as `write_to`."""
    _check_before(author, source, files, thing)
    kept = keep_files(files)
    with transaction.atomic():
        _lock_author(author)
        if sent := _sent_before(author, key):
            return sent
        return _write(author, conversation, source, key, kept, thing)


def _between(author: Any, person: Any, about: str, title: str) -> Conversation:
    """Their conversation about that, whoever began it; else a new one."""
    if author.pk == person.pk:
        raise Refused(_("You cannot write to this person."))
    if found := _found(author, person, about):
        return found
    if not contacts.may_write_to(author, person):
        raise Refused(_("You cannot write to this person."))
    moment, is_peer = now(), not contacts.answers_to(person, author)
    try:
        with transaction.atomic():
            made = Conversation.objects.create(
                asker=author, answerer=person, is_peer=is_peer, about=about, about_title=title[:140], created_at=moment
            )
            Correspondent.objects.bulk_create(
                Correspondent(conversation=made, user=one, last_at=moment) for one in (author, person)
            )
            return made
    except IntegrityError:  # the other one has just begun the same
        found = _found(author, person, about)
        assert found is not None
        return found


def _found(one: Any, other: Any, about: str) -> Conversation | None:
    pair = [one.pk, other.pk]
    return Conversation.objects.filter(asker__in=pair, answerer__in=pair, about=about).first()


def _write(author: Any, conversation: Conversation, source: str, key: str, kept: Sequence[Kept], thing: str = "") -> Message:
    locked = Conversation.objects.select_for_update(of=("self",)).select_related("asker", "answerer").get(pk=conversation.pk)
    require_open(author, locked)
    _check_rate(author, locked)
    message = add_message(conversation=locked, author=author, source=strip_controls(source).strip(), key=key, thing=thing)
    MessageFile.objects.bulk_create(MessageFile(message=message, **vars(one)) for one in kept)
    if author.pk == locked.answerer_id:
        locked.due_at = None
    elif not locked.is_peer:
        locked.due_at = locked.due_at or promised_answer(locked.answerer)
    locked.save(update_fields=["due_at"])
    if text := answer_by_itself(locked, author):
        add_message(conversation=locked, author=locked.answerer, source=text, key=uuid4().hex, is_automatic=True)
    return message


def require_open(author: Any, conversation: Conversation) -> None:
    """Raises Refused where this person may not write there (any more): not one of the two, blocked, gone, no longer asked."""
    if author.pk not in (conversation.asker_id, conversation.answerer_id):
        raise Refused(_("You cannot write to this person."))
    other = conversation.answerer if author.pk == conversation.asker_id else conversation.asker
    if author.pk == conversation.asker_id or conversation.is_peer:
        is_open = contacts.may_write_to(author, other)
    else:
        is_open = other.is_active and not blocked_between(author, other)
    if not is_open:
        raise Refused(_("You cannot write to this person."))


def add_message(
    *, conversation: Conversation, author: Any, source: str, key: str, thing: str = "", is_automatic: bool = False
) -> Message:
    """The next number of a locked conversation; both inboxes move, the writer has read it, the other one hears of it."""
    moment, html = now(), render_markdown(source)
    conversation.last_no += 1
    conversation.last_text = plain_text(html)[:140]
    message = Message.objects.create(
        conversation=conversation,
        no=conversation.last_no,
        author=author,
        source=source,
        html=html,
        renderer=RENDERER_VERSION,
        thing=thing,
        is_automatic=is_automatic,
        created_at=moment,
        key=key,
    )
    if is_automatic:
        conversation.away_until = contacts.away_until(author.pk)
    conversation.save(update_fields=["last_no", "last_text", "away_until"])
    Correspondent.objects.filter(conversation=conversation).update(last_at=moment)
    if not is_automatic:
        Correspondent.objects.filter(conversation=conversation, user=author).update(read_no=message.no, wrote=True)
    live.publish(kind="change", values={f"conversation:{conversation.pk}": message.no}, gate=f"conversation:{conversation.pk}")
    outbox.write(topic="message.written", key=str(message.pk), payload={"message": message.pk})
    return message


def _check_before(author: Any, source: str, files: Sequence[Any], thing: str = "") -> None:
    """What can be said before anything is stored."""
    text = strip_controls(source).strip()
    if len(text) > LONGEST_MESSAGE:
        raise NotSound(_("A message has %(longest)d characters at most.") % {"longest": LONGEST_MESSAGE})
    if not text and not files and not thing:
        raise NotSound(_("Write something first."))


def _lock_author(author: Any) -> None:
    """One author's messages come one after the other: a double submit finds the first, a burst is counted exactly."""
    get_user_model().objects.select_for_update(no_key=True).only("pk").get(pk=author.pk)


def _sent_before(author: Any, key: str) -> Message | None:
    return Message.objects.select_related("conversation").filter(author=author, key=key).first()


def _check_rate(author: Any, conversation: Conversation) -> None:
    """SAFETY.md, Limits: messages an hour to people who never wrote back, over all such conversations together."""
    others = Correspondent.objects.exclude(user=author.pk)
    if others.filter(conversation=conversation, wrote=True).exists():
        return
    since, strangers = now() - HOUR, others.filter(wrote=False).values("conversation")
    recent = Message.objects.filter(
        author=author,
        created_at__gt=since,
        is_automatic=False,
        conversation__in=strangers,
        conversation__correspondents__user=author,
    )
    most = settings.MESSAGES_PER_HOUR_TO_STRANGERS
    times = list(recent.order_by("-created_at").values_list("created_at", flat=True)[:most])
    if len(times) >= most:
        raise TooFast(max(1, int((times[-1] - since).total_seconds()) + 1))
