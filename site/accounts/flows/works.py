"""Pictures of one's works, for one's public page."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from wagtail.models import Collection

from accounts.models import User, Work
from accounts.portraits import work_picture
from kit import feeds
from kit.clock import now
from kit.models import Picture
from kit.text import strip_controls


@transaction.atomic
def add_work(*, user: User, title: str, upload: UploadedFile) -> Work:
    """Encoded anew, which drops its place and camera data. Raises accounts.portraits.BadPortrait."""
    title = strip_controls(title).strip()[:120]
    picture = Picture.objects.create(
        title=title, file=work_picture(upload), uploaded_by_user=user, collection=Collection.get_first_root_node()
    )
    work = Work.objects.create(user=user, picture=picture, title=title, created_at=now())
    feeds.changed(f"work:{work.pk}")
    return work


@transaction.atomic
def remove_work(*, work: Work) -> None:
    """It goes from the page, and its file with it."""
    feeds.changed(f"work:{work.pk}")
    work.picture.delete()
