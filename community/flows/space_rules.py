"""What a space forbids to be written: offers, and links that pay who passes them on. One function decides it."""

import re
import unicodedata
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from community.errors import Refused
from community.models import Space
from kit.text import render_markdown

_LANGUAGES = "|".join(re.escape(code) for code, _name in settings.LANGUAGES)
_PATH = re.compile(rf"/(?:(?:{_LANGUAGES})/)?(?P<kind>r|shop)/[^\s/?#()<>\"']")
# What stands directly before a path: a host, a word, or nothing (then the path is ours).
_BEFORE = re.compile(r"[a-z0-9.@:_\[\]-]*\Z")
LONGEST_HOST = 260
MOST_UPS = 20
_SLASHES = re.compile(r"[/\\]+(?:\./)*")
_UP = re.compile(r"/[^/\s]+/\.\./")


def refuse_forbidden(space: Space, source: str, offer: str = "") -> None:
    """For the flows that write. Raises Refused with the reason."""
    if reason := forbidden_in(space, source, offer):
        raise Refused(reason)


def forbidden_in(space: Space, source: str, offer: str = "") -> str | None:
    """Why this Markdown, with this offer in it (`offer:3`), may not stand in the space; None where it may.

    Links to /r/<code>/ and /shop/<offer>/ on our own hosts count in every language and spelling that a browser follows;
    the same paths on other people's hosts do not.
    """
    if space.offers_allowed and space.referrals_allowed:
        return None
    if offer and not space.offers_allowed:
        return _("Offers are not placed here.")
    kinds = _kinds_of_links(source)
    if "shop" in kinds and not space.offers_allowed:
        return _("This space wants no offers: please leave out the link into the shop.")
    if "r" in kinds and not space.referrals_allowed:
        return _("This space wants no referral links: please leave out the link.")
    return None


class _Links(HTMLParser):
    """Addresses and words of rendered Markdown."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for _name, value in attrs if value]

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def _kinds_of_links(source: str) -> set[str]:
    """`r` and `shop`, as far as links of that kind to our hosts are in it: as link, as text, as it was typed."""
    parser = _Links()
    parser.feed(render_markdown(source))
    kinds: set[str] = set()
    for text in {source, "".join(parser.found), *parser.found}:
        plain = _plain(text)
        for match in _PATH.finditer(plain):
            before = _BEFORE.search(plain[max(0, match.start() - LONGEST_HOST) : match.start()])
            if before is not None and _is_ours(before[0]):
                kinds.add(match["kind"])
    return kinds


def _plain(text: str) -> str:
    """As a browser would read an address: width and case folded, escapes undone, invisible characters and repeated
    slashes gone. Twice, because an escape may hide an escape."""
    for _round in range(2):
        text = unicodedata.normalize("NFKC", unquote(text)).lower()
        text = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    text = re.sub(r"https?:[/\\]*", " ", text)
    text = _SLASHES.sub("/", text)
    for _round in range(MOST_UPS):
        text = _UP.sub("/", text)
    return text


def _is_ours(before: str) -> bool:
    """Nothing before the path, or one of our hosts, with or without a name or a port."""
    host = before.rpartition("@")[2].split(":")[0].strip(".")
    return not host or host in _own_hosts()


def _own_hosts() -> set[str]:
    own = {urlsplit(settings.SITE_URL).hostname or "", *(host.lower().lstrip(".") for host in settings.ALLOWED_HOSTS)}
    return {name for host in own - {"", "*"} for name in (host, f"www.{host}")}
