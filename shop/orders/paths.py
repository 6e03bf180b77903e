"""Paths that a form names: only places on our own host, and only short ones."""

import re

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

PLACE = re.compile(r"[a-z_]{1,20}:[\w-]{1,39}")


def own_path(request: HttpRequest, path: str) -> str:
    """The path where it leads to ourselves, else ''. Whole addresses are refused even when they name our host."""
    plain = path.startswith("/") and len(path) <= 300 and not any(ord(sign) < 32 for sign in path)
    safe = plain and url_has_allowed_host_and_scheme(path, allowed_hosts=None, require_https=request.is_secure())
    return path if safe else ""


def own_place(place: str) -> str:
    """A reference such as `topic:12`, else ''."""
    return place if PLACE.fullmatch(place) else ""
