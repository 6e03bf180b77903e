"""Files of posts: looked at, stored under a key of ours, bound to a post, erased with it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from community.errors import TooFast
from community.models import Attachment, Draft, Post
from kit import outbox
from kit.clock import now
from kit.files import (
    IMAGE,
    FileRefused,
    FileTooLarge,
    Kind,
    encoded_again,
    is_download,
    kind_of,
    shown_name,
)
from kit.storage import PrivateStorage, new_key

ERASED, REMOVED = "post.file_erased", "post.files_due"
HOUR = timedelta(hours=1)
DOWNLOAD = Kind("file", "application/octet-stream", ".bin")


def keep_file(*, owner: Any, place: str, file: Any, key: str) -> Attachment:
    """Store a file that `owner` will send from `place` (`topic:12`); the view has asked whether they may write there.

    The same owner and `key` give the same file. Raises FileRefused, FileTooLarge, TooFast or StorageFault; then nothing
    is stored.
    """
    if sent := Attachment.objects.filter(owner=owner, sent_key=key).first():
        return sent
    _check_room(owner, place)
    kind, body, width, height = _looked_at(file)
    storage = PrivateStorage()
    stored = storage.save(new_key("posts", f"x{kind.suffix}"), body)
    try:
        with transaction.atomic():
            return Attachment.objects.create(
                owner=owner,
                place=place,
                kind=kind.kind,
                name=shown_name(file.name or "") or _("file"),
                key=stored,
                content_type=kind.content_type,
                size=body.size,
                width=width,
                height=height,
                sent_key=key,
                created_at=now(),
            )
    except IntegrityError:  # the same file came twice at once
        storage.delete(stored)
        return Attachment.objects.get(owner=owner, sent_key=key)


def bind_files(*, post: Post, files: Iterable[int]) -> None:
    """The author's unsent files, and those that the post has, become the post's; what it had beside them is erased.

    Raises FileRefused where there are too many.
    """
    wanted = set(files)
    if len(wanted) > settings.POST_FILES_MOST:
        raise FileRefused(_("A post carries %(most)d files at most.") % {"most": settings.POST_FILES_MOST})
    erase_files(post.attachments.exclude(pk__in=wanted))
    if wanted:
        Attachment.objects.filter(pk__in=wanted, owner=post.author_id, post=None).update(post=post)


def drop_files(*, owner: Any, files: Iterable[int]) -> None:
    """Files that were not sent and are not wanted."""
    erase_files(Attachment.objects.filter(owner=owner, post=None, pk__in=list(files)))


@transaction.atomic
def erase_files(files: QuerySet[Attachment]) -> None:
    """Rows go now, the objects through the outbox: storage may be away for a while."""
    rows = dict(files.values_list("pk", "key"))
    if rows:
        outbox.write_many(topic=ERASED, payloads={key: {"key": key} for key in rows.values()})
        Attachment.objects.filter(pk__in=rows).delete()


def erase_object(payload: dict[str, Any]) -> None:
    """Handler of `post.file_erased`. Deleting what is gone already is no fault."""
    PrivateStorage().delete(payload["key"])


def let_files_go(post: Post) -> None:
    """A post was removed: nobody opens its files any more, and unless it comes back they are erased."""
    if post.removed_at is not None:
        key = f"{post.pk}@{post.removed_at.timestamp()}"
        wait = timedelta(days=settings.REMOVED_FILE_DAYS)
        outbox.write(topic=REMOVED, key=key, payload={"post": post.pk}, delay=wait)


def erase_removed_files(payload: dict[str, Any]) -> None:
    """Handler of `post.files_due`: of a post that is still removed; with a first post its whole topic goes."""
    post = Post.objects.filter(pk=payload["post"]).exclude(removed_at=None).first()
    if post is not None:
        whole = {"post__topic": post.topic_id} if post.no == 1 else {"post": post}
        erase_files(Attachment.objects.filter(**whole))


def sweep_unsent_files() -> None:
    """Files that were chosen and forgotten: in no post, no draft, for days."""
    before = now() - timedelta(days=settings.UNSENT_FILE_DAYS)
    drafts = Draft.objects.filter(owner=OuterRef("owner"), place=OuterRef("place"))
    old = Attachment.objects.filter(~Exists(drafts), post=None, created_at__lt=before)
    erase_files(Attachment.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:500])))


def _check_room(owner: Any, place: str) -> None:
    unsent = Attachment.objects.filter(owner=owner, place=place, post=None).count()
    if unsent >= settings.POST_FILES_MOST:
        raise FileRefused(_("A post carries %(most)d files at most.") % {"most": settings.POST_FILES_MOST})
    since = now() - HOUR
    recent = Attachment.objects.filter(owner=owner, created_at__gt=since).order_by("-created_at")
    times = list(recent.values_list("created_at", flat=True)[: settings.POST_FILES_PER_HOUR])
    if len(times) >= settings.POST_FILES_PER_HOUR:
        raise TooFast(max(1, int((times[-1] - since).total_seconds()) + 1))


def _looked_at(file: Any) -> tuple[Kind, Any, int | None, int | None]:
    """What the file is by its content, and what of it is stored: pictures are encoded again, documents never shown."""
    limit = settings.POST_FILE_MAX_BYTES
    if file.size > limit:
        raise FileTooLarge(_("The file is too large: %(limit)s MB at most.") % {"limit": limit // 1024**2})
    file.seek(0)
    head = file.read(64)
    if not head:
        raise FileRefused(_("The file is empty."))
    kind = kind_of(head) or (DOWNLOAD if is_download(file.name or "") else None)
    if kind is None:
        raise FileRefused(
            _("We take pictures (JPEG, PNG, WebP), recordings, films (MP4, WebM), PDF and documents; not this file.")
        )
    if kind.kind != IMAGE:
        file.seek(0)
        return kind, file, None, None
    longest, most = settings.POST_PICTURE_LONGEST, settings.POST_PICTURE_MAX_PIXELS
    body, width, height = encoded_again(file, kind.content_type, into="WEBP", longest=longest, most_pixels=most)
    return Kind(IMAGE, "image/webp", ".webp"), body, width, height
