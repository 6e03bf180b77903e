"""What the pages of messages share."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from community.errors import NotSound, Refused, TooFast
from community.reads.messages import inbox
from community.views.common import said, status_of, with_retry
from kit.files import FileRefused, FileTooLarge
from kit.storage import StorageFault
from notices.reads import unread_count

REFUSALS = (Refused, NotSound, TooFast, FileRefused, *StorageFault)


def page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page with the inbox beside it; never kept by a cache or a proxy."""
    beside = {"inbox": inbox(request.user, request.GET.get("from", "")), "notice_count": unread_count(request.user)}
    response = render(request, template, beside | context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-store"
    return response


def words_of(error: Exception) -> str:
    """A refusal in words; storage that is away says so without details."""
    if isinstance(error, StorageFault):
        return gettext("Files cannot be stored at the moment. Your words are still here: send them without, or try again.")
    return said(error)


def status_for(error: Exception) -> int:
    """400, 403, 413, 429, or 503 where storage is away."""
    if isinstance(error, StorageFault):
        return 503
    if isinstance(error, FileRefused):
        return 413 if isinstance(error, FileTooLarge) else 400
    return status_of(error)


def toast(text: str, status: int) -> HttpResponse:
    """A refusal for htmx: said aloud, nothing on the page changes."""
    response = HttpResponse(text, content_type="text/plain; charset=utf-8", status=status)
    response.headers["HX-Trigger"] = json.dumps({"toast": text})
    return response


def answered(response: HttpResponse, error: Exception) -> HttpResponse:
    return with_retry(response, error)
