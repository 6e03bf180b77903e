"""Writing notes: drafts, their pictures and what is tagged in them, publishing, taking them away."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from wagtail.models import Collection

from accounts.portraits import work_picture
from accounts.roles import MODERATOR, OWNER, has_role
from community.errors import NotSound, Refused, TooFast
from community.models import FeedItem, Note, NoteComment, NotePicture, NoteTag, NoteThing
from community.models.note import MOST_PICTURES
from kit import audit, searchables
from kit.clock import now
from kit.models import Picture
from kit.text import RENDERER_VERSION, fold, render_markdown, strip_controls
from notices.flows import Words, notify

LONGEST_TITLE, LONGEST_TEXT, LONGEST_TAG, MOST_TAGS, MOST_THINGS = 100, 10_000, 30, 10, 20


@transaction.atomic
def write_note(*, author: Any, title: str, source: str, tags: Sequence[str], key: str) -> Note:
    """A draft. The same author and `key` give the same note. Raises NotSound or TooFast."""
    get_user_model().objects.select_for_update(no_key=True).only("pk").get(pk=author.pk)
    if sent := Note.objects.filter(author=author, key=key).first():
        return sent
    check_pace(author)
    values = _sound(title, source)
    note = Note.objects.create(author=author, created_at=now(), key=key, **values)
    _set_tags(note, tags)
    return note


@transaction.atomic
def edit_note(*, note: Note, title: str, source: str, tags: Sequence[str]) -> Note:
    """Its author's words anew. Raises NotSound."""
    row = lock_note(note)
    for name, value in _sound(title, source).items():
        setattr(row, name, value)
    if row.published_at is not None:
        row.edited_at = now()
    row.save()
    _set_tags(row, tags)
    _changed(row)
    return row


@transaction.atomic
def add_picture(*, note: Note, upload: UploadedFile, alt: str = "") -> NotePicture:
    """Encoded anew, which drops its place and camera data. Raises accounts.portraits.BadPortrait or NotSound."""
    row = lock_note(note)
    places = list(row.pictures.values_list("position", flat=True))
    if len(places) >= MOST_PICTURES:
        raise NotSound(_("A note has %(most)d pictures at most.") % {"most": MOST_PICTURES})
    picture = Picture.objects.create(
        title=row.title, file=work_picture(upload), uploaded_by_user=row.author, collection=Collection.get_first_root_node()
    )
    place = next(number for number in range(1, MOST_PICTURES + 1) if number not in places)
    made = NotePicture.objects.create(note=row, picture=picture, position=place, alt=_line(alt, 200))
    _set_cover(row)
    return made


@transaction.atomic
def change_picture(*, picture: NotePicture, alt: str, first: bool) -> None:
    """What is seen in it; `first` puts it before the others."""
    row = lock_note(picture.note)
    NotePicture.objects.filter(pk=picture.pk).update(alt=_line(alt, 200))
    if first:
        others = row.pictures.exclude(pk=picture.pk).order_by("position", "pk").values_list("pk", flat=True)
        for place, pk in enumerate([picture.pk, *others], start=1):
            NotePicture.objects.filter(pk=pk).update(position=place)
        _set_cover(row)


@transaction.atomic
def drop_picture(*, picture: NotePicture) -> None:
    """With its file. A published note keeps its last one: raises NotSound."""
    row = lock_note(picture.note)
    if row.published_at is not None and row.pictures.count() < 2:
        raise NotSound(_("A note has one picture at least."))
    picture.picture.delete()
    _set_cover(row)


@transaction.atomic
def tag_thing(*, note: Note, ref: str, picture: NotePicture | None = None, x: int = 0, y: int = 0) -> NoteThing:
    """Tag `ref` at (x, y) per mille of a picture, or without a point; again: moves it. Raises NotSound."""
    row = lock_note(note)
    if not row.things.filter(ref=ref).exists() and row.things.count() >= MOST_THINGS:
        raise NotSound(_("A note has %(most)d tagged things at most.") % {"most": MOST_THINGS})
    if picture is not None and not (picture.note_id == row.pk and 0 <= x <= 1000 and 0 <= y <= 1000):
        raise NotSound(_("This point lies outside of the picture."))
    point = {"picture": picture, "x": x if picture else None, "y": y if picture else None}
    return NoteThing.objects.update_or_create(note=row, ref=ref, defaults=point)[0]


def untag_thing(*, note: Note, ref: str) -> None:
    NoteThing.objects.filter(note=note, ref=ref).delete()


@transaction.atomic
def publish_note(*, note: Note) -> Note:
    """Everybody sees it from now on; again: nothing. Raises NotSound without a picture, Refused for a removed one."""
    row = lock_note(note)
    if row.removed_at is not None:
        raise Refused(_("This note was removed."))
    if not row.pictures.exists():
        raise NotSound(_("A note needs a picture: choose one first."))
    if row.published_at is None:
        row.published_at = now()
        row.save(update_fields=["published_at"])
    _changed(row)
    return row


@transaction.atomic
def delete_note(*, note: Note) -> None:
    """Its author takes it away: words, pictures and their files, for good."""
    row = lock_note(note)
    _changed(row)
    FeedItem.objects.filter(ref=f"note:{row.pk}").delete()
    for one in row.pictures.select_related("picture"):
        one.picture.delete()
    row.delete()


@transaction.atomic
def remove_note(*, by: Any, note: Note, reason: str) -> None:
    """The site's owner or a moderator takes it from everybody; the author is told why. Its pictures' addresses end."""
    require_steward(by)
    row = lock_note(note)
    if row.removed_at is not None:
        return
    row.removed_at, row.removed_why = now(), _line(reason, 300)
    row.save(update_fields=["removed_at", "removed_why"])
    for one in row.pictures.select_related("picture"):
        for rendition in one.picture.renditions.all():
            rendition.delete()
    row.reports.filter(decided_at=None).update(decided_at=row.removed_at)
    row.picks.filter(ended_at=None).update(ended_at=row.removed_at)
    FeedItem.objects.filter(ref=f"note:{row.pk}").delete()
    _changed(row)
    target = f"note:{row.pk}"
    audit.record(actor=by, action="note.removed", target=target, before="shown", after="removed", reason=row.removed_why)
    words = Words(REMOVED, "%(reason)s", {"title": row.title, "reason": row.removed_why})
    notify(user=row.author, kind="note.removed", key=f"note.removed:{row.pk}", words=words, url="/notes/mine/")


def require_steward(user: Any) -> None:
    """Notes stand on the whole site: its owner and its moderators look after them."""
    if not has_role(user, OWNER, MODERATOR):
        raise Refused(_("Only those who run this site do this."))


def check_pace(author: Any) -> None:
    """SAFETY.md, Limits: notes and comments of the last minute, counted by the rows themselves."""
    minute_ago = now() - timedelta(minutes=1)
    times = [
        *Note.objects.filter(author=author, created_at__gt=minute_ago).values_list("created_at", flat=True),
        *NoteComment.objects.filter(author=author, created_at__gt=minute_ago).values_list("created_at", flat=True),
    ]
    if len(times) >= settings.POSTS_PER_MINUTE:
        raise TooFast(max(1, int((min(times) - minute_ago).total_seconds()) + 1))


def lock_note(note: Note) -> Note:
    return Note.objects.select_for_update(of=("self",)).select_related("author").get(pk=note.pk)


def _changed(note: Note) -> None:
    searchables.changed(f"note:{note.pk}")


def _set_cover(note: Note) -> None:
    first = note.pictures.order_by("position", "pk").first()
    Note.objects.filter(pk=note.pk).update(cover=first.picture_id if first else None)


def _set_tags(note: Note, tags: Sequence[str]) -> None:
    names: dict[str, str] = {}
    for name in (_line(tag.lstrip("# "), LONGEST_TAG) for tag in tags):
        names.setdefault(fold(name)[:40], name)
    names.pop("", None)
    if len(names) > MOST_TAGS:
        raise NotSound(_("A note has %(most)d tags at most.") % {"most": MOST_TAGS})
    note.tags.all().delete()
    NoteTag.objects.bulk_create([NoteTag(note=note, name=name, folded=folded) for folded, name in names.items()])


def _sound(title: str, source: str) -> dict[str, Any]:
    title, source = " ".join(strip_controls(title).split()), strip_controls(source).strip()
    if not title or len(title) > LONGEST_TITLE:
        raise NotSound(_("A title has 1 to %(longest)d characters.") % {"longest": LONGEST_TITLE})
    if len(source) > LONGEST_TEXT:
        raise NotSound(_("A note has %(longest)d characters at most.") % {"longest": LONGEST_TEXT})
    return {"title": title, "source": source, "html": render_markdown(source), "renderer": RENDERER_VERSION}


def _line(text: str, longest: int) -> str:
    return " ".join(strip_controls(text).split())[:longest]


REMOVED = gettext_noop("Your note “%(title)s” was removed")
