"""How mails are made: a template pair, rendered in the person's language."""

from collections.abc import Mapping, Sequence
from email.utils import parseaddr
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from kit import things
from notices import letters
from notices.groups import DIGEST, group_of
from notices.models import Digest, Notice
from notices.stopping import headers_for, stop_url


def language_of(user: Any) -> str:
    """The language a person reads, for texts made outside their request."""
    return user.language or settings.LANGUAGE_CODE


def send_notice(notice: Notice) -> None:
    """The mail of one notice; with a way to stop such mails unless they are about money and orders."""
    group = group_of(notice.kind)
    is_letter = notice.gate == letters.GATE
    stop = letters.stop_url(notice.user) if is_letter else "" if group.is_fixed else stop_url(notice.user, group.name)
    with translation.override(language_of(notice.user)):
        context = {"notice": notice, "url": _absolute(notice), "stop_url": stop, "is_letter": is_letter, "group": group.label}
        send_mail_in_language(
            template="notices/mail/notice",
            to=notice.user.email,
            language=language_of(notice.user),
            context=context,
            headers={**headers_for(stop), "Message-ID": _message_id(f"notice-{notice.pk}")},
        )


def send_digest_mail(digest: Digest, notices: Sequence[Notice]) -> None:
    """Notices of one person, grouped by where they come from, newest first within each."""
    stop = stop_url(digest.user, DIGEST)
    with translation.override(language_of(digest.user)):
        context = {"digest": digest, "places": _by_place(digest.user, notices), "count": len(notices), "stop_url": stop}
        send_mail_in_language(
            template="notices/mail/digest",
            to=digest.user.email,
            language=language_of(digest.user),
            context=context,
            headers={**headers_for(stop), "Message-ID": _message_id(f"digest-{digest.pk}")},
        )


def place_names(user: Any, gates: Sequence[str]) -> dict[str, str]:
    """{gate: the name of the space or class that it stands for} of those that have one and the person may see."""
    by_kind: dict[str, list[str]] = {}
    for gate in gates:
        kind, _colon, ident = gate.partition(":")
        by_kind.setdefault(kind, []).append(ident)
    asking = SimpleNamespace(user=user)
    return {
        f"{kind}:{ident}": card.title
        for kind, idents in by_kind.items()
        for ident, card in things.cards(kind, idents, asking).items()
    }


def _by_place(user: Any, notices: Sequence[Notice]) -> list[dict[str, Any]]:
    """[{name, notices: [{notice, url}]}]; what comes from no place last, without a name."""
    names = place_names(user, [notice.gate for notice in notices if notice.gate])
    places: dict[str, list[dict[str, Any]]] = {}
    for notice in notices:
        place = notice.gate if notice.gate in names else ""
        places.setdefault(place, []).append({"notice": notice, "url": _absolute(notice)})
    ordered = sorted(places, key=lambda place: (not place, names.get(place, "")))
    return [{"name": names.get(place, ""), "notices": places[place]} for place in ordered]


def _absolute(notice: Notice) -> str:
    return settings.SITE_URL + notice.url if notice.url else ""


def _message_id(name: str) -> str:
    """The same for the same mail: where a killed worker sends it twice, mail programs show it once (RFC 5322, 3.6.4)."""
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{name}@{host}>"


def send_mail_in_language(
    *,
    template: str,
    to: str,
    language: str,
    context: dict[str, Any],
    headers: Mapping[str, str] | None = None,
    attachments: Sequence[Any] = (),
) -> None:
    """Send `template`.txt and .html; the first line of the text is the subject. `attachments` as Django's mails take them."""
    with translation.override(language):
        values = {"site_url": settings.SITE_URL, "site_name": settings.WAGTAIL_SITE_NAME, "language": language, **context}
        subject, _newline, text = render_to_string(f"{template}.txt", values).strip().partition("\n")
        message = EmailMultiAlternatives(
            subject.strip(), text.strip(), to=[to], headers=dict(headers or {}), attachments=list(attachments)
        )
        message.attach_alternative(render_to_string(f"{template}.html", values), "text/html")
        message.send()
