"""What a reference inside a cartridge's page means: another lesson, a file of the cartridge, the web, or nothing."""

import posixpath
import re

from courses.cartridge.archive import Archive
from courses.cartridge.manifest import stored_name

HTML = (".html", ".htm", ".xhtml")
# Canvas and its kin write these into references instead of paths.
FILE_BASES = ("$IMS-CC-FILEBASE$", "$IMS_CC_FILEBASE$", "%24IMS-CC-FILEBASE%24")
_PLACE = "(?:WIKI_REFERENCE|CANVAS_OBJECT_REFERENCE|CANVAS_COURSE_REFERENCE)"
WIKI = re.compile(rf"^(?:\$|%24){_PLACE}(?:\$|%24)/(?:pages|wiki|assignments)/")
# A link to the n-th lesson of the plan, until it has an address (RFC 2606: .invalid is nobody's).
LESSON_ADDRESS = "https://lesson.invalid/"


class References:
    """Resolves references; `addresses` says which lesson shows a page, `media` gathers the files that are referred to."""

    def __init__(self, archive: Archive, base: str, addresses: dict[str, int], media: dict[str, None]) -> None:
        self.archive, self.base, self.addresses, self.media = archive, base, addresses, media

    def resolve(self, href: str, page: str, *, note: bool = True) -> tuple[str, str] | None:
        """("link", address) or ("media", name in the archive), None for what leads nowhere. `note`: keep the file, too."""
        href = href.strip()
        for base in FILE_BASES:
            if href.startswith(base):
                return self._below_base(href.removeprefix(base).lstrip("/"), note)
        if WIKI.match(href):
            slug = WIKI.sub("", href).split("?")[0].split("#")[0].strip("/")
            return self._file(stored_name(self.base, f"wiki_content/{slug}.html", self.archive), note)
        if href.lower().startswith(("http://", "https://", "mailto:")):
            return "link", href
        if href.startswith("//"):
            return "link", f"https:{href}"
        if href.startswith("#") or ":" in href.split("/")[0]:
            return None
        return self._file(stored_name(posixpath.dirname(page), href, self.archive), note)

    def _below_base(self, rest: str, note: bool) -> tuple[str, str] | None:
        places = (stored_name(posixpath.join(self.base, folder), rest, self.archive) for folder in ("web_resources", ""))
        return next((found for place in places if (found := self._file(place, note)) is not None), None)

    def _file(self, name: str, note: bool) -> tuple[str, str] | None:
        """A page of the cartridge is a link to its lesson, any other file of it a file of the course."""
        if name in self.addresses and name.lower().endswith(HTML):
            return "link", f"{LESSON_ADDRESS}{self.addresses[name]}"
        if name not in self.archive:
            return None
        if note:
            self.media[name] = None
        return "media", name
