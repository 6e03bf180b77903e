"""A zip archive from outside, opened with care (SAFETY.md, uploads): names, links, sizes and bombs are judged before reading."""

import hashlib
import io
import stat
import zipfile
import zlib
from collections import Counter
from pathlib import PurePosixPath
from typing import IO

from django.utils.translation import gettext as _

MOST_FILES = 20_000
MOST_BYTES = 2 * 1024**3
MOST_OF_ONE = 1024**3
MOST_XML = 20 * 1024**2
PIECE = 1024 * 1024
# A text of this many bytes may be a hundred times smaller when packed; a bomb is a thousand times smaller.
FREE_RATIO_BYTES, MOST_RATIO = 10 * 1024**2, 120
LONGEST_NAME = 300


class CartridgeRefused(Exception):
    """The archive is none that we open; the text is for people. Nothing was stored."""


class Archive:
    """Files of a checked archive by their name."""

    def __init__(self, file: IO[bytes]) -> None:
        """Raises CartridgeRefused."""
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise CartridgeRefused(_("This is no zip archive, or it is damaged.")) from error
        members = self._zip.infolist()
        if len(members) > MOST_FILES:
            raise CartridgeRefused(_("The archive holds too many files."))
        for member in members:
            _judge(member)
        _judge_together(members)
        self._members = {_name(member): member for member in members if not member.is_dir()}

    @property
    def names(self) -> list[str]:
        """Files in the archive's order; folders are not among them."""
        return list(self._members)

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def size(self, name: str) -> int:
        return self._members[name].file_size

    @property
    def digest(self) -> str:
        """The same for the same files under the same names, whenever and however they were packed."""
        rows = sorted((name, member.CRC, member.file_size) for name, member in self._members.items())
        return hashlib.sha256(repr(rows).encode()).hexdigest()

    def read(self, name: str, *, most: int = MOST_XML) -> bytes:
        """A whole file. Raises CartridgeRefused where it is larger than `most`, or damaged."""
        out = io.BytesIO()
        if self.size(name) > most:
            raise CartridgeRefused(_("%(name)s in the archive is too large.") % {"name": name[:80]})
        self.copy(name, out)
        return out.getvalue()

    def copy(self, name: str, into: IO[bytes]) -> None:
        """Write a file into `into`, piece by piece; never more than the directory says. Raises CartridgeRefused."""
        left = self.size(name)
        try:
            with self._zip.open(self._members[name]) as source:
                while piece := source.read(PIECE):
                    left -= len(piece)
                    if left < 0:
                        raise zipfile.BadZipFile("longer than it says")
                    into.write(piece)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
            raise CartridgeRefused(_("%(name)s in the archive cannot be read.") % {"name": name[:80]}) from error


def _name(member: zipfile.ZipInfo) -> str:
    return member.filename.removeprefix("./")


def _judge(member: zipfile.ZipInfo) -> None:
    name, raw = member.filename, getattr(member, "orig_filename", member.filename)
    path = PurePosixPath(name)
    climbs = ".." in path.parts or path.is_absolute() or "\\" in raw or ":" in name.split("/")[0] or "\x00" in raw
    if climbs or not name or len(name) > LONGEST_NAME:
        raise CartridgeRefused(_("The archive holds a file whose name leads out of it: %(name)s") % {"name": repr(raw[:80])})
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise CartridgeRefused(_("The archive holds a link or a device: %(name)s") % {"name": name[:80]})
    if member.flag_bits & 0x1:
        raise CartridgeRefused(_("The archive is encrypted."))
    is_bomb = member.file_size > FREE_RATIO_BYTES and member.file_size > MOST_RATIO * max(member.compress_size, 1)
    if is_bomb or member.file_size > MOST_OF_ONE:
        raise CartridgeRefused(_("%(name)s in the archive is too large.") % {"name": name[:80]})


def _judge_together(members: list[zipfile.ZipInfo]) -> None:
    whole, packed = sum(member.file_size for member in members), sum(member.compress_size for member in members)
    if whole > MOST_BYTES or (whole > FREE_RATIO_BYTES and whole > MOST_RATIO * max(packed, 1)):
        raise CartridgeRefused(_("The archive is too large when unpacked."))
    names = Counter(_name(member).casefold() for member in members if not member.is_dir())
    twice = next((name for name, count in names.items() if count > 1), None)
    if twice is not None:
        raise CartridgeRefused(_("The archive holds two files of one name: %(name)s") % {"name": twice[:80]})
    # Files that lie over each other are how a small archive unpacks to a huge one (David Fifield, 2019).
    end = 0
    for member in sorted(members, key=lambda row: row.header_offset):
        if member.header_offset < end:
            raise CartridgeRefused(_("The archive's files overlap."))
        end = member.header_offset + 30 + member.compress_size
