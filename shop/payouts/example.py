"""What shares would mean for a sale today, in real numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from kit.money import take_rate
from shop.catalogue.models import Offer
from shop.catalogue.reads import current_bundles
from shop.catalogue.taxes import net_and_tax, tax_for
from shop.orders.shares import line_shares
from shop.payments.models import BalanceTransaction
from shop.payouts.rules import Fee, divide, pool
from shop.referrals.models import Programme
from shop.referrals.rules import Rules

LATELY = 50
CHARGES = ("charge", "payment")


@dataclass(frozen=True)
class Example:
    """Minor units of `currency`; `fee` as it was on sales lately (0 where there were none); `shares`: name, points, amount."""

    currency: str
    price: int
    tax: int
    fee: int
    commission: int
    shares: list[tuple[str, int, int]]


def examples(offer: Offer, names: Sequence[tuple[str, int]]) -> list[Example]:
    """A sale without a referrer, and one with, for names with their basis points; none for an offer without a price."""
    prices = offer.prices.filter(valid_to=None).order_by("pk")
    price = next((row for row in prices if row.currency == settings.SHOP_CURRENCY), prices.first())
    if price is None:
        return []
    tax = tax_for("")
    net, taxed = net_and_tax(price.amount, tax.rate, inclusive=price.tax_inclusive, currency=price.currency)
    _bundle, parts = current_bundles([offer])[offer.pk]
    split = line_shares(net, taxed, [part.weight for part in parts], price.currency)
    sold, fee = [(part.kind, share.net, share.tax) for part, share in zip(parts, split, strict=True)], fee_lately()
    rules = _rules_of(offer)
    return [_sale(price.currency, sold, fee, way, names) for way in ([None, rules] if rules else [None])]


def _sale(
    currency: str, sold: Sequence[tuple[str, int, int]], fee: Fee, rules: Rules | None, names: Sequence[tuple[str, int]]
) -> Example:
    """Part by part, as a real one is shared."""
    points = [share for _name, share in names]
    commission, shares = 0, [0] * len(points)
    for kind, net, tax in sold:
        own = take_rate(net, rules.rate_of(kind)) if rules else 0
        commission += own
        due = divide(pool(net=net, gross=net + tax, commission=own, fee=fee), points)
        shares = [one + more for one, more in zip(shares, due, strict=True)]
    return Example(
        currency=currency,
        price=sum(net + tax for _kind, net, tax in sold),
        tax=sum(tax for _kind, _net, tax in sold),
        fee=sum(fee.share_of(net + tax) for _kind, net, tax in sold),
        commission=commission,
        shares=[(name, share, amount) for (name, share), amount in zip(names, shares, strict=True)],
    )


def fee_lately() -> Fee:
    """What Stripe kept of the last charges, in the currency of the newest. One query."""
    rows = list(BalanceTransaction.objects.filter(type__in=CHARGES, amount__gt=0).order_by("-at", "-pk")[:LATELY])
    same = [row for row in rows if row.currency == rows[0].currency]
    return Fee(sum(row.fee for row in same), sum(row.amount for row in same))


def _rules_of(offer: Offer) -> Rules | None:
    """The rules by which a referrer of this offer earns now."""
    rows = {row.offer_id: row for row in Programme.objects.filter(Q(offer=offer) | Q(offer=None), is_open=True)}
    programme = rows.get(offer.pk) or rows.get(None)
    version = programme.versions.order_by("-number").first() if programme else None
    return Rules.from_json(version.rules) if version else None
