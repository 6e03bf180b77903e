"""What stands in a ticket's QR picture: the door's address with a signed code. No page draws one for a closed ticket."""

from io import BytesIO
from urllib.parse import parse_qs, urlsplit

import segno
from django.core.signing import BadSignature, Signer
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from community.models import Ticket
from kit.paths import site_address

_signer = Signer(salt="community.ticket", sep=".")
LONGEST = 300


def signed_code(ticket: Ticket) -> str:
    """`12-K7Q2….<signature>`: of this event alone; who knows other tickets cannot make one."""
    return _signer.sign(f"{ticket.event_id}-{ticket.code}")


def door_address(ticket: Ticket) -> str:
    """Any phone's camera leads there; only who stands at the door gets further."""
    return site_address(reverse("community:door", args=[ticket.event_id])) + f"?t={signed_code(ticket)}"


def qr_svg(ticket: Ticket) -> SafeString:
    code = segno.make(door_address(ticket), error="m")
    # segno draws the code of our own address: no words of people in it.
    return mark_safe(code.svg_inline(scale=5, border=3, dark="#1d2130", light="#fffdf8", omitsize=True))  # noqa: S308


def qr_png(ticket: Ticket) -> bytes:
    """For the mail, where no inline drawing is shown."""
    picture = BytesIO()
    segno.make(door_address(ticket), error="m").save(picture, kind="png", scale=8, border=3, dark="#1d2130", light="#fffdf8")
    return picture.getvalue()


def read_code(text: str, event_id: int) -> str:
    """The bare code in what was scanned or typed; '' where it cannot be of this event.

    What a camera reads is signed: a forged or foreign signature is refused before any row is looked at. Twelve typed signs
    are random enough by themselves, and count only for who stands at the door.
    """
    text = text.strip()[:LONGEST]
    if "?" in text:
        text = parse_qs(urlsplit(text).query).get("t", [""])[0]
    if "." in text:
        try:
            number, _dash, code = _signer.unsign(text).partition("-")
        except BadSignature:
            return ""
        return code if number == str(event_id) else ""
    code = "".join(sign for sign in text.upper() if sign.isalnum())
    return code if len(code) == 12 else ""
