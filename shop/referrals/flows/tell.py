"""Each sale tells its referrer: somebody bought, so much is expected on that day, because of this."""

from django.utils.formats import date_format
from django.utils.translation import gettext_noop

from kit.clock import local_date
from kit.money import format_money
from notices.flows import Words, notify
from shop.orders.models import Order
from shop.referrals.models import Attribution
from shop.referrals.replay import amounts

BODIES = {
    "coupon": gettext_noop("They used your coupon. Expected on %(day)s, when refunds and returns are over."),
    "link": gettext_noop("They followed your link. Expected on %(day)s, when refunds and returns are over."),
    "binding": gettext_noop("They had signed up by your link. Expected on %(day)s, when refunds and returns are over."),
    "note": gettext_noop("They came by your note. Expected on %(day)s, when refunds and returns are over."),
    "place": gettext_noop("They bought where you recommended it. Expected on %(day)s, when refunds and returns are over."),
}
AFTER_DELIVERY = {
    "coupon": gettext_noop("They used your coupon. You get it when the parcel has arrived and returns are over."),
    "link": gettext_noop("They followed your link. You get it when the parcel has arrived and returns are over."),
    "binding": gettext_noop("They had signed up by your link. You get it when the parcel has arrived and returns are over."),
    "note": gettext_noop("They came by your note. You get it when the parcel has arrived and returns are over."),
    "place": gettext_noop("They bought where you recommended it. You get it when the parcel has arrived and returns are over."),
}
HELD = gettext_noop("It looks like an order of your own. A reviewer will decide; the receipt says why.")


def tell_of_sale(*, order: Order) -> None:
    """Once an order, after its hold is known; who earns nothing by it is not written to."""
    row = Attribution.objects.filter(order=order).select_related("referrer").first()
    total = amounts(row.receipt)["total"] if row else 0
    if row is None or total <= 0:
        return
    until = row.commissions.values_list("available_at", flat=True).first()
    kind = row.receipt["touches"][row.receipt["decision"]["credited"]]["kind"]
    bodies = AFTER_DELIVERY if until is None else BODIES
    body = HELD if row.state == Attribution.State.HELD_SELF else bodies.get(kind, bodies["place"])
    day = date_format(local_date(until, row.referrer.time_zone), "Y-m-d") if until else ""
    notify(
        user=row.referrer,
        kind="sale",
        key=f"sale:{order.pk}",
        url=f"/promote/receipts/{order.number}/",
        words=Words(
            gettext_noop("Somebody bought: %(amount)s for you"),
            body,
            {"amount": format_money(total, order.currency), "day": day},
        ),
    )
