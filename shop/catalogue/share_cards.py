"""What a shared course or offer says in a chat: its title, what it costs, its picture."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from courses.reads.catalogue import landing_variants
from courses.reads.language import best
from kit import share_cards
from kit.money import format_money
from kit.share_cards import ShareCard
from shop.catalogue.models import Offer
from shop.catalogue.reads import best_ware, live_offers, offers_of_course, wares


def register_all() -> None:
    share_cards.register("course", course_card)
    share_cards.register("offer", offer_card)


def course_card(slug: str) -> ShareCard | None:
    page = best(landing_variants(slug, AnonymousUser()))
    if page is None:
        return None
    return ShareCard(page.title, _price(offers_of_course(page.course)), page.cover.file.name if page.cover else "")


def offer_card(slug: str) -> ShareCard | None:
    offer = live_offers().filter(slug=slug).first()
    if offer is None:
        return None
    return ShareCard(offer.title, _price([offer]), offer.picture.file.name if offer.picture else "")


def _price(offers: Iterable[Offer]) -> str:
    """In the school's own currency, of what is shown first."""
    ware = best_ware(wares(offers, settings.SHOP_CURRENCY))
    price = ware.price if ware and ware.buyable else None
    return format_money(price.amount, price.currency) if price else ""
