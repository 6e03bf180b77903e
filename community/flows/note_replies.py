"""What others do with a note: like it, say something, flag it; and what editors and stewards do then."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.roles import INSTRUCTOR, MODERATOR, OWNER, has_role
from community.errors import NotSound, Refused
from community.flows.feed import like_in_feed, unlike_in_feed
from community.flows.notes import check_pace, lock_note, require_steward
from community.models import Note, NoteComment, NoteLike, NotePick, NoteReport
from kit import audit
from kit.clock import now
from kit.text import RENDERER_VERSION, plain_text, render_markdown, strip_controls
from notices.flows import Words, notify

LONGEST_COMMENT = 2_000
COMMENTED = gettext_noop("%(who)s commented on your note “%(title)s”")


@transaction.atomic
def like_note(*, user: Any, note: Note, on: bool = True) -> None:
    """Once a person, or no more; not one's own. Who follows the person sees it."""
    row = lock_note(note)
    if row.author_id == user.pk or row.published_at is None or row.removed_at is not None:
        raise Refused(_("One likes what others show."))
    ref = f"note:{row.pk}"
    if on:
        like, _made = NoteLike.objects.get_or_create(note=row, user=user, defaults={"at": now()})
        like_in_feed(user=user, ref=ref, kind="note", at=like.at)
    else:
        NoteLike.objects.filter(note=row, user=user).delete()
        unlike_in_feed(user=user, ref=ref)


@transaction.atomic
def comment_on_note(*, author: Any, note: Note, source: str, key: str) -> NoteComment:
    """The same author and `key` give the same comment; the note's author is told. Raises NotSound, Refused or TooFast."""
    get_user_model().objects.select_for_update(no_key=True).only("pk").get(pk=author.pk)
    if sent := NoteComment.objects.filter(author=author, key=key).first():
        return sent
    row = lock_note(note)
    if row.published_at is None or row.removed_at is not None:
        raise Refused(_("There is nothing to comment on."))
    source = strip_controls(source).strip()
    if not source or len(source) > LONGEST_COMMENT:
        raise NotSound(_("A comment has 1 to %(longest)d characters.") % {"longest": LONGEST_COMMENT})
    check_pace(author)
    made = NoteComment.objects.create(
        note=row,
        author=author,
        source=source,
        html=render_markdown(source),
        renderer=RENDERER_VERSION,
        created_at=now(),
        key=key,
    )
    if row.author_id != author.pk:
        values = {"who": author.display_name, "title": row.title, "body": plain_text(made.html)[:300]}
        url = f"/notes/{row.pk}-{row.slug}/#comment-{made.pk}"
        notify(
            user=row.author, kind="note.comment", key=f"comment:{made.pk}", words=Words(COMMENTED, "%(body)s", values), url=url
        )
    return made


@transaction.atomic
def remove_comment(*, by: Any, comment: NoteComment) -> None:
    """By its author, the note's, or a steward of the site."""
    if by.pk not in (comment.author_id, comment.note.author_id):
        require_steward(by)
    changed = NoteComment.objects.filter(pk=comment.pk, removed_at=None).update(removed_at=now())
    comment.reports.filter(decided_at=None).update(decided_at=now())
    if changed and by.pk != comment.author_id:
        audit.record(actor=by, action="comment.removed", target=f"comment:{comment.pk}", before="shown", after="removed")


@transaction.atomic
def report_note(*, reporter: Any, note: Note, comment: NoteComment | None, reason: str) -> NoteReport:
    """Once a person and thing; the site's owner and moderators see it on their page."""
    reason = " ".join(strip_controls(reason).split())[:300]
    values = {"reason": reason, "at": now()}
    return NoteReport.objects.get_or_create(note=note, comment=comment, reporter=reporter, defaults=values)[0]


@transaction.atomic
def keep_reported(*, by: Any, report: NoteReport) -> None:
    """It was looked at and stays: all flags on the same thing are decided."""
    require_steward(by)
    same = NoteReport.objects.filter(note=report.note_id, comment=report.comment_id, decided_at=None)
    if same.update(decided_at=now()):
        target = f"comment:{report.comment_id}" if report.comment_id else f"note:{report.note_id}"
        audit.record(actor=by, action="note.kept", target=target, before="reported", after="kept")


def may_pick(user: Any) -> bool:
    """Editors: the owner and teachers."""
    return has_role(user, OWNER, INSTRUCTOR)


def is_steward(user: Any) -> bool:
    return has_role(user, OWNER, MODERATOR)


@transaction.atomic
def pick_note(*, by: Any, note: Note, reason: str) -> NotePick:
    """Put it on top of the wall, for a written reason; another reason replaces the first. Raises Refused or NotSound."""
    if not may_pick(by):
        raise Refused(_("Only editors choose: the owner and the teachers."))
    reason = " ".join(strip_controls(reason).split())[:200]
    if not reason:
        raise NotSound(_("Say why: the reason stands beside the note."))
    row = lock_note(note)
    if row.published_at is None or row.removed_at is not None:
        raise Refused(_("There is nothing to choose."))
    moment = now()
    row.picks.filter(ended_at=None).update(ended_at=moment)
    return NotePick.objects.create(note=row, by=by, reason=reason, at=moment)


@transaction.atomic
def unpick_note(*, by: Any, note: Note) -> None:
    if not may_pick(by):
        raise Refused(_("Only editors choose: the owner and the teachers."))
    note.picks.filter(ended_at=None).update(ended_at=now())
