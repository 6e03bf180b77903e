"""An order takes a use of its coupon, gives it back when it ends unpaid or is refunded in full, and takes it again when it is
paid after all.

The coupon is locked after the order and before stock, here as everywhere.
"""

from django.db import transaction

from accounts.emails import folded_email
from kit.clock import now
from shop.catalogue.models import Coupon
from shop.orders.coupons import Discount, check_uses
from shop.orders.models import CouponUse, Order


@transaction.atomic
def take_coupon(*, order: Order, discount: Discount) -> CouponUse:
    """Count the use. The coupon must be locked and found good (discount_for)."""
    use = CouponUse.objects.create(order=order, coupon=discount.coupon, person=folded_email(order.email))
    _count(discount.coupon, 1)
    return use


@transaction.atomic
def give_back_coupon(*, order: Order) -> bool:
    """The order ended unpaid or was refunded in full: its use is free again, once. Whether one was given back now.

    The order must be locked.
    """
    coupon, use = _locked(order)
    if coupon is None or use is None or use.released_at is not None:
        return False
    use.released_at = now()
    use.save(update_fields=["released_at"])
    _count(coupon, -1)
    return True


@transaction.atomic
def take_coupon_again(*, order: Order) -> None:
    """An order that had ended is to be paid after all, at the price that was promised. Raises CouponUsedUp.

    The order must be locked. Whether the code has expired meanwhile does not matter; whether it is used up does.
    """
    coupon, use = _locked(order)
    if coupon is None or use is None or use.released_at is None:
        return
    check_uses(coupon, order.user, order.email)
    use.released_at = None
    use.save(update_fields=["released_at"])
    _count(coupon, 1)


def _locked(order: Order) -> tuple[Coupon | None, CouponUse | None]:
    use = CouponUse.objects.filter(order=order).first()
    if use is None:
        return None, None
    coupon = Coupon.objects.select_for_update(of=("self",)).get(pk=use.coupon_id)
    return coupon, CouponUse.objects.get(pk=use.pk)


def _count(coupon: Coupon, change: int) -> None:
    coupon.used += change
    coupon.save(update_fields=["used"])
