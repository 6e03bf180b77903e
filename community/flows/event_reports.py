"""What happened: words, pictures, a recording; told in a topic of the space."""

from collections.abc import Iterable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from accounts.portraits import work_picture
from community import event_access
from community.errors import NotSound, Refused
from community.flows.events import sound_link
from community.flows.telling_events import event_path
from community.flows.writing import LONGEST_POST, open_topic
from community.models import Event, EventPicture, Topic
from kit import outbox
from kit.clock import now
from kit.storage import PrivateStorage, new_key
from kit.text import render_markdown, strip_controls

MOST_PICTURES = 30
DROPPED = "event.picture.dropped"


@transaction.atomic
def write_report(
    *, by: Any, event: Event, text: str, recording_url: str = "", pictures: Iterable[UploadedFile] = (), in_space: bool = False
) -> Event:
    """Write or change the report of an event that has begun; `in_space` opens a topic about it there, once.

    Pictures are encoded anew. Raises Refused, NotSound, accounts.portraits.BadPortrait; then nothing is stored.
    """
    row = Event.objects.select_for_update(of=("self",)).select_related("space", "topic").get(pk=event.pk)
    if not event_access.may_run(by, row):
        raise Refused(_("Only who runs this event does that."))
    if row.starts_at > now() or row.cancelled_at is not None:
        raise Refused(_("A report is written once the event has begun."))
    text = strip_controls(text).strip()
    if not text or len(text) > LONGEST_POST:
        raise NotSound(_("Write a few words about what happened."))
    files = [work_picture(upload) for upload in pictures]
    if row.pictures.count() + len(files) > MOST_PICTURES:
        raise NotSound(_("A report has %(most)d pictures at most.") % {"most": MOST_PICTURES})
    row.report, row.report_html, row.recording_url = text, render_markdown(text), sound_link(recording_url.strip())
    row.reported_at = row.reported_at or now()
    if in_space and row.space is not None and row.topic_id is None:
        row.topic = _open(by, row)
    row.save(update_fields=["report", "report_html", "recording_url", "reported_at", "topic"])
    for file in files:
        _keep(row, file)
    return row


@transaction.atomic
def drop_picture(*, by: Any, event: Event, picture_id: int) -> None:
    """A picture leaves the report; its file follows after commit."""
    if not event_access.may_run(by, event):
        raise Refused(_("Only who runs this event does that."))
    for picture in EventPicture.objects.select_for_update().filter(event=event, pk=picture_id):
        outbox.write(topic=DROPPED, key=picture.key, payload={"key": picture.key})
        picture.delete()


def delete_dropped(payload: dict[str, Any]) -> None:
    """Handler of `event.picture.dropped`; what is gone already is no fault."""
    PrivateStorage().delete(payload["key"])


def _keep(event: Event, file: Any) -> None:
    with Image.open(file) as picture:
        width, height = picture.size
    file.seek(0)
    key = PrivateStorage().save(new_key("events", "x.webp"), file)
    EventPicture.objects.create(event=event, key=key, width=width, height=height, added_at=now())


def _open(by: Any, event: Event) -> Topic:
    assert event.space is not None
    source = _("%(report)s\n\n[Pictures, recording and who came](%(url)s)") % {
        "report": event.report[: LONGEST_POST - 400],
        "url": event_path(event),
    }
    return open_topic(
        author=by,
        space=event.space,
        kind=Topic.Kind.EXPERIENCE,
        title=event.title,
        source=source,
        about=f"event:{event.pk}",
        key=f"event-report:{event.pk}",
        is_paced=False,
    )
