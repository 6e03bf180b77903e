"""Offers as other rooms meet them: the things `offer` and `course_offer`, and the slots of a course's landing page."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse

from accounts.roles import OWNER, has_role
from kit.models import Picture
from kit.pictures import LARGE, THUMB, picture_urls
from kit.things import Card
from shop.catalogue import texts
from shop.catalogue.kept import as_kept_for
from shop.catalogue.models import Offer
from shop.catalogue.policy_words import promises
from shop.catalogue.reads import Ware, best_ware, offers_of_course, wares
from shop.catalogue.sent import sent_of

BLOCK = "shop/offer_block.html"


def offer_data(ware: Ware) -> dict[str, Any]:
    """What a card or a block shows: amounts in minor units, `free` pieces left (None: not scarce)."""
    return {
        "offer": ware.offer.pk,
        "slug": ware.offer.slug,
        "amount": ware.price.amount if ware.price else None,
        "currency": ware.price.currency if ware.price else "",
        "price": texts.price_text(ware),
        "other_prices": texts.other_prices(ware),
        "free": ware.free,
        "state": ware.state,
        "stock": texts.stock_text(ware),
        "stock_tone": texts.stock_tone(ware),
        "buyable": ware.buyable,
        "kit": [{"name": part.sku.name, "quantity": part.quantity} for part in ware.goods if part.sku],
        "starts_on": min((part.cohort.starts_on for part in ware.seats if part.cohort), default=None),
        "course": ware.offer.course_id,
        "wait_list": _full_class(ware),
        "event": _event_path(ware),
    }


def _full_class(ware: Ware) -> str:
    """The slug of the class for which one can stand in line: it is full, and nothing but its seats runs out."""
    cohort = ware.seats[0].cohort if ware.state == "sold_out" and ware.scarce_seats else None
    return cohort.slug if cohort else ""


def _event_path(ware: Ware) -> str:
    """Where the event of a ticket is told, and its line stands."""
    event = ware.tickets[0].event if ware.tickets else None
    return event.path if event is not None else ""


def _card(ware: Ware, pictures: Mapping[int, str]) -> Card:
    return Card(
        title=ware.offer.title,
        url=reverse("catalogue:offer", args=[ware.offer.slug]),
        summary=ware.offer.summary,
        picture_url=pictures.get(ware.offer.picture_id or 0, ""),
        template=BLOCK,
        data=offer_data(ware),
    )


def read_offers(ids: Sequence[str], request: Any) -> dict[str, Card]:
    """Cards of offers by id or slug; drafts never show. Five queries for any number."""
    numbers = [int(ident) for ident in ids if ident.isdecimal() and len(ident) < 19]
    rows = Offer.objects.filter(Q(pk__in=numbers) | Q(slug__in=ids)).exclude(state=Offer.State.DRAFT)
    found = wares(rows.select_related("picture"))
    pictures = picture_urls([ware.offer.picture for ware in found], THUMB)
    cards: dict[str, Card] = {}
    for ware in found:
        card = _card(ware, pictures)
        cards |= {name: card for name in (str(ware.offer.pk), ware.offer.slug) if name in ids}
    return cards


def offer_choices(request: Any) -> dict[str, Card]:
    """By id: the live offers this person may place in a topic or lesson: their own, all of them for the owner."""
    rows = Offer.objects.filter(state=Offer.State.LIVE).order_by("title", "pk")
    if not has_role(request.user, OWNER):
        rows = rows.filter(seller=request.user)
    return {str(offer.pk): Card(offer.title, reverse("catalogue:offer", args=[offer.slug])) for offer in rows[:200]}


def read_course_offers(ids: Sequence[str], request: Any) -> dict[str, Card]:
    """By course id: the offer to show first for that course. Four queries for any number of courses."""
    numbers = [int(ident) for ident in ids if ident.isdecimal() and len(ident) < 19]
    rows = Offer.objects.filter(course__in=numbers, state__in=[Offer.State.LIVE, Offer.State.CLOSED]).order_by("pk")
    by_course: dict[int, list[Ware]] = {}
    for ware in wares(rows):
        by_course.setdefault(ware.offer.course_id or 0, []).append(ware)
    best = {course: best_ware(listed) for course, listed in by_course.items()}
    return {str(course): _card(ware, {}) for course, ware in best.items() if ware is not None}


def _course_wares(request: Any, course: Any) -> list[Ware]:
    """The wares of a course, asked for once a request: several slots of one page show them."""
    kept = request.__dict__.setdefault("_wares_of_course", {}) if request is not None else {}
    if course.pk not in kept:
        user = getattr(request, "user", None)
        kept[course.pk] = as_kept_for(getattr(user, "pk", None), wares(offers_of_course(course.pk)))
    return list(kept[course.pk])


def fill_course_buy(request: Any, course: Any) -> tuple[str, dict[str, Any]] | None:
    """Slot course.buy: price, seats left, class dates, what is in the box, the button straight to the checkout."""
    listed = _course_wares(request, course)
    best = best_ware(listed)
    if best is None:
        return None
    others = [ware for ware in listed if ware is not best and ware.state in {"live", "soon", "paused", "sold_out"}]
    return "shop/course_buy.html", {
        "course": course,
        "ware": best,
        "shelf": offer_data(best),
        "sent": sent_of(best),
        "policy": policy_of(best),
        "others": [_other(ware) for ware in others],
    }


def policy_of(ware: Ware) -> list[str]:
    """What it promises about money back, a sentence each."""
    return promises(ware.offer.refund_policy, seats=bool(ware.seats), goods=bool(ware.goods))


def _other(ware: Ware) -> dict[str, Any]:
    return {"ware": ware, "url": reverse("catalogue:offer", args=[ware.offer.slug]), **offer_data(ware)}


def fill_course_kit(request: Any, course: Any) -> tuple[str, dict[str, Any]] | None:
    """Slot course.kit: what is in the box that comes with the course; silent where no box comes."""
    best = best_ware(_course_wares(request, course))
    if best is None or not best.goods:
        return None
    return "shop/course_kit.html", {"course": course, "kit": kit_rows(best)}


def kit_rows(ware: Ware) -> list[dict[str, Any]]:
    """Each good of an offer with its picture's address, contents and packed size. Two queries."""
    goods = [(part, part.sku) for part in ware.goods if part.sku is not None]
    pictures = picture_urls(Picture.objects.filter(pk__in=[sku.picture_id for _part, sku in goods if sku.picture_id]), LARGE)
    return [
        {
            "name": sku.name,
            "quantity": part.quantity,
            "contents": [line.strip(" -·•") for line in sku.contents.splitlines() if line.strip()],
            "picture": pictures.get(sku.picture_id or 0, ""),
            "packed": texts.packed_text(sku),
        }
        for part, sku in goods
    ]
