"""What a teacher may promise referrers for an offer, within what the owner allows in the general programme."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kit.money import format_money, percent_text
from shop.referrals.models import ProgrammeVersion
from shop.referrals.rules import Rules


@dataclass(frozen=True)
class Limits:
    """`rates`: kind of component → basis points at most; `bonus`: currency → minor units an order at most, 0 where absent."""

    rates: dict[str, int]
    bonus: dict[str, int]

    def refusal(self, what: str, value: int, currency: str = "") -> str:
        """Why `value` (basis points for a kind; minor units for `bonus`) is too much, for the teacher; '' where it is not."""
        most = self.bonus.get(currency, 0) if what == "bonus" else self.rates.get(what, 0)
        if value <= most:
            return ""
        shown = format_money(most, currency) if what == "bonus" else percent_text(most)
        return _("The owner of this site allows %(most)s at most.") % {"most": shown}


def limits_now() -> Limits:
    """The owner's limits in force. One query."""
    found: dict[str, Any] = dict(general_rules().limits)
    bonus = found.pop("bonus", {})
    return Limits(found, bonus)


def general_rules() -> Rules:
    """The general programme's rules in force, which a new course starts from. One query."""
    newest = ProgrammeVersion.objects.filter(programme__offer=None).order_by("programme", "-number").first()
    return Rules.from_json(newest.rules) if newest else Rules()
