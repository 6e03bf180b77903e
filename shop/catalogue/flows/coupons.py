"""Making, pausing and guessing coupons. Who uses one, and when it is given back, is in shop.orders.flows.coupons."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kit import audit
from kit.clock import now
from kit.money import check_amount
from shop.catalogue.coupons import coupons_named, tidy_code
from shop.catalogue.models import Component, Coupon, CouponGuess, CouponSum, Offer

MINUTE = timedelta(minutes=1)
MOST_CODES = 200


class CannotMakeCoupon(Exception):
    """The terms make no sense; the text is for whoever wrote them."""


class TooManyGuesses(Exception):
    """More wrong codes a minute than `settings.COUPON_GUESSES_PER_MINUTE`; `retry_after` is whole seconds (answer 429)."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"too many codes, wait {retry_after} s")
        self.retry_after = retry_after


@dataclass(frozen=True)
class CouponTerms:
    """What a coupon promises. `percent` in basis points, or `off` per currency; `least` is the smallest basket per currency.

    No `offers` means everything that is for sale. Limits that are None do not exist.
    """

    code: str
    percent: int | None = None
    off: Mapping[str, int] = field(default_factory=dict)
    least: Mapping[str, int] = field(default_factory=dict)
    offers: Collection[Offer] = ()
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    max_uses: int | None = None
    per_person: int | None = None
    space: Any = None
    referrer: Any = None
    note: str = ""
    batch: str = ""


@transaction.atomic
def create_coupon(*, terms: CouponTerms, actor: Any) -> Coupon:
    """A coupon that holds from now, or from `valid_from`, on. Raises CannotMakeCoupon with a text for its maker."""
    code, start = tidy_code(terms.code), terms.valid_from or now()
    _check(terms, code, start)
    if coupons_named(code).exists():
        raise CannotMakeCoupon(_("This code is taken."))
    try:
        with transaction.atomic():
            coupon = Coupon.objects.create(
                code=code,
                batch=terms.batch,
                note=terms.note,
                percent=terms.percent,
                everything=not terms.offers,
                valid_from=start,
                valid_to=terms.valid_to,
                max_uses=terms.max_uses,
                per_person=terms.per_person,
                space=terms.space,
                referrer=terms.referrer,
                maker=actor,
                created_at=now(),
            )
    except IntegrityError:
        raise CannotMakeCoupon(_("This code is taken.")) from None
    coupon.offers.set(terms.offers)
    currencies = sorted({*terms.off, *terms.least})
    CouponSum.objects.bulk_create(
        CouponSum(coupon=coupon, currency=currency, off=terms.off.get(currency, 0), least=terms.least.get(currency, 0))
        for currency in currencies
    )
    after = {"code": code, "percent": terms.percent, "off": dict(terms.off), "max_uses": terms.max_uses}
    audit.record(actor=actor, action="coupon.made", target=f"coupon:{coupon.pk}", after=after)
    return coupon


@transaction.atomic
def create_redeem_codes(
    *, offer: Offer, count: int, actor: Any, note: str = "", valid_to: datetime | None = None
) -> tuple[str, list[Coupon]]:
    """A batch of codes, each for one seat in the course of `offer`, to be printed and given away; (batch, coupons).

    Raises CannotMakeCoupon for an offer without a seat, of which one order could take many, and for too many codes.
    """
    parts = Component.objects.filter(bundle__offer=offer, bundle__is_current=True)
    if not parts.filter(kind=Component.Kind.SEAT).exists():
        raise CannotMakeCoupon(_("Redeem codes are for courses."))
    if not 1 <= count <= MOST_CODES:
        raise CannotMakeCoupon(_("A batch has 1 to %(most)d codes.") % {"most": MOST_CODES})
    batch = _letters(8)
    terms = CouponTerms(
        code="", percent=10_000, offers=[offer], valid_to=valid_to, max_uses=1, per_person=None, note=note, batch=batch
    )
    made = [create_coupon(terms=replace(terms, code=f"{_letters(5)}-{_letters(5)}"), actor=actor) for _code in range(count)]
    return batch, made


def _letters(count: int) -> str:
    """None that look alike on paper."""
    return "".join(secrets.choice("23456789ABCDEFGHJKMNPQRSTUVWXYZ") for _letter in range(count))


def _check(terms: CouponTerms, code: str, start: datetime) -> None:
    if not code:
        raise CannotMakeCoupon(_("A code has 3 to 40 letters, figures or hyphens."))
    if bool(terms.percent) == any(terms.off.values()):
        raise CannotMakeCoupon(_("A coupon takes off either a percentage or a sum."))
    if terms.percent and not 0 < terms.percent <= 10_000:
        raise CannotMakeCoupon(_("A percentage is more than 0 and at most 100."))
    if not terms.percent and not all(terms.off.get(currency) for currency in terms.least):
        raise CannotMakeCoupon(_("Where a smallest basket is asked for, say what is taken off in that currency."))
    if terms.valid_to is not None and terms.valid_to <= start:
        raise CannotMakeCoupon(_("It would end before it begins."))
    for currency, amount in [*terms.off.items(), *terms.least.items()]:
        try:
            check_amount(amount, currency)
        except ValueError as error:
            raise CannotMakeCoupon(str(error)) from error


@transaction.atomic
def pause_coupon(*, coupon: Coupon, actor: Any) -> None:
    """Nobody can order with it from now on; orders that were placed keep it. Again: nothing."""
    if Coupon.objects.filter(pk=coupon.pk, paused_at=None).update(paused_at=now()):
        audit.record(actor=actor, action="coupon.paused", target=f"coupon:{coupon.pk}", before="live", after="paused")


@transaction.atomic
def resume_coupon(*, coupon: Coupon, actor: Any) -> None:
    """It holds again. Again: nothing."""
    if Coupon.objects.filter(pk=coupon.pk).exclude(paused_at=None).update(paused_at=None):
        audit.record(actor=actor, action="coupon.resumed", target=f"coupon:{coupon.pk}", before="paused", after="live")


def note_guess(*, user: Any, address_hash: str) -> CouponGuess:
    """Count a code before it is looked at, so that many at once cannot pass; a good one is forgotten again.

    By account and by network address, in rows that all processes share. Raises TooManyGuesses.
    """
    minute_ago = now() - MINUTE
    CouponGuess.objects.filter(at__lte=minute_ago).delete()
    person = user if user.is_authenticated else None
    guess = CouponGuess.objects.create(user=person, address_hash=address_hash, at=now())
    who = Q(address_hash=address_hash) | (Q(user=person) if person else Q(pk=None))
    times = list(CouponGuess.objects.filter(who).exclude(pk=guess.pk).order_by("-at").values_list("at", flat=True))
    limit = settings.COUPON_GUESSES_PER_MINUTE
    if len(times) >= limit:
        guess.delete()
        raise TooManyGuesses(max(1, int((times[limit - 1] - minute_ago).total_seconds()) + 1))
    return guess


def forget_guess(*, guess: CouponGuess) -> None:
    """It was no guess: the code is good."""
    guess.delete()
