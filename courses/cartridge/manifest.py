"""imsmanifest.xml: the outline of items, and the resources that they point to."""

import posixpath
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _

from courses.cartridge.archive import Archive, CartridgeRefused
from courses.cartridge.xml import first, parse_xml, text_of

MANIFEST = "imsmanifest.xml"


@dataclass
class Resource:
    """A resource: `kind` is the type without its version ("imswl", "imsqti/assessment", "webcontent" …); files as stored."""

    ident: str
    kind: str
    href: str
    files: list[str]
    needs: list[str]
    element: ET.Element


@dataclass
class Item:
    """An entry of the outline; its title, the resource that it shows ("" for a heading), and what stands below it."""

    ident: str
    title: str
    resource: str
    below: list["Item"] = field(default_factory=list)


@dataclass
class Manifest:
    ident: str
    version: str
    title: str
    items: list[Item]
    resources: dict[str, Resource]
    base: str

    def walk(self) -> Iterator[tuple[Item, list[Item]]]:
        """Every item with those above it, in reading order."""
        yield from _walk(self.items, [])


def _walk(items: list[Item], above: list[Item]) -> Iterator[tuple[Item, list[Item]]]:
    for item in items:
        yield item, above
        yield from _walk(item.below, [*above, item])


def read_manifest(archive: Archive) -> Manifest:
    """Raises CartridgeRefused where there is none, or it is not one."""
    found = sorted((name for name in archive.names if posixpath.basename(name) == MANIFEST), key=lambda name: name.count("/"))
    if not found or found[0].count("/") > 1:
        raise CartridgeRefused(_("There is no imsmanifest.xml in the archive: this is no Common Cartridge."))
    root = parse_xml(archive.read(found[0]), MANIFEST)
    if root.tag != "manifest":
        raise CartridgeRefused(_("imsmanifest.xml is not the manifest of a cartridge."))
    base = posixpath.dirname(found[0])
    resources: dict[str, Resource] = {}
    for element in root.iter("resource"):
        resource = _resource(element, base, archive)
        resources.setdefault(resource.ident, resource)
    organisation = first(root, "organization")
    items = [_item(child) for child in organisation.findall("item")] if organisation is not None else []
    # The one root item without a title is the course itself.
    while len(items) == 1 and not items[0].title and not items[0].resource:
        items = items[0].below
    return Manifest(
        ident=root.get("identifier", ""),
        version=text_of(first(root, "schemaversion")),
        title=_title_of(root, organisation),
        items=items,
        resources=resources,
        base=base,
    )


def _title_of(root: ET.Element, organisation: ET.Element | None) -> str:
    metadata = root.find("metadata")
    for title in metadata.iter("title") if metadata is not None else ():
        if words := text_of(title.find("string") if title.find("string") is not None else title):
            return words
    return text_of(organisation.find("title")) if organisation is not None else ""


def _item(element: ET.Element) -> Item:
    below = [_item(child) for child in element.findall("item")]
    return Item(element.get("identifier", ""), text_of(element.find("title")), element.get("identifierref", ""), below)


def _resource(element: ET.Element, base: str, archive: Archive) -> Resource:
    files = [stored_name(base, file.get("href", ""), archive) for file in element.findall("file")]
    href = stored_name(base, element.get("href", ""), archive) if element.get("href") else (files[0] if files else "")
    needs = [need.get("identifierref", "") for need in element.findall("dependency")]
    return Resource(element.get("identifier", ""), kind_of(element.get("type", "")), href, files, needs, element)


def kind_of(text: str) -> str:
    """`imsqti_xmlv1p2/imscc_xmlv1p1/question-bank` → `imsqti/question-bank`; `imswl_xmlv1p3` → `imswl`."""
    parts = [part for part in text.split("/") if not part.startswith("imscc_")]
    return "/".join(part.split("_xmlv")[0] for part in parts)


def stored_name(base: str, href: str, names: Container[str] = ()) -> str:
    """The file's name in the archive (`names`) that a reference means: as it stands there, decoded, or decoded without query
    and fragment, whichever is there first; "Homework #1.pdf" is a file's name, too.
    """
    short = href.split("#")[0].split("?")[0]
    places = [
        posixpath.normpath(posixpath.join(base, plain)) if plain else "" for plain in (href, unquote(href), short, unquote(short))
    ]
    return next((place for place in places if place and place in names), places[-1])
