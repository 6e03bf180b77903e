"""What a cartridge becomes: lessons, quizzes, discussions, homework, and an account of every item and file."""

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _

from courses.cartridge.archive import Archive
from courses.cartridge.html import Block, Page, link_block, plain_of, read_page, safe_text, words_of
from courses.cartridge.manifest import MANIFEST, Item, Manifest, Resource, read_manifest, stored_name
from courses.cartridge.qti import Quiz, read_quiz
from courses.cartridge.references import HTML, References
from courses.cartridge.xml import BrokenXml, first, parse_xml, text_of
from kit.embeds import embed_of

LONGEST_TITLE, LONGEST_MODULE = 160, 120


@dataclass
class LessonPlan:
    """A lesson to be made. `blocks` are raw StreamField data, media still by their name in the archive (html.Page)."""

    title: str
    module: str
    blocks: list[Block] = field(default_factory=list)
    quizzes: list[Quiz] = field(default_factory=list)
    prompts: list[tuple[str, str]] = field(default_factory=list)
    homework: str = ""


@dataclass(frozen=True)
class Line:
    """One line of the account. `state`: used | part | left (could not be used; `note` says why). `what` an item or a file."""

    what: str
    name: str
    state: str
    note: str


@dataclass
class Plan:
    manifest: Manifest
    lessons: list[LessonPlan] = field(default_factory=list)
    spare_quizzes: list[Quiz] = field(default_factory=list)
    account: list[Line] = field(default_factory=list)
    # The archive's files that become files of the course, in the order they were met.
    media: dict[str, None] = field(default_factory=dict)
    addresses: dict[str, int] = field(default_factory=dict)


def read_plan(archive: Archive) -> Plan:
    """Raises CartridgeRefused for what is no cartridge or hostile. Whatever else is odd ends up in the account."""
    return _Planner(archive).plan()


class _Planner:
    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.manifest = read_manifest(archive)
        self.result = Plan(self.manifest)
        self.read: dict[str, str] = {stored_name(self.manifest.base, MANIFEST): _("the outline")}
        self.broken, self.shown = dict[str, str](), set[str]()
        self.references = References(archive, self.manifest.base, self.result.addresses, self.result.media)
        self.headings: list[str] = []

    def plan(self) -> Plan:
        self._number_pages()
        for item, above in self.manifest.walk():
            self._item(item, above)
        if self.headings:
            self._put_headings(self.result.lessons[-1] if self.result.lessons else self._empty_lesson(self.headings[0]))
        for resource in self.manifest.resources.values():
            for name in dict.fromkeys([resource.href, *resource.files]):
                if name and name not in self.archive:
                    self._tell("file", name, "left", _("the manifest names it, and it is not in the archive"))
            if resource.ident not in self.shown:
                self._loose(resource)
        self._account_files()
        return self.result

    def _put_headings(self, lesson: LessonPlan) -> None:
        """What the outline says between its items stands at the head of the next lesson."""
        lesson.blocks += [{"type": "heading", "value": words[:200]} for words in self.headings]
        self.headings = []

    def _empty_lesson(self, title: str) -> LessonPlan:
        self.result.lessons.append(LessonPlan(title[:LONGEST_TITLE], ""))
        return self.result.lessons[-1]

    def _number_pages(self) -> None:
        """Where links between pages lead: file → number of its lesson."""
        shown = [item.resource for item, _above in self.manifest.walk() if item.resource]
        loose = [one.ident for one in self.manifest.resources.values() if one.ident not in shown and self._is_lesson(one)]
        for number, ident in enumerate([*shown, *loose], 1):
            if resource := self.manifest.resources.get(ident):
                self.result.addresses.setdefault(resource.href, number)

    # Items

    def _item(self, item: Item, above: Sequence[Item]) -> None:
        module = " · ".join(one.title for one in above if one.title)
        if len(module) > LONGEST_MODULE:
            module = next(one.title for one in reversed(above) if one.title)[:LONGEST_MODULE]
        if not item.resource:
            if not item.below and item.title:
                self.headings.append(item.title)
                self._tell("item", item.title, "used", _("a heading in a lesson"))
            return
        resource = self.manifest.resources.get(item.resource)
        if resource is None:
            self._tell("item", item.title or item.ident, "left", _("its resource is missing in the cartridge"))
            self.result.lessons.append(LessonPlan((item.title or item.ident)[:LONGEST_TITLE], module))
            self._put_headings(self.result.lessons[-1])
            return
        lesson = LessonPlan((item.title or self._title_of(resource))[:LONGEST_TITLE], module)
        self._put_headings(lesson)
        became = self._fill(lesson, resource)
        self.result.lessons.append(lesson)
        self.shown.add(resource.ident)
        self._tell("item", lesson.title, "used" if became else "left", became or _("nothing of it could be used"))

    def _loose(self, resource: Resource) -> None:
        """A resource that the outline does not show: a page or quiz is kept at the end, other files beside the lessons."""
        if resource.kind.startswith("imsqti"):
            quiz = self._quiz(resource)
            if quiz is not None and quiz.questions:
                self.result.spare_quizzes.append(quiz)
                self._tell("resource", quiz.title, "used", _("a quiz that stands in no lesson yet"))
            if quiz is not None and quiz.essays:
                lesson = LessonPlan(quiz.title[:LONGEST_TITLE], _("Not in the outline"), homework="\n\n".join(quiz.essays)[:2000])
                self.result.lessons.append(lesson)
                self._tell("resource", quiz.title, "used", _("homework"))
        elif self._is_lesson(resource):
            lesson = LessonPlan(self._title_of(resource)[:LONGEST_TITLE], _("Not in the outline"))
            became = self._fill(lesson, resource)
            self.result.lessons.append(lesson)
            self._tell("resource", lesson.title, "used" if became else "left", became or _("nothing of it could be used"))

    def _is_lesson(self, resource: Resource) -> bool:
        return self._is_page(resource) or resource.kind in {"imswl", "imsdt", "imsbasiclti", "assignment"}

    def _is_page(self, resource: Resource) -> bool:
        return resource.href.lower().endswith(HTML) and not resource.kind.startswith("imsqti")

    def _title_of(self, resource: Resource) -> str:
        if resource.href.endswith(".xml") and resource.href in self.archive:
            root = self._xml(resource.href)
            if root is not None and (words := text_of(first(root, "title"))):
                return words
        if self._is_page(resource) and resource.href in self.archive:
            return self._page(resource.href, note=False).title or posixpath.basename(resource.href)
        return posixpath.basename(resource.href) or resource.ident

    # Resources

    def _fill(self, lesson: LessonPlan, resource: Resource) -> str:
        """Put the resource into the lesson; what it became, in words, or ''."""
        kinds = {"imswl": self._link, "imsdt": self._discussion, "imsbasiclti": self._tool, "assignment": self._assignment}
        if resource.kind in kinds:
            root = self._xml_of(resource)
            return kinds[resource.kind](lesson, resource, root) if root is not None else ""
        if resource.kind.startswith("imsqti"):
            return self._quiz_lesson(lesson, resource)
        if self._is_page(resource):
            return self._page_lesson(lesson, resource)
        return self._files_lesson(lesson, resource)

    def _link(self, lesson: LessonPlan, _resource: Resource, root: ET.Element) -> str:
        url = first(root, "url")
        address = (url.get("href", "") if url is not None else "").strip()
        if not address.lower().startswith(("http://", "https://")):
            self._tell("item", lesson.title, "left", _("its link leads nowhere: %(link)s") % {"link": address[:120]})
            return ""
        lesson.blocks.append(link_block(address, lesson.title))
        return _("a film") if embed_of(address) else _("a link")

    def _tool(self, lesson: LessonPlan, _resource: Resource, root: ET.Element) -> str:
        address = text_of(first(root, "secure_launch_url")) or text_of(first(root, "launch_url"))
        words = text_of(first(root, "description"))
        if not address.lower().startswith(("http://", "https://")):
            return ""
        label = _("Tool of another site: %(title)s") % {"title": lesson.title}
        if words and words != lesson.title:
            lesson.blocks.append({"type": "text", "value": safe_text(escape(words))})
        lesson.blocks.append(link_block(address, label))
        return _("a link to a tool of another site (LTI)")

    def _discussion(self, lesson: LessonPlan, resource: Resource, root: ET.Element) -> str:
        text = root.find("text")
        page = self._read_html(text_of(text), resource.href)
        lesson.blocks += page.blocks
        for attachment in root.iter("attachment"):
            self._attach(lesson, stored_name(posixpath.dirname(resource.href), attachment.get("href", ""), self.archive))
        lesson.prompts.append((lesson.title, plain_of(page) or lesson.title))
        return _("a discussion: a topic on the board of each class")

    def _assignment(self, lesson: LessonPlan, resource: Resource, root: ET.Element) -> str:
        page = self._read_html(text_of(root.find("text")), resource.href)
        lesson.blocks += page.blocks
        for attachment in root.iter("attachment"):
            self._attach(lesson, stored_name(posixpath.dirname(resource.href), attachment.get("href", ""), self.archive))
        lesson.homework = plain_of(page)[:2000] or lesson.title
        return _("homework")

    def _quiz_lesson(self, lesson: LessonPlan, resource: Resource) -> str:
        quiz = self._quiz(resource)
        if quiz is None:
            return ""
        if quiz.questions:
            lesson.quizzes.append(quiz)
        if quiz.essays:
            lesson.homework = "\n\n".join(quiz.essays)[:2000]
        counted = _("a quiz of %(count)s questions") % {"count": len(quiz.questions)}
        parts = [counted if quiz.questions else "", _("homework") if quiz.essays else ""]
        return ", ".join(part for part in parts if part)

    def _quiz(self, resource: Resource) -> Quiz | None:
        root = self._xml_of(resource)
        if root is None:
            return None
        quiz = read_quiz(root, posixpath.basename(posixpath.dirname(resource.href)) or resource.ident)
        reasons = {
            "matching": _("matching has no counterpart"),
            "no right answer": _("it names no right answer"),
            "order": _("it does not say in which order its parts belong"),
        }
        for title in quiz.pictured:
            self._tell("question", title, "part", _("its picture is a file of the course, and is not shown in the question"))
        for title, why in quiz.left_out:
            self._tell("question", title, "left", reasons.get(why, _("every choice is right")))
        return quiz

    def _page_lesson(self, lesson: LessonPlan, resource: Resource) -> str:
        if resource.href not in self.archive:
            return ""
        page = self._page(resource.href)
        lesson.blocks += page.blocks
        for lost in page.lost:
            self._tell("reference", lost, "left", _("in “%(lesson)s”: leads nowhere in the cartridge") % {"lesson": lesson.title})
        if any(name.endswith("assignment_settings.xml") for name in resource.files):
            lesson.homework = plain_of(page)[:2000] or lesson.title
            return _("homework")
        return _("a page")

    def _files_lesson(self, lesson: LessonPlan, resource: Resource) -> str:
        names = [name for name in ([resource.href] if resource.href else resource.files) if name in self.archive]
        for name in names:
            self._attach(lesson, name)
        return _("a file") if names else ""

    def _attach(self, lesson: LessonPlan, name: str) -> None:
        if name in self.archive:
            self.result.media[name] = None
            lesson.blocks.append({"type": "media", "value": {"file": name, "caption": ""}})

    # Files

    def _page(self, name: str, note: bool = True) -> Page:
        if note:
            self.read[name] = _("a page")
        return self._read_html(words_of(self.archive.read(name)), name, note)

    def _read_html(self, source: str, name: str, note: bool = True) -> Page:
        return read_page(source, lambda href: self.references.resolve(href, name, note=note))

    def _xml_of(self, resource: Resource) -> ET.Element | None:
        name = next((one for one in (resource.href, *resource.files) if one in self.archive), "")
        return self._xml(name) if name else None

    def _xml(self, name: str) -> ET.Element | None:
        self.read[name] = _("read")
        try:
            return parse_xml(self.archive.read(name), name)
        except BrokenXml as error:
            self.broken[name] = str(error)
            return None

    def _account_files(self) -> None:
        """Every file of the archive: read, kept, or named as not used."""
        for name in self.archive.names:
            if name in self.result.media:
                continue
            if name in self.broken:
                self._tell("file", name, "left", self.broken[name])
            elif name in self.read:
                self._tell("file", name, "part", self.read[name])
            elif self._is_settings(name):
                self._tell("file", name, "left", _("settings of the software that made the cartridge"))
            else:
                self.result.media[name] = None

    def _is_settings(self, name: str) -> bool:
        return name.lower().endswith((".xml", ".xsd", ".qti", ".dtd")) or posixpath.basename(name).startswith(".")

    def _tell(self, what: str, name: str, state: str, note: str) -> None:
        self.result.account.append(Line(what, name, state, note))
