"""What a refund would take from whom: buyer, teachers, referrer, tax and access. Changes nothing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kit.money import check_amount, take_rate
from shop.catalogue.models import Component
from shop.checkout.flows.errors import CannotRefund
from shop.checkout.flows.settle_refund import net_and_tax_of, share_out
from shop.orders.models import Order, OrderComponent
from shop.payments.reads import parts_left, shipping_left
from shop.payouts.preview import shares_lost
from shop.referrals.models import Commission

EVERYTHING = "everything"
Parts = Mapping[OrderComponent, tuple[int, int]]


@dataclass(frozen=True)
class Preview:
    """What a refund takes from whom, in minor units of `currency`. `parts`: component → (net, tax) given back.

    `commission` is taken back from the referrer, `commission_paid` of it was paid out already. `shares`: (payee's name,
    minor units) that leave teachers' shares; `sales`: (seller's name, net of tax and commission) of what nobody shares.
    `ends`: titles of what the buyer loses (a seat); `stopped`: goods that are not sent any more; `sent`: goods already on
    their way or there; `back`: goods of which every piece that was sent came back.
    """

    currency: str
    parts: dict[OrderComponent, tuple[int, int]]
    shipping: tuple[int, int]
    commission: int
    commission_paid: int
    shares: list[tuple[str, int]]
    sales: list[tuple[str, int]]
    ends: list[str]
    stopped: list[str]
    sent: list[str]
    back: list[str]

    @property
    def amount(self) -> int:
        """What the buyer gets."""
        return sum(net + tax for net, tax in self.parts.values()) + sum(self.shipping)

    @property
    def delivery(self) -> int:
        """What comes back for delivery, with its tax."""
        return sum(self.shipping)

    @property
    def tax(self) -> int:
        return sum(tax for _net, tax in self.parts.values()) + self.shipping[1]


def kit_only(order: Order) -> dict[OrderComponent, tuple[int, int]]:
    """Everything that is left of the goods; the course stays."""
    return {part: left for part, left in parts_left(order).items() if part.kind == "stock" and sum(left)}


def left_of(order: Order) -> int:
    """Minor units that are left of parts and delivery."""
    return sum(net + tax for net, tax in parts_left(order).values()) + sum(shipping_left(order))


def part_of(order: Order, amount: int, chosen: Collection[int] = ()) -> tuple[dict[OrderComponent, tuple[int, int]], int]:
    """(component → (net, tax), delivery) that make up `amount`, in proportion to what is left of each.

    `chosen` are components by id; without any, all of the order and its delivery share. Raises CannotRefund for more than
    is left of them, or an amount off the currency's step.
    """
    left = {part: sums for part, sums in parts_left(order).items() if not chosen or part.pk in chosen}
    rest = (0, 0) if chosen else shipping_left(order)
    try:
        check_amount(amount, order.currency)
    except ValueError as error:
        raise CannotRefund(str(error)) from error
    if not 0 < amount <= sum(net + tax for net, tax in left.values()) + sum(rest):
        raise CannotRefund(_("That much is not left to refund."))
    parts, shipping = share_out(left, rest, amount, order.currency)
    return parts, sum(shipping)


def preview_refund(*, order: Order, components: Parts | str = EVERYTHING, shipping: int = 0) -> Preview:
    """`components` with `shipping` minor units for delivery, or everything. Raises CannotRefund for more than is left."""
    left, rest = parts_left(order), shipping_left(order)
    full = isinstance(components, str)
    parts = dict(left) if isinstance(components, str) else dict(components)
    for part, (net, tax) in parts.items():
        if part not in left or not (0 <= net <= left[part][0] and 0 <= tax <= left[part][1]):
            raise CannotRefund(_("%(title)s: that much is not left to refund.") % {"title": part.title})
    if not 0 <= shipping <= sum(rest):
        raise CannotRefund(_("%(title)s: that much is not left to refund.") % {"title": _("Delivery")})
    over = [part for part, given in parts.items() if given == left[part]]
    goods = [part for part in over if part.kind == Component.Kind.STOCK]
    lost = _commission_lost(parts)
    shared = shares_lost(order, parts, lost)
    return Preview(
        currency=order.currency,
        parts=parts,
        shipping=rest if full else net_and_tax_of(shipping, *rest),
        commission=sum(lost.values()),
        commission_paid=_paid_out(order, sum(lost.values())),
        shares=_summed(pair for people in shared.values() for pair in people.items()),
        sales=_summed(
            (part.line.offer.seller.display_name, net - lost.get(part, 0))
            for part, (net, _tax) in parts.items()
            if part not in shared
        ),
        ends=[part.title for part in over if part.kind != Component.Kind.STOCK],
        stopped=[part.title for part in goods if not part.shipped],
        sent=[part.title for part in goods if part.shipped > part.returned],
        back=[part.title for part in goods if part.shipped and part.shipped == part.returned],
    )


def _commission_lost(parts: Parts) -> dict[OrderComponent, int]:
    """By how much the referrer's lines shrink (I15): from what they are to floor(rate × net retained)."""
    lost = {}
    lines = Commission.objects.filter(component__in=list(parts)).order_by("pk")
    for part, (net, _tax) in parts.items():
        own = [line for line in lines if line.component_id == part.pk]
        if own:
            lost[part] = sum(line.amount for line in own) - take_rate(part.net - part.refunded_net - net, own[0].rate)
    return lost


def _paid_out(order: Order, lost: int) -> int:
    """How much of it the referrer has had: the next payout is smaller by that."""
    rows = Commission.objects.filter(component__line__order=order, state=Commission.State.PAID)
    return min(lost, max(0, sum(rows.values_list("amount", flat=True))))


def _summed(pairs: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """By name, without those who lose nothing."""
    found: dict[str, int] = {}
    for name, amount in pairs:
        found[name] = found.get(name, 0) + amount
    return [(name, amount) for name, amount in found.items() if amount]
