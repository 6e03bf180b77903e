"""Plain makers of rows for tests. Each takes what the test cares about and fills in the rest."""

from itertools import count
from typing import Any

from allauth.account.models import EmailAddress

from accounts.models import Profile, User

_numbers = count(1)


def make_user(*, email: str = "", name: str = "", **fields: Any) -> User:
    """An account with a verified e-mail address and a handle."""
    number = next(_numbers)
    user = User.objects.create_user(email=email or f"person{number}@demo.test", password="courseyard-demo", name=name or f"Person {number}", **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    Profile.objects.create(user=user, handle=f"person-{number}")
    return user


def make_sku(*, seller: Any = None, code: str = "", on_hand: int = 10, small: bool = False, **fields: Any) -> Any:
    """A good with stock: a ukulele in its box of 620 mm, or (`small`) a brush set of 280 × 180 × 60 mm."""
    from shop.catalogue.flows import create_sku

    number = next(_numbers)
    size = {"length_mm": 280, "width_mm": 180, "height_mm": 60, "weight_g": 700} if small else {"length_mm": 620, "width_mm": 230, "height_mm": 110, "weight_g": 1500}
    values = {"name": "Brush set" if small else "Ukulele 21 inch", "value": 12000, "currency": "CNY", **size, **fields}
    return create_sku(code=code or f"KIT-{number}", seller=seller or make_user(), on_hand=on_hand, **values)


def make_offer(
    *, seller: Any = None, cohort: Any = None, sku: Any = None, price: int = 59900, currency: str = "CNY", slug: str = "",
    title: str = "", weights: tuple[int, int] = (469, 130), live: bool = True, **fields: Any,
) -> Any:
    """An offer of a seat in `cohort`, of `sku`, or of both (seat first, `weights` in that order); goods alone without either."""
    from shop.catalogue.flows import Part, create_offer, publish_offer

    number = next(_numbers)
    seller = seller or (cohort.course.teacher if cohort else make_user())
    if cohort is None and sku is None:
        sku = make_sku(seller=seller)
    seat = [Part(cohort=cohort, weight=weights[0])] if cohort else []
    goods = [Part(sku=sku, weight=weights[1])] if sku else []
    fields.setdefault("course", cohort.course if cohort else None)
    offer = create_offer(
        slug=slug or f"offer-{number}", title=title or f"Offer {number}", seller=seller, components=seat + goods,
        price=price, currency=currency, **fields,
    )
    return publish_offer(offer=offer, actor=seller) if live else offer
