"""What a referrer sees. Every read costs the same few queries, however many rows there are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kit.clock import now
from shop.referrals.models import Attribution, Click, Commission, Link

PAGE = 30


@dataclass(frozen=True)
class Funnel:
    """Clicks, people who signed up, orders paid, orders kept (nothing refunded in full, not rejected)."""

    clicks: int
    sign_ups: int
    orders: int
    kept: int


def funnel(user: Any) -> Funnel:
    """The four numbers over all links of a referrer. Two queries."""
    clicks = Click.objects.filter(link__owner=user).aggregate(
        all=Count("pk"), bound=Count("user", distinct=True, filter=Q(is_signup=True))
    )
    lines = Commission.objects.filter(attribution=OuterRef("pk")).values("attribution").annotate(sum=Sum("amount")).values("sum")
    orders = (
        Attribution.objects.filter(referrer=user)
        .annotate(earned=Subquery(lines))
        .aggregate(all=Count("pk"), kept=Count("pk", filter=Q(earned__gt=0) & ~Q(state=Attribution.State.REJECTED)))
    )
    return Funnel(clicks["all"], clicks["bound"], orders["all"], orders["kept"])


def links_of(user: Any) -> list[Link]:
    """A referrer's links, newest first, each with its `click_count`. One query."""
    return list(Link.objects.filter(owner=user).annotate(click_count=Count("clicks")).order_by("-created_at", "-pk")[:PAGE])


def balances(user: Any) -> dict[str, dict[str, int]]:
    """currency → state → minor units. One query."""
    found: dict[str, dict[str, int]] = {}
    rows = Commission.objects.filter(payee=user).values("currency", "state").annotate(sum=Sum("amount")).order_by("currency")
    for row in rows:
        found.setdefault(row["currency"], {})[row["state"]] = row["sum"]
    return found


def commissions_of(user: Any, before: int | None = None) -> list[Commission]:
    """Lines newest first, PAGE + 1 at most, with what explains them. One query."""
    rows = Commission.objects.filter(payee=user).select_related("attribution__order", "attribution__link", "component")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[: PAGE + 1])


def reason(line: Commission) -> str:
    """Why a line is in its state, in one plain sentence without the date."""
    if line.attribution.state == Attribution.State.HELD_SELF:
        return HELD_REASONS[line.attribution.receipt["decision"]["held"]]()
    if line.attribution.state == Attribution.State.REJECTED:
        return _("A reviewer decided that this order earns nothing.")
    if line.kind == Commission.Kind.REVERSAL:
        if _is_refunded(line):
            return _("The buyer got this money back, so nothing is earned on it.")
        return _("The buyer got part of this money back, so its share was taken back.")
    if line.state == Commission.State.PENDING and _is_refunded(line):
        return _("The buyer got this money back: it is taken back in a line of its own.")
    if line.state == Commission.State.FROZEN:
        return _("The buyer's bank is asking questions about this payment.")
    if line.state == Commission.State.PENDING and line.available_at is None:
        return _("The parcel has not been delivered yet.")
    if line.state == Commission.State.PENDING:
        return _("The buyer may still return the order.")
    return _("The time for refunds and returns is over.")


def _is_refunded(line: Commission) -> bool:
    """All that was paid for what it is for went back."""
    piece = line.component
    return (piece.refunded_net, piece.refunded_tax) == (piece.net, piece.tax) and piece.net > 0


HELD_REASONS = {
    "own_account": lambda: _("This looks like your own order: it was placed with your account. A reviewer will decide."),
    "same_email": lambda: _("This looks like your own order: it has your e-mail address. A reviewer will decide."),
    "same_card": lambda: _("This looks like your own order: it was paid with a card of yours. A reviewer will decide."),
    "same_address": lambda: _("This looks like your own order: it goes to your address. A reviewer will decide."),
}


def waits_until(line: Commission) -> datetime | None:
    """When what waits becomes available; None where it waits for no day, as what was refunded."""
    waits = line.state == Commission.State.PENDING and not _is_refunded(line)
    return line.available_at if waits else None


def own_receipt(user: Any, number: str) -> Attribution | None:
    """The attribution receipt of one of the referrer's own conversions."""
    return Attribution.objects.filter(referrer=user, order__number=number).select_related("order", "link").first()


def recommender(visitor: Any) -> str:
    """Display name behind a visitor's latest live click where the programme says so; '' otherwise. One query."""
    click = (
        Click.objects.filter(visitor=visitor, link__killed_at=None, at__lte=now())
        .select_related("link__owner")
        .order_by("-at", "-pk")
        .first()
    )
    return click.link.owner.display_name if click else ""


@dataclass(frozen=True)
class Touch:
    """A line of a receipt as a referrer may read it: other referrers stay nameless."""

    at: str
    text: str
    mine: bool
    verdict: str

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.at)


def receipt_lines(attribution: Attribution) -> list[Touch]:
    """The receipt's touches in words, for the referrer who was credited."""
    data = attribution.receipt
    return [
        Touch(touch["at"], str(KINDS[touch["kind"]]), touch["referrer"] == attribution.referrer_id, str(VERDICTS[verdict]))
        for touch, verdict in zip(data["touches"], data["decision"]["verdicts"], strict=True)
    ]


KINDS = {
    "coupon": gettext_lazy("a coupon"),
    "link": gettext_lazy("a link was followed"),
    "place": gettext_lazy("bought where somebody recommended it"),
    "binding": gettext_lazy("the buyer signed up through a link"),
}
VERDICTS = {
    "won": gettext_lazy("credited"),
    "outranked": gettext_lazy("another one counts more"),
    "too_old": gettext_lazy("outside of the window"),
    "later": gettext_lazy("after the order"),
    "no_agreement": gettext_lazy("no agreement in force, or the link was switched off"),
    "barred": gettext_lazy("staff and teachers of the course do not earn"),
    "own_account": gettext_lazy("the buyer's own link"),
    "not_a_new_customer": gettext_lazy("only new customers count"),
}
