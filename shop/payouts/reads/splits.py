"""How offers are shared, for the owner."""

from collections.abc import Collection, Iterable

from django.conf import settings
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, When
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import INSTRUCTOR, OWNER, has_role, role_names
from shop.catalogue.models import Offer
from shop.payouts.models import Split
from shop.payouts.rules import WHOLE


def offers_by_title() -> QuerySet[Offer]:
    """All offers, those that are closed last."""
    return Offer.objects.order_by(Case(When(state=Offer.State.CLOSED, then=1), default=0), "title", "pk")


def shares_in_force(offer_ids: Collection[int]) -> dict[int, Split]:
    """Offer id → its newest version with shares and payees. Three queries."""
    newest = Split.objects.filter(offer=OuterRef("offer")).order_by("-number").values("pk")[:1]
    rows = Split.objects.filter(offer__in=offer_ids, pk=Subquery(newest)).prefetch_related("shares__payee")
    return {row.offer_id: row for row in rows}


def first_shares(teacher: User) -> dict[int | None, int]:
    """Payee id (None: the yard) → basis points of a teacher's new offer, by the setting; {} where all is the yard's."""
    points = settings.INSTRUCTOR_SHARE_PERCENT * (WHOLE // 100)
    earns = teacher.is_active and INSTRUCTOR in role_names(teacher) and not has_role(teacher, OWNER)
    return {payee: part for payee, part in ((teacher.pk, points), (None, WHOLE - points)) if part} if earns and points else {}


def versions_of(offer: Offer) -> list[Split]:
    """All versions of an offer's shares, newest first, with payees and who made them."""
    rows = Split.objects.filter(offer=offer).select_related("created_by").prefetch_related("shares__payee")
    return list(rows.order_by("-number"))


def points_of(split: Split) -> dict[int | None, int]:
    """Payee id (None: the yard) → basis points."""
    return {share.payee_id: share.basis_points for share in split.shares.all()}


def teachers(also: Iterable[int | None] = ()) -> list[User]:
    """Who may be given a share, and who has one, by name."""
    known = [payee for payee in also if payee is not None]
    people = User.objects.filter(Q(groups__name=INSTRUCTOR, is_active=True) | Q(pk__in=known)).distinct()
    return sorted(people.select_related("profile"), key=lambda user: (user.display_name, user.pk))


def names_of(shares: dict[int | None, int]) -> list[tuple[str, int]]:
    """(name, basis points), in the shares' order."""
    people = User.objects.in_bulk([payee for payee in shares if payee is not None])
    return [(people[payee].display_name if payee else _("The yard"), points) for payee, points in shares.items()]
