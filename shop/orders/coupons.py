"""Whether a code is good for this basket and this person, and what it takes off. Asked while looking, and again under lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.emails import folded_email, owners_of, verified_emails
from community.models import Membership
from kit.clock import now
from kit.money import format_money
from shop.catalogue.coupons import coupons_named, covered_offers, spread, sum_in
from shop.catalogue.models import Coupon
from shop.orders.models import Basket, CouponUse, Order

OfferAmount = tuple[int, int]


class CouponRefused(Exception):
    """The code is not good here; the text is for the buyer."""


class CouponUsedUp(CouponRefused):
    """It was good, and all its uses are taken."""


@dataclass(frozen=True)
class Discount:
    """What a coupon takes off each line, in their order (minor units)."""

    coupon: Coupon
    shares: list[int]

    @property
    def amount(self) -> int:
        return sum(self.shares)

    def as_terms(self) -> dict[str, Any]:
        """What is frozen on the order."""
        return {"code": self.coupon.code, "percent": self.coupon.percent, "referrer": self.coupon.referrer_id}


def discount_for(
    code: str, lines: Sequence[OfferAmount], currency: str, user: Any, email: str, *, basket: Basket, lock: bool = False
) -> Discount:
    """What `code` takes off these lines, (offer id, amount) each. Raises CouponRefused with a text for the buyer.

    Without `lock` uses by unpaid orders of this very basket count as free: the next order replaces them. With it the
    coupon is locked until the transaction ends, and every use counts.
    """
    rows = coupons_named(code)
    coupon = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if coupon is None:
        raise CouponRefused(_("We do not know this code. Please look at its spelling."))
    _check_moment(coupon)
    _check_person(coupon, user)
    shares = _shares(coupon, lines, currency)
    older = None if lock else Order.objects.filter(basket=basket, state=Order.State.AWAITING)
    check_uses(coupon, user, email, older)
    return Discount(coupon, shares)


def _check_moment(coupon: Coupon) -> None:
    if coupon.paused_at is not None or now() < coupon.valid_from:
        raise CouponRefused(_("This code cannot be used at the moment."))
    if coupon.valid_to is not None and now() >= coupon.valid_to:
        raise CouponRefused(_("This code has expired."))


def _check_person(coupon: Coupon, user: Any) -> None:
    if coupon.space_id is None:
        return
    person = user.pk if user is not None and user.is_authenticated else None
    if person is None:
        raise CouponRefused(_("This code is for members. Please sign in first."))
    if not Membership.objects.filter(space=coupon.space_id, user=person, ended_at=None).exists():
        raise CouponRefused(_("This code is for members of a space that you do not belong to."))


def _shares(coupon: Coupon, lines: Sequence[OfferAmount], currency: str) -> list[int]:
    covered = covered_offers(coupon, [offer for offer, _amount in lines])
    amounts = [amount if offer in covered else 0 for offer, amount in lines]
    if not any(amounts):
        raise CouponRefused(_("This code is not for what is in your basket."))
    terms = sum_in(coupon, currency)
    if terms is None:
        raise CouponRefused(_("This code does not hold for prices in %(currency)s.") % {"currency": currency})
    if sum(amounts) < terms.least:
        raise CouponRefused(_("This code holds from %(least)s on.") % {"least": format_money(terms.least, currency)})
    return spread(coupon.percent, terms.off, amounts, currency)


def check_uses(coupon: Coupon, user: Any, email: str, older: QuerySet[Order] | None = None) -> None:
    """Whether there is a use left, for anybody and for this person. `older`: orders whose uses do not count.

    Raises CouponUsedUp.
    """
    live = CouponUse.objects.filter(coupon=coupon, released_at=None)
    spare = live.filter(order__in=older).count() if older is not None else 0
    if coupon.max_uses is not None and coupon.used - spare >= coupon.max_uses:
        raise CouponUsedUp(_("This code has been used up."))
    if coupon.per_person is None or not email:
        return
    own = live.filter(_is_person(user, email))
    if older is not None:
        own = own.exclude(order__in=older)
    if own.count() >= coupon.per_person:
        raise CouponUsedUp(_("You have used this code already."))


def _is_person(user: Any, email: str) -> Q:
    """Uses by the same account, or by any spelling of an address that is typed now or that the account has verified."""
    if user is not None and user.is_authenticated:
        return Q(order__user=user.pk) | Q(person__in={folded_email(email), *verified_emails(user.pk)})
    return Q(order__user__in=owners_of(email)) | Q(person=folded_email(email))
