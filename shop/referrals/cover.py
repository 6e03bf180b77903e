"""What an agreement covers: without a live one that covers an offer's programme, a link to it earns zero."""

from collections.abc import Iterable

from shop.referrals.models import Agreement, Programme
from shop.referrals.rules import Rules, same_terms


def live_agreements(people: Iterable[int]) -> list[Agreement]:
    """Agreements in force of these people, with the rules that each accepted. One query."""
    rows = Agreement.objects.filter(user__in=list(people), ended_at=None)
    return list(rows.select_related("programme", "version"))


def covers(agreement: Agreement, programme: Programme, rules: Rules) -> bool:
    """Whether it covers a programme with these rules in force: its own; the general one's where the terms are the same."""
    if agreement.programme_id == programme.pk:
        return True
    is_general = agreement.programme.offer_id is None
    asks = programme.own_agreement or programme.joining != Programme.Joining.OPEN
    return is_general and not asks and same_terms(Rules.from_json(agreement.version.rules), rules)
