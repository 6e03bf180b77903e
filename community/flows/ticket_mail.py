"""The ticket in a mail: QR picture, code to type, calendar entry."""

from email.mime.image import MIMEImage
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_noop as _

from community import event_access
from community.flows.telling_events import event_path
from community.models import Ticket
from community.reads.events import as_calendar_event
from community.ticket_codes import qr_png
from kit.clock import now
from kit.ics import calendar_text
from notices.flows import Words, language_of, notify, send_mail_in_language

PICTURE = "ticket-qr"


def send_ticket_mail(payload: dict[str, Any]) -> None:
    """Handler of `ticket.mail`: once a ticket, while it counts. The inbox has it too; the way in stands on the page alone."""
    ticket = Ticket.objects.select_related("event__space", "user").filter(pk=payload["ticket"]).first()
    if ticket is None or not ticket.user.is_active or not event_access.holds(ticket, ticket.event):
        return
    event, user = ticket.event, ticket.user
    if event.cancelled_at is not None:
        return
    words = Words(_("You have a seat: %(title)s"), _("Your ticket is on its page."), {"title": event.title})
    url = f"/events/{event.pk}/ticket/"
    notify(user=user, kind="event", key=f"ticket:{ticket.pk}", words=words, url=url, gate=f"ticket:{event.pk}", email=False)
    with translation.override(language_of(user)):
        calendar = calendar_text(name=event.title, events=[as_calendar_event(event)], at=now())
    send_mail_in_language(
        template="community/mail/ticket",
        to=user.email,
        language=language_of(user),
        context={
            "event": event,
            "ticket": ticket,
            "picture": f"cid:{PICTURE}",
            "url": settings.SITE_URL.rstrip("/") + url,
            "event_url": settings.SITE_URL.rstrip("/") + event_path(event),
        },
        attachments=[_picture(ticket), (f"event-{event.pk}.ics", calendar, "text/calendar")],
    )


def _picture(ticket: Ticket) -> MIMEImage:
    """Shown within the mail, and kept beside it where pictures are off."""
    image = MIMEImage(qr_png(ticket), _subtype="png")
    image.add_header("Content-ID", f"<{PICTURE}>")
    image.add_header("Content-Disposition", "inline", filename=f"ticket-{ticket.code}.png")
    return image
