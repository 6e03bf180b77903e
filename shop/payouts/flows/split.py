"""Changing how an offer's revenue is shared: a new version, from now on."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import INSTRUCTOR
from kit import audit
from kit.clock import now
from kit.money import percent_text
from shop.catalogue.models import Offer
from shop.payouts.models import Split, SplitShare
from shop.payouts.reads.splits import first_shares
from shop.payouts.rules import WHOLE


class CannotShare(Exception):
    """These shares cannot be; the text is for the owner."""


@transaction.atomic
def change_split(*, offer: Offer, shares: Mapping[int | None, int], actor: Any) -> Split:
    """A new version: payee id (None: the yard) → basis points. Orders paid before keep theirs. The same again: no new one.

    Raises CannotShare where they do not sum to 100 %, or name somebody who does not teach.
    """
    wanted = {payee: points for payee, points in shares.items() if points}
    _check(wanted)
    lock_offers([offer.pk])
    former = Split.objects.filter(offer=offer).prefetch_related("shares").order_by("-number").first()
    before = _shares_of(former)
    if before == wanted:
        assert former is not None
        return former
    number = former.number + 1 if former else 1
    split = Split.objects.create(offer=offer, number=number, created_at=now(), created_by=actor)
    SplitShare.objects.bulk_create(SplitShare(split=split, payee_id=payee, basis_points=wanted[payee]) for payee in wanted)
    audit.record(
        actor=actor,
        action="offer.split",
        target=f"offer:{offer.pk}",
        before=_noted(before) if former else None,
        after=_noted(wanted),
    )
    return split


@transaction.atomic
def start_split(*, offer: Offer, teacher: User, actor: Any) -> Split | None:
    """The first shares of an offer that a teacher put up; None where it has shares already, or all stays with the yard."""
    lock_offers([offer.pk])
    shares = first_shares(teacher)
    if not shares or Split.objects.filter(offer=offer).exists():
        return None
    return change_split(offer=offer, shares=shares, actor=actor)


def lock_offers(offer_ids: list[int]) -> None:
    """Whoever changes shares and whoever settles by them wait for each other, so that `created_at` and `paid_at` tell
    which version counts: neither is decided before the other is committed."""
    list(Offer.objects.select_for_update(no_key=True).filter(pk__in=offer_ids).order_by("pk").values_list("pk"))


def _check(shares: Mapping[int | None, int]) -> None:
    if any(points < 0 for points in shares.values()) or sum(shares.values()) != WHOLE:
        text = _("The shares come to %(sum)s; together they must be 100 %%.")
        raise CannotShare(text % {"sum": percent_text(sum(shares.values()))})
    payees = {payee for payee in shares if payee is not None}
    teachers = User.objects.filter(pk__in=payees, is_active=True, groups__name=INSTRUCTOR).values_list("pk", flat=True)
    if payees - set(teachers):
        raise CannotShare(_("Shares go to teachers and to the yard."))


def _shares_of(split: Split | None) -> dict[int | None, int]:
    return {share.payee_id: share.basis_points for share in split.shares.all()} if split else {}


def _noted(shares: Mapping[int | None, int]) -> dict[str, int]:
    return {f"user:{payee}" if payee else "yard": points for payee, points in shares.items()}
