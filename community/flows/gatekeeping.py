"""What a space's guard says to a post before it is written: go, wait for a moderator, or no. One function decides it."""

import re
from collections.abc import Iterable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from community.access import Standing
from community.errors import Refused, TooFast
from community.models import Guard, HeldPost, Post, TimeOut, Topic
from kit.clock import now
from kit.text import fold

_LINK = re.compile(r"(?:https?:)?//([^\s/?#()<>\"'\]]+)|\bwww\.([^\s/?#()<>\"'\]]+)", re.IGNORECASE)


class Held(Refused):
    """The post was kept for a moderator (answer 202 on pages: nothing is lost); `values` are those of a HeldPost."""

    def __init__(self, values: dict[str, Any]) -> None:
        super().__init__(_("Your post waits for a moderator. You will be told."))
        self.values = values


def kept_when_held(flow: Any) -> Any:
    """Around a flow that writes in one transaction: what it holds back is kept in another, and Held goes on to the page."""

    @wraps(flow)
    def guarded(**given: Any) -> Any:
        try:
            return flow(**given)
        except Held as held:
            from community.flows.holding import keep  # it publishes by the flows that this stands around

            keep(held.values)
            raise

    return guarded


def check(*, standing: Standing, topic: Topic | None, author: Any, text: str, held: dict[str, Any]) -> None:
    """Raises Refused or TooFast with the reason, or Held with `held` where it waits. Those who moderate are never held up.

    `text`: title and source. Three queries at most, one for a space without a guard. Under the author's lock (writing.py).
    """
    if standing.may_moderate:
        return
    _refuse_in_time_out(standing, author)
    guard = Guard.objects.filter(space=standing.space).first()
    if guard is None:
        return
    folded, hosts = fold(text), hosts_in(text)
    if word := _first_of(guard.refused_words, folded):
        raise Refused(_("This space does not want the word “%(word)s”.") % {"word": word})
    if wrong := next((host for host in hosts if not _host_may(guard, host)), ""):
        raise Refused(_("This space does not want links to %(host)s.") % {"host": wrong})
    _refuse_in_a_hurry(guard, standing, author)
    if why := _why_it_waits(guard, standing, author, folded, hosts):
        raise Held({**held, "space": standing.space, "topic": topic, "author": author, "why": why})


def check_edit(*, standing: Standing, author: Any, text: str) -> None:
    """For a post that is there: no refused word or link comes in by an edit, nor anything during a time-out."""
    if standing.may_moderate:
        return
    _refuse_in_time_out(standing, author)
    guard = Guard.objects.filter(space=standing.space).first()
    if guard is None:
        return
    if word := _first_of(guard.refused_words, fold(text)) or _first_of(guard.held_words, fold(text)):
        raise Refused(_("This space does not want the word “%(word)s”.") % {"word": word})
    if wrong := next((host for host in hosts_in(text) if not _host_may(guard, host)), ""):
        raise Refused(_("This space does not want links to %(host)s.") % {"host": wrong})


def hosts_in(text: str) -> set[str]:
    """Hosts of all addresses in it, folded: width and case hide none."""
    found = set()
    for match in _LINK.finditer(fold(text)):
        try:
            host = urlsplit("//" + (match[1] or f"www.{match[2]}")).hostname
        except ValueError:
            host = match[1] or match[2]
        if host:
            found.add(host.strip(".,;:!").removeprefix("www."))
    return found


def _refuse_in_time_out(standing: Standing, author: Any) -> None:
    row = TimeOut.objects.filter(space=standing.space, user=author, ended_at=None, until__gt=now()).first()
    if row is not None:
        until = date_format(timezone.localtime(row.until), "DATETIME_FORMAT")
        raise Refused(
            _("You may read here, and write again from %(until)s. The reason: %(why)s") % {"until": until, "why": row.reason}
        )


def _refuse_in_a_hurry(guard: Guard, standing: Standing, author: Any) -> None:
    if not guard.slow_seconds:
        return
    span = timedelta(seconds=guard.slow_seconds)
    posts = Post.objects.filter(author=author, topic__space=standing.space, created_at__gt=now() - span)
    held = HeldPost.objects.filter(author=author, space=standing.space, at__gt=now() - span)
    moments = [moment for moment in (posts.order_by("-created_at").values_list("created_at", flat=True).first(),
                                     held.order_by("-at").values_list("at", flat=True).first()) if moment]  # fmt: skip
    if moments:
        raise TooFast(max(1, int((max(moments) + span - now()).total_seconds()) + 1))


def _why_it_waits(guard: Guard, standing: Standing, author: Any, folded: str, hosts: set[str]) -> str:
    """first | links | words, or ''."""
    if guard.hold_links and hosts:
        return "links"
    if _first_of(guard.held_words, folded):
        return "words"
    if guard.hold_first and standing.role not in ("helper",):
        published = Post.objects.filter(author=author, topic__space=standing.space, removed_at=None)[: guard.hold_first].count()
        if published < guard.hold_first:
            return "first"
    return ""


def _first_of(words: str, folded: str) -> str:
    """The first of these words (one a line) that is in the folded text: Traditional finds Simplified, full width half width."""
    return next((word for word in _lines(words) if fold(word) in folded), "")


def _host_may(guard: Guard, host: str) -> bool:
    if _is_among(host, guard.blocked_hosts):
        return False
    return not guard.allowed_hosts.strip() or _is_among(host, guard.allowed_hosts)


def _is_among(host: str, hosts: str) -> bool:
    return any(host == one or host.endswith(f".{one}") for one in (line.lower().removeprefix("www.") for line in _lines(hosts)))


def _lines(text: str) -> Iterable[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
