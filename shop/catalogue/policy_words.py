"""A policy in plain words, as a buyer reads it before paying and later on the order."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from shop.catalogue.policies import WHOLE, Policy, Ruling


@dataclass(frozen=True)
class Promise:
    """Of the offers in `title`: `sentences` for the buyer."""

    title: str
    sentences: list[str]


def grouped(offers: Iterable[tuple[str, Policy, Collection[str]]]) -> list[Promise]:
    """Of (title, policy, kinds of its parts) each; what is promised alike is said once."""
    found: dict[tuple[str, ...], list[str]] = {}
    for title, policy, kinds in offers:
        said = promises(policy, seats="seat" in kinds, goods="stock" in kinds)
        found.setdefault(tuple(said), []).append(title)
    return [Promise(" · ".join(titles), list(said)) for said, titles in found.items()]


def promises(policy: Policy, *, seats: bool, goods: bool) -> list[str]:
    """One sentence a promise; `seats` and `goods` say what is bought."""
    found = [_cooling(policy)]
    if seats and policy.digital_consent:
        found.append(_("Opening a lesson ends that for the course: before you pay, you tick that you want to begin at once."))
    if seats and policy.opened:
        found.append(_by_lessons(policy))
    if goods:
        found += _of_goods(policy)
    return [*found, _("Whatever the law of your country gives you beyond this stays yours.")]


def _cooling(policy: Policy) -> str:
    if not policy.cooling_days:
        return _("Once it is paid, it does not come back for a change of mind.")
    return ngettext(
        "For %(days)s day after paying you can have everything back: tell us, no reason needed.",
        "For %(days)s days after paying you can have everything back: tell us, no reason needed.",
        policy.cooling_days,
    ) % {"days": policy.cooling_days}


def _by_lessons(policy: Policy) -> str:
    steps = "; ".join(
        _("up to %(opened)s %% opened, %(back)s %% comes back") % {"opened": limit, "back": back} for limit, back in policy.opened
    )
    text = _("Until %(days)s days after paying, the course's price comes back by the share of its lessons opened: %(steps)s.")
    return text % {"days": policy.opened_days, "steps": steps}


def _of_goods(policy: Policy) -> list[str]:
    found = []
    if policy.return_days and policy.kit_opened == WHOLE:
        text = ngettext(
            "The kit may come back within %(days)s day of delivery. Send back the kit alone and keep the course: its share of "
            "the price comes back to the cent.",
            "The kit may come back within %(days)s days of delivery. Send back the kit alone and keep the course: its share of "
            "the price comes back to the cent.",
            policy.return_days,
        )
        found.append(text % {"days": policy.return_days})
    elif policy.return_days:
        text = _(
            "The kit may come back within %(days)s days of delivery: unopened for its whole share of the price, opened for "
            "%(back)s %% of it. The course may stay yours."
        )
        found.append(text % {"days": policy.return_days, "back": policy.kit_opened})
    else:
        found.append(_("Once it is sent, the kit does not come back for a change of mind."))
    if policy.kit_kept:
        found.append(_("If you keep the kit, %(back)s %% of its share comes back.") % {"back": policy.kit_kept})
    if policy.delivery_back:
        found.append(_("If everything comes back in time, what you paid for delivery does, too."))
    else:
        found.append(_("What you paid for delivery comes back only if the parcel has not left."))
    return found


REASONS = {
    "cooling_off": gettext_noop("within %(cooling_days)s days of paying: everything"),
    "by_lessons": gettext_noop("%(opened)s of %(lessons)s lessons were opened: %(percent)s %% by the table"),
    "too_many_lessons": gettext_noop("%(opened)s of %(lessons)s lessons were opened, more than the table pays back"),
    "lessons_opened": gettext_noop(
        "the buyer wanted to begin at once and opened a lesson: that ended the days for a change of mind"
    ),
    "too_late": gettext_noop("the days for a change of mind are over"),
    "not_sent": gettext_noop("it has not left: all of it"),
    "kit_unopened": gettext_noop("it came back unopened: all of it"),
    "kit_opened": gettext_noop("it came back opened: %(percent)s %%"),
    "kit_kept": gettext_noop("it stays with the buyer: %(percent)s %%"),
    "event_cancelled": gettext_noop("the event was cancelled: everything"),
    "event_begun": gettext_noop("the event has begun: the seat was kept for the buyer"),
    "kit_too_late": gettext_noop("more than %(return_days)s days after delivery"),
}


def reason_of(ruling: Ruling, policy: Policy, *, opened: int = 0, lessons: int = 0) -> str:
    """Why this much comes back, for the owner."""
    facts = {"percent": ruling.percent, "opened": opened, "lessons": lessons, "cooling_days": policy.cooling_days}
    return _(REASONS[ruling.why]) % {**facts, "return_days": policy.return_days}
