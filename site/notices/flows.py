"""notify(): the one way to tell a person something. Inbox at once; the e-mail follows after commit."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from kit import outbox
from kit.clock import now
from notices import gates
from notices.models import Notice


def notify(*, user: Any, kind: str, key: str, title: str, body: str = "", url: str = "", gate: str = "", email: bool = True) -> None:
    """Tell `user` once per `key`. `gate` (such as `cohort:5`) is asked again when the mail is sent and the inbox shown.

    Texts are given in the person's language: render them under `translation.override(language_of(user))`.
    """
    notice, created = Notice.objects.get_or_create(
        user=user, key=key, defaults={"kind": kind, "title": title, "body": body, "url": url, "gate": gate, "created_at": now()}
    )
    if created and email:
        outbox.write(topic="notice.mail", key=str(notice.pk), payload={"notice": notice.pk})


def language_of(user: Any) -> str:
    """The language a person reads, for texts made outside their request."""
    return user.language or settings.LANGUAGE_CODE


@transaction.atomic
def send_notice_mail(payload: dict[str, Any]) -> None:
    """Handler of `notice.mail`: send once, and only while the gate is open to the person."""
    notice = Notice.objects.select_for_update(of=("self",)).select_related("user").filter(pk=payload["notice"], emailed_at=None).first()
    if notice is None or not notice.user.is_active or not gates.is_open(notice.gate, notice.user):
        return
    notice.emailed_at = now()
    notice.save(update_fields=["emailed_at"])
    send_mail_in_language(
        template="notices/mail/notice", to=notice.user.email, language=language_of(notice.user),
        context={"notice": notice, "url": settings.SITE_URL + notice.url},
    )


def send_mail_in_language(*, template: str, to: str, language: str, context: dict[str, Any]) -> None:
    """Send `template`.txt and .html; the first line of the text is the subject."""
    with translation.override(language):
        values = {"site_url": settings.SITE_URL, "site_name": settings.WAGTAIL_SITE_NAME, "language": language, **context}
        subject, _newline, text = render_to_string(f"{template}.txt", values).strip().partition("\n")
        message = EmailMultiAlternatives(subject.strip(), text.strip(), to=[to])
        message.attach_alternative(render_to_string(f"{template}.html", values), "text/html")
        message.send()


@transaction.atomic
def mark_read(*, user: Any) -> None:
    """Everything in the inbox has been seen."""
    Notice.objects.filter(user=user, read_at=None).update(read_at=now())
