"""How mails are made: a template pair, rendered in the person's language."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from notices import letters
from notices.models import Notice


def language_of(user: Any) -> str:
    """The language a person reads, for texts made outside their request."""
    return user.language or settings.LANGUAGE_CODE


def send_notice(notice: Notice) -> None:
    """The mail of one notice."""
    is_letter = notice.gate == letters.GATE
    context = {"notice": notice, "url": settings.SITE_URL + notice.url if notice.url else ""}
    send_mail_in_language(
        template="notices/mail/notice",
        to=notice.user.email,
        language=language_of(notice.user),
        context={**context, "stop_url": letters.stop_url(notice.user) if is_letter else ""},
        headers=letters.mail_headers(notice.user) if is_letter else {},
    )


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
