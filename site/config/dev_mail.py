"""/dev/mail/: the mails that the demo sent, newest first. Mounted in development only."""

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render


def mails(request: HttpRequest) -> HttpResponse:
    """Subjects and addressees of the newest 200."""
    return render(request, "pages/dev_mails.html", {"mails": [(path.name, _read(path)) for path in _files()[:200]]})


def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail's text."""
    message = _mail(name)
    context = {"mail": message, "name": name, "text": _part(message, "plain"), "has_html": bool(_part(message, "html"))}
    return render(request, "pages/dev_mail.html", context)


def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """One mail as a mail program shows it: no script runs, nothing is loaded; its own styles do count."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; sandbox"
    return HttpResponse(_part(_mail(name), "html"), headers={"Content-Security-Policy": policy})


def _mail(name: str) -> EmailMessage:
    """By its file's name, looked up among the files that are there. Raises Http404."""
    for path in _files():
        if path.name == name:
            return _read(path)
    raise Http404


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return str(body.get_content()) if body else ""


def _files() -> list[Path]:
    folder = Path(settings.EMAIL_FILE_PATH)
    return sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True) if folder.exists() else []


def _read(path: Path) -> EmailMessage:
    text = path.read_bytes().split(b"\n" + b"-" * 79, 1)[0]
    return email.message_from_bytes(text, policy=email.policy.default)  # type: ignore[return-value]
