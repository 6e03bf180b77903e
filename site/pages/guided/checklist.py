"""What is still missing before a course can be sold, each with the step that mends it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.models import Cohort
from pages.guided.draft import Draft


@dataclass(frozen=True)
class Item:
    """A line of the checklist. `must`: without it nothing is published; `lesson`: the page to write in, if any."""

    ok: bool
    must: bool
    text: str
    step: str
    lesson: int | None = None

    @property
    def state(self) -> str:
        return "ok" if self.ok else "must" if self.must else "advice"


def checklist(draft: Draft) -> list[Item]:
    """Everything that is looked at, done or not."""
    return [*_of_the_course(draft), *_of_the_class(draft), *_of_the_kit(draft)]


def missing(draft: Draft) -> list[Item]:
    """What forbids publishing."""
    return [item for item in checklist(draft) if item.must and not item.ok]


def _of_the_course(draft: Draft) -> list[Item]:
    free, lessons = draft.free_lesson, draft.lessons
    items = [
        Item(draft.page.cover_id is not None, False, _("A cover picture"), "name"),
        Item(bool(draft.page.tagline), False, _("One line that says why"), "name"),
        Item(any(row.has_text for row in lessons), True, _("At least one lesson with text"), "outline"),
        Item(free is not None, False, _("A free lesson that everyone may read"), "outline"),
    ]
    if free is not None:
        items.append(
            Item(free.has_text, True, _("The free lesson has text: “%(title)s”") % {"title": free.title}, "outline", free.page_id)
        )
    if draft.unwritten:
        text = ngettext(
            "%(count)d lesson has no text yet. You can write it after the start of sales, before its day.",
            "%(count)d lessons have no text yet. You can write them after the start of sales, each before its day.",
            draft.unwritten,
        )
        items.append(Item(False, False, text % {"count": draft.unwritten}, "outline"))
    return items


def _of_the_class(draft: Draft) -> list[Item]:
    cohort = draft.cohort
    seats = draft.on_hand(cohort.seat_ref) if cohort else 0
    return [
        Item(draft.price is not None, True, _("A price"), "price"),
        Item(seats > 0, True, _("Seats in the class"), "price"),
        Item(draft.starts_in_time or draft.is_published, True, _("A start date that is not over"), "price"),
        # A course that sells without a programme of its own falls under the house's general one.
        Item(draft.programme is not None or draft.is_published, True, _("What a referrer gets"), "sharing"),
    ]


def _of_the_kit(draft: Draft) -> list[Item]:
    kit, cohort, items = draft.kit, draft.cohort, []
    if kit is not None:
        items.append(Item(draft.on_hand(kit.stock_ref) > 0 or draft.is_published, True, _("Kits in stock"), "kit"))
        same = draft.price is None or kit.currency == draft.price.currency
        items.append(Item(same, True, _("The kit's value is in the currency of the price"), "kit"))
    elif cohort is not None and cohort.start_rule == Cohort.StartRule.DELIVERY:
        items.append(
            Item(False, True, _("Day 1 waits for a parcel, but there is no kit: add one, or begin on the start date"), "price")
        )
    return items
