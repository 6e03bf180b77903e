"""XML from outside: no document types, no entities, no abyss. Namespaces are dropped: versions differ in little else."""

import re
from typing import Any
from xml.etree import ElementTree as ET
from xml.parsers import expat

from django.utils.translation import gettext as _

from courses.cartridge.archive import CartridgeRefused

DEEPEST = 200
DECLARED = re.compile(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
# What a page or an export from before Unicode calls its encoding → the codec that reads all of it.
CHINESE = {"big5": "big5hkscs", "big5-hkscs": "big5hkscs", "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030"}
MOST_ELEMENTS = 500_000


class BrokenXml(CartridgeRefused):
    """No XML, or in an encoding that is not read: damaged, not hostile. What it says is lost, the rest may be used."""


class _Reader:
    def __init__(self, name: str) -> None:
        self.name, self.depth, self.count = name, 0, 0
        self.builder = ET.TreeBuilder()
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.EntityDeclHandler = self.refuse
        self.parser.ExternalEntityRefHandler = self.refuse  # type: ignore[assignment]  # it never returns
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.builder.data

    def refuse(self, *_args: Any) -> None:
        raise CartridgeRefused(_("%(name)s declares a document type or entities: such files are not read.") % {"name": self.name})

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth, self.count = self.depth + 1, self.count + 1
        if self.depth > DEEPEST or self.count > MOST_ELEMENTS:
            raise CartridgeRefused(_("%(name)s is nested too deep or too long.") % {"name": self.name})
        self.builder.start(_local(tag), {_local(key): value for key, value in attributes.items()})

    def end(self, tag: str) -> None:
        self.depth -= 1
        self.builder.end(_local(tag))


def _local(name: str) -> str:
    return name.rsplit("}", 1)[-1]


def parse_xml(data: bytes, name: str) -> ET.Element:
    """The root element, names without namespaces. Raises CartridgeRefused for hostile files, BrokenXml for broken ones."""
    reader = _Reader(name)
    try:
        reader.parser.Parse(as_unicode(data), True)
        return reader.builder.close()
    except (expat.ExpatError, ValueError, LookupError, AssertionError) as error:
        raise BrokenXml(_("%(name)s is no valid XML.") % {"name": name}) from error


def as_unicode(data: bytes) -> bytes | str:
    """The text of a file that declares one of the old Chinese encodings, which expat does not know; the bytes of any other."""
    declared = DECLARED.match(data[:200])
    name = declared[1].decode().lower() if declared else ""
    if name not in CHINESE:
        return data
    text = data.decode(CHINESE[name])  # UnicodeDecodeError is a ValueError
    return text[text.index("?>") + 2 :]


def text_of(element: ET.Element | None) -> str:
    """All text below an element, trimmed; '' for None."""
    return "".join(element.itertext()).strip() if element is not None else ""


def first(element: ET.Element, name: str) -> ET.Element | None:
    """The first descendant of that name."""
    return next(element.iter(name), None)
