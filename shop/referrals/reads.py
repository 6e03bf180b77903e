"""What a referrer sees. Every read costs the same few queries, however many rows there are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.catalogue.models import Coupon
from shop.orders.models import OrderComponent
from shop.referrals.models import (
    Agreement,
    Attribution,
    Channel,
    Commission,
    Link,
    Programme,
    ProgrammeVersion,
    Suspicion,
)
from shop.referrals.replay import rate_of

# Each commission is a row of six cells: ten on a page, and the rest behind "Older".
PAGE, LINES = 30, 10


def links_of(user: Any) -> list[Link]:
    """The links that a referrer made, newest first. One query."""
    return list(Link.objects.filter(owner=user, note=None).order_by("-created_at", "-pk")[:PAGE])


def balances(user: Any) -> dict[str, dict[str, int]]:
    """currency → state → minor units. One query."""
    found: dict[str, dict[str, int]] = {}
    rows = Commission.objects.filter(payee=user).values("currency", "state").annotate(sum=Sum("amount")).order_by("currency")
    for row in rows:
        found.setdefault(row["currency"], {})[row["state"]] = row["sum"]
    return found


def commissions_of(user: Any, before: int | None = None) -> list[Commission]:
    """Lines newest first, LINES + 1 at most, with what explains them. One query."""
    rows = explained(Commission.objects.filter(payee=user))
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[: LINES + 1])


def explained(rows: QuerySet[Commission]) -> QuerySet[Commission]:
    """Lines with all that `reason` asks of them."""
    doubts = Suspicion.objects.filter(covers=OuterRef("attribution"), state=Suspicion.State.OPEN)
    return rows.select_related("attribution__order", "attribution__link", "component").annotate(is_suspected=Exists(doubts))


def reason(line: Commission) -> str:
    """Why one of the `explained` lines is in its state, in one plain sentence without the date."""
    if line.attribution.state == Attribution.State.HELD_SELF:
        return HELD_REASONS[line.attribution.receipt["decision"]["held"]]()
    if line.kind == Commission.Kind.ADJUSTMENT:
        return _("Corrected by hand: %(why)s") % {"why": line.note}
    if line.attribution.state == Attribution.State.REJECTED:
        return _("A reviewer decided that this order earns nothing.")
    if line.kind == Commission.Kind.REVERSAL:
        if _is_refunded(line):
            return _("The buyer got this money back, so nothing is earned on it.")
        return _("The buyer got part of this money back, so its share was taken back.")
    if line.state == Commission.State.PENDING and _is_refunded(line):
        return _("The buyer got this money back: it is taken back in a line of its own.")
    if line.state == Commission.State.FROZEN and line.is_suspected:  # type: ignore[attr-defined]
        return _("Something about these orders is being looked at. A reviewer will decide.")
    if line.state == Commission.State.FROZEN:
        return _("The buyer's bank is asking questions about this payment.")
    if line.state == Commission.State.PENDING and line.on_outcome and line.attribution.outcome_at is None:
        day = line.attribution.receipt["rules"]["vest_day"]
        return _("This part is yours once the student has done day %(day)s.") % {"day": day}
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
    "note": gettext_lazy("by a note"),
    "topic": gettext_lazy("bought in a topic"),
    "message": gettext_lazy("bought in a message"),
    "lesson": gettext_lazy("bought in a lesson"),
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


def parts_of(attribution: Attribution, exported: dict[str, Any]) -> list[tuple[str, int, int]]:
    """(title, rate in basis points, minor units earned) for each component of the order. One query."""
    titles = dict(OrderComponent.objects.filter(line__order=attribution.order_id).values_list("pk", "title"))
    rules, earned = attribution.receipt["rules"], exported["earned"]["parts"]
    return [
        (titles[part["id"]], rate_of(rules, part["kind"], part["offer"]), earned[str(part["id"])])
        for part in attribution.receipt.get("parts", [])
    ]


def version_of(pk: int) -> ProgrammeVersion:
    """A version of a programme's rules and text."""
    return ProgrammeVersion.objects.get(pk=pk)


def signed_by(user: Any, programme: Programme) -> Agreement | None:
    """The person's live agreement with this very programme, with its version."""
    return Agreement.objects.filter(user=user, programme=programme, ended_at=None).select_related("version").first()


def channels_of(user: Any) -> list[Channel]:
    """Registered channels, newest first. One query."""
    return list(Channel.objects.filter(user=user, ended_at=None).order_by("-pk")[:100])


def coupons_of(user: Any) -> list[Coupon]:
    """Coupons that credit this person, newest first. One query."""
    return list(Coupon.objects.filter(referrer=user).order_by("-pk")[:100])
