"""The picture on a link's poster: one's own, or of one's own accepted homework, with consent; withdrawn, it is gone."""

from typing import Any

from django.db import transaction

from courses.files import store
from courses.models import Media, Submission
from kit import audit, outbox
from kit.clock import now
from kit.storage import PrivateStorage
from shop.referrals.models import Link, PosterPicture

MOST_BYTES = 12 * 1024**2
ERASED = "poster.erased"


def use_own_picture(*, link: Link, file: Any) -> PosterPicture:
    """Raises FileRefused or FileTooLarge; then everything is as it was."""
    stored = store(file=file, folder="posters", limit=MOST_BYTES, kinds=[str(Media.Kind.IMAGE)])
    return _replace(link, key=stored.key)


def use_homework(*, link: Link, submission: Submission, key: str) -> PosterPicture:
    """`key` is a picture of that homework, accepted and the referrer's own (posters.homework_pictures); they consent to it
    being seen by everybody who sees the poster."""
    return _replace(link, key=key, submission=submission, consented_at=now())


@transaction.atomic
def _replace(link: Link, **fields: Any) -> PosterPicture:
    Link.objects.select_for_update(of=("self",)).get(pk=link.pk)
    remove_picture(link=link)
    if fields.get("submission"):
        after = {"submission": fields["submission"].pk}
        audit.record(actor=link.owner, action="poster.homework", target=f"link:{link.pk}", after=after)
    return PosterPicture.objects.create(link=link, created_at=now(), **fields)


@transaction.atomic
def remove_picture(*, link: Link) -> None:
    """The course's own picture stands on the poster again. An own file is deleted; homework stays where it is."""
    row = PosterPicture.objects.filter(link=link).first()
    if row is None:
        return
    row.delete()
    if row.submission_id is None:
        outbox.write(topic=ERASED, key=row.key, payload={"key": row.key})
    else:
        before = {"submission": row.submission_id}
        audit.record(actor=link.owner, action="poster.homework_withdrawn", target=f"link:{link.pk}", before=before)


def delete_file(payload: dict[str, Any]) -> None:
    """Outbox: deleting what is gone already is no fault."""
    PrivateStorage().delete(payload["key"])
